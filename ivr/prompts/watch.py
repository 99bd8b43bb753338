"""Waits for what people save."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from watchfiles import watch

LOOK_EVERY = 500  # milliseconds, in which Ctrl-C is seen
AT_ONCE = 50  # milliseconds: what is saved within them is one change


def saves(folders: Sequence[Path]) -> Iterator[None]:
    """Yield as soon as all folders are watched, then after each change, until Ctrl-C.

    What changes while the one before is dealt with comes next. A folder that is not there is not watched.
    """
    there = [folder for folder in folders if folder.is_dir()]
    begun = False
    looks = watch(*there, step=AT_ONCE, rust_timeout=LOOK_EVERY, yield_on_timeout=True, raise_interrupt=False)
    for changes in looks:
        if changes or not begun:
            begun = True
            yield
