"""Asterisk's own files, filled in: every @WORD@ in `asterisk-conf/` becomes a setting of this machine."""

import re
from collections.abc import Mapping
from pathlib import Path

from ivr.problems import ToMend

WORD = re.compile(r"@([A-Z][A-Z_]*)@")


class ConfigurationFailed(ToMend):
    """Asterisk's files cannot be written; the sentence says what to change."""


def configure(templates: Path, folder: Path, words: Mapping[str, str | int | Path]) -> None:
    """Write every `*.conf` of `templates` into `folder`, with each `@WORD@` replaced by `words["WORD"]`.

    Files of an earlier time that have no template any more are removed. Raises ConfigurationFailed for a
    word that is unknown, that no file asks for, or that would break out of its line.
    """
    asked: set[str] = set()
    folder.mkdir(parents=True, exist_ok=True)
    written = set()
    for template in sorted(templates.glob("*.conf")):
        text = template.read_text(encoding="utf-8")
        asked.update(WORD.findall(text))
        target = folder / template.name
        target.write_text(_filled(text, template, words), encoding="utf-8")
        written.add(target)
    if not written:
        raise ConfigurationFailed(f"{templates} holds no .conf file: name the folder `asterisk-conf` of the checkout.")
    if unasked := sorted(words.keys() - asked):
        raise ConfigurationFailed(f"No file in {templates} asks for {', '.join(unasked)}: remove the word or use it.")
    for old in set(folder.glob("*.conf")) - written:
        old.unlink()


def _filled(text: str, template: Path, words: Mapping[str, str | int | Path]) -> str:
    def word(match: re.Match[str]) -> str:
        name = match[1]
        if name not in words:
            raise ConfigurationFailed(
                f"{template}: @{name}@ is unknown; the known words are {', '.join(sorted(words))}."
            )
        return _harmless(name, str(words[name]))

    return WORD.sub(word, text)


def _harmless(name: str, value: str) -> str:
    """Refuse what Asterisk would read as more than one value: its files are lines, `;` begins a comment."""
    if re.search(r'[\n\r\0;"\[\]$,]', value):
        raise ConfigurationFailed(f"{name} is {value!r}: Asterisk's files cannot hold this; choose plain letters.")
    return value
