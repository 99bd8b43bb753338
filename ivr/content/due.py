"""What somebody has to confirm: sections and services that nobody checked, or that were checked too long ago."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ivr.content.models import Content, SectionFile, ServiceFile


@dataclass(frozen=True)
class Due:
    """A file of the content, and the day on which it was last confirmed; None: never."""

    file: str
    checked: date | None


def is_old(one: SectionFile | ServiceFile, old_before: date) -> bool:
    """Tell whether callers must be told that this may have changed."""
    return not isinstance(one.checked, date) or one.checked < old_before


def due(content: Content, old_before: date) -> Iterator[Due]:
    """Yield every section and service that was never confirmed, or last before a day."""
    files: dict[str, SectionFile | ServiceFile] = {
        **{f"leaflet/{name}.yaml": one for name, one in content.sections.items()},
        **{f"services/{name}.yaml": one for name, one in content.services.items()},
    }
    for file, one in sorted(files.items()):
        if is_old(one, old_before):
            yield Due(file, one.checked if isinstance(one.checked, date) else None)


def told(all_due: list[Due]) -> Iterator[str]:
    """Yield one sentence for each file with a day, and one for all that were never confirmed."""
    for one in all_due:
        if one.checked:
            yield f"{one.file}: was last confirmed on {one.checked}: ask again, and write the day in `checked`."
    if never := [one.file.removesuffix(".yaml") for one in all_due if not one.checked]:
        yield f"{len(never)} files were never confirmed: {', '.join(never)}."
