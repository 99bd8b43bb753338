"""What is to be spoken: a module of its own, for those who speak need nothing else of the content."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Utterance:
    """A clip to be spoken: `text` for a reader, `speech` for an engine; `slow` where people write it down.

    It is `fuzzy` where the English of anything in it has changed since it was translated.
    """

    language: str
    id: str
    text: str
    speech: str
    slow: bool = False
    fuzzy: bool = False
