"""What can be wrong with menus and sections: dead ends, strays, and walks that no caller chose."""

from collections.abc import Iterator, Mapping

from ivr.callflow.conversation import LESSONS
from ivr.callflow.line import CHOICES, MAIN, Choice, Menu, Section
from ivr.callflow.witness import ASKED_ABOUT, FULL_CONSENT
from ivr.problems import Problem

PHRASES = frozenset(
    {
        *LESSONS,
        *FULL_CONSENT,
        *(f"question-{about}" for about in ASKED_ABOUT),
        *("choice", "choice-after", "digit", "language-choice", "more-languages"),
        *("language-not-ready", "wrong-languages"),
        *("essentials", "witness-number", "witness-hint", "to-languages", "now-title", "open-always"),
        *("now-more", "now-nothing", "silence-menu", "wrong-menu", "old-facts", "draft-language", "changed"),
        *("person-offer", "person-called", "person-nobody"),
        *("goodbye", "minute-left", "time-over", "apology", "missing", "apology-witness", "busy"),
        *(
            "witness-welcome",
            "consent",
            "consent-delete",
            "consent-brief",
            "consent-more",
            "speak-after-tone",
            "longest-soon",
            "record-full",
        ),
        *("recorded-thanks", "recorded-minutes", "recorded-under-a-minute", "heard-no-voice", "add-more"),
        *(
            "questions-offer",
            "question-how",
            "urgent-offer",
            "urgent-noted",
            "receipt-offer",
            "witness-goodbye",
        ),
        *(
            "have-receipt",
            "enter-receipt",
            "receipt-found",
            "receipt-wrong",
            "receipt-too-many",
            "receipt-busy",
        ),
        *("notice-cancelled", "notice-next", "notice-new-time"),
        *("studio-pin", "studio-pin-wrong", "studio-locked", "studio-menu", "studio-which", "studio-change"),
        *("studio-time", "studio-time-wrong", "studio-until", "studio-weekday", "studio-last-day"),
        *("studio-publish", "studio-published", "studio-not-published", "studio-none", "studio-end", "studio-ended"),
        *("language-name", "studio-menu-takes", "studio-published-words", "studio-words", "studio-record"),
        *("studio-keep", "studio-kept", "studio-not-kept", "studio-all-recorded"),
        *("studio-judge", "studio-good", "studio-bad", "studio-all-judged"),
        *("receipt-intro", "receipt-again", "receipt-later", "answer-follows", "no-answer-yet"),
    }
)


def check(menus: Mapping[str, Menu], sections: Mapping[str, Section], *, whole: bool = True) -> list[Problem]:
    """Return every mistake in how menus and sections lead to one another.

    Not `whole` is what some part is not known of: nobody can tell then what is never reached.
    """
    problems = [problem for menu in menus.values() for problem in _check_menu(menu, menus, sections)]
    if MAIN not in menus:
        problems.append(Problem(f"menus/{MAIN}.yaml", "", "is missing: the line begins at this menu, so write it."))
        return problems
    reached = _check_reached(menus, sections) if whole else ()
    return [*problems, *reached, *_check_walks(sections)]


def _check_menu(menu: Menu, menus: Mapping[str, Menu], sections: Mapping[str, Section]) -> Iterator[Problem]:
    file = f"menus/{menu.id}.yaml"
    if not menu.choices:
        yield Problem(file, "choices", "is empty: give the caller at least one key.")
    for key, choice in menu.choices.items():
        path = f"choices.{key}"
        if key not in CHOICES:
            yield Problem(file, path, "is not a key for a choice: use 1 to 6, the other keys mean the same everywhere.")
        if sum((bool(choice.section), bool(choice.menu), choice.now)) != 1:
            yield Problem(file, path, "must lead to exactly one of section, menu or now: keep one of them.")
        if choice.section and choice.section not in sections:
            yield Problem(file, path, f"leads nowhere: there is no leaflet/{choice.section}.yaml; mend the name.")
        if choice.menu and choice.menu not in menus:
            yield Problem(file, path, f"leads nowhere: there is no menus/{choice.menu}.yaml; mend the name.")


def _check_reached(menus: Mapping[str, Menu], sections: Mapping[str, Section]) -> Iterator[Problem]:
    reached_menus, reached_sections = {MAIN}, set[str]()
    waiting = [MAIN]
    while waiting:
        for choice in menus[waiting.pop()].choices.values():
            reached_sections.update(_followers(choice, sections))
            if choice.menu in menus and choice.menu not in reached_menus:
                reached_menus.add(choice.menu)
                waiting.append(choice.menu)
    for menu in sorted(menus.keys() - reached_menus):
        yield Problem(f"menus/{menu}.yaml", "", "is never reached: name it in a menu, or remove it.")
    for section in sorted(sections.keys() - reached_sections):
        yield Problem(f"leaflet/{section}.yaml", "", "is never reached: name it in a menu, or remove it.")


def _followers(choice: Choice, sections: Mapping[str, Section]) -> list[str]:
    """Return the section of a choice and all that follow it by `then`."""
    found: list[str] = []
    section = choice.section
    while section in sections and section not in found:
        found.append(section)
        section = sections[section].then
    return found


def _check_walks(sections: Mapping[str, Section]) -> Iterator[Problem]:
    for section in sections.values():
        file = f"leaflet/{section.id}.yaml"
        if section.then and section.then not in sections:
            yield Problem(file, "then", f"leads nowhere: there is no leaflet/{section.then}.yaml; mend the name.")
        walk = _followers(Choice(section=section.then), sections)
        if section.id in walk:
            yield Problem(file, "then", "goes round for ever without a key: take `then` away from one section.")
