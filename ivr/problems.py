"""One mistake that a person can mend: in which file, at which place, and a sentence that says what to do."""

from dataclasses import dataclass


class ToMend(Exception):
    """Something that a person can put right; its sentence says what and how, so no traceback is shown."""


@dataclass(frozen=True, order=True)
class Problem:
    """A mistake in what people write; `file` is relative to the content folder, `path` like `choices.2`."""

    file: str
    path: str
    sentence: str

    def __str__(self) -> str:
        """Return the one line that the volunteer reads."""
        place = f"{self.file}: {self.path}" if self.path else self.file
        return f"{place}: {self.sentence}"
