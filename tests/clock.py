"""A clock that stands still until a test sets it."""

from typing import Generic, TypeVar

_T = TypeVar("_T")


class Clock(Generic[_T]):
    """Tells `now`: seconds, or a time of day."""

    def __init__(self, now: _T) -> None:
        self.now = now

    def __call__(self) -> _T:
        return self.now
