"""Translators' files: English sentences with notes, merged by the clip's id, never by similarity."""

from datetime import UTC, datetime
from pathlib import Path

import polib

from ivr.content.models import Content, LanguageEntry
from ivr.content.words import SOURCE, meant_for, sources

DRAFT = "A draft that no native speaker has reviewed."
_STATE = ("native speaker", "Reviewed by ")  # the header's lines on who has read it


def merge(content: Content, folder: Path) -> dict[str, tuple[int, int, int]]:
    """Bring every language's PO file up to the English; return new, changed and gone entries of each.

    A sentence whose English changed keeps its translation, marked fuzzy; one that is gone stays as obsolete.
    """
    done = {}
    for language in content.languages:
        if language.code != SOURCE:
            done[language.code] = _merge_one(content, language, folder / f"{language.code}.po")
    return done


def _merge_one(content: Content, language: LanguageEntry, path: Path) -> tuple[int, int, int]:
    old = polib.pofile(str(path), wrapwidth=100) if path.exists() else polib.POFile(wrapwidth=100)
    known = {entry.msgctxt: entry for entry in old}
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.header = _header(language, old.header)
    catalogue.metadata = old.metadata or _metadata(language)
    new = changed = 0
    notes = _notes(content)
    for context, english in sources(content).items():
        if context in content.phrases and not meant_for(content.phrases[context], language.code):
            continue
        before = known.pop(context, None)
        entry = polib.POEntry(msgctxt=context, msgid=english, comment=notes.get(context, ""))
        new += before is None
        if before is not None:
            entry.msgstr, entry.tcomment = before.msgstr, before.tcomment
            stale = before.msgid != english and bool(before.msgstr)
            changed += stale
            entry.flags = ["fuzzy"] if stale or before.fuzzy else []
        catalogue.append(entry)
    gone = [entry for entry in known.values() if entry.msgstr]
    for entry in gone:
        entry.obsolete = True
        catalogue.append(entry)
    catalogue.save(str(path))
    return new, changed, len(gone)


def _header(language: LanguageEntry, before: str) -> str:
    """Return the header, which says who reviewed the translation, or that it is a draft."""
    if DRAFT in before and not language.reviewed:
        return before
    state = f"Reviewed by {language.reviewer} on {language.reviewed}." if language.reviewed else DRAFT
    kept = [line for line in before.splitlines() if not any(sign in line for sign in _STATE)]
    return "\n".join([f"{language.name} for the Calais Line. {state}", *kept])


def _notes(content: Content) -> dict[str, str]:
    notes = {name: phrase.note for name, phrase in content.phrases.items()}
    for name, section in content.sections.items():
        notes[f"{name}.title"] = "A choice of a menu: a few words, no full stop."
        notes |= {f"{name}.{clip.id}": clip.note for clip in section.clips}
    notes |= {f"service.{name}": "Followed by when it is open." for name in content.services}
    return notes | {f"{name}.menu": "A choice of a menu: a few words, no full stop." for name in content.menus}


def _metadata(language: LanguageEntry) -> dict[str, str]:
    return {
        "Project-Id-Version": "calais-line",
        "Language": language.code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "PO-Revision-Date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M+0000"),
    }
