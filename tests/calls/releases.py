"""Releases without sound: what a server needs to tell a story, made in a moment."""

from dataclasses import replace
from pathlib import Path

from ivr.callflow.line import Line
from ivr.content import plan
from ivr.content.services import OpenNow
from tests.callflow.telling import small_line


def publish(folder: Path, name: str, line: Line | str | None = None) -> None:
    """Make a release live; `line` may be any text in place of a line."""
    path = folder / "releases" / name
    path.mkdir(parents=True)
    text = line if isinstance(line, str) else plan.to_json(replace(line or small_line(), open_now=OpenNow({})))
    (path / "line.json").write_text(text)
    switch(folder, name)


def switch(folder: Path, name: str) -> None:
    new = folder / "next"
    new.symlink_to(Path("releases") / name)
    new.rename(folder / "current")
