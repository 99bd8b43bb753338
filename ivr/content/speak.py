"""Facts said aloud: numbers, hours, telephone numbers and names, in the words of one language."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from ivr.content.models import Fact, Lexicon

PLACEHOLDER = re.compile(r"\{([a-z0-9.-]+)\}")
NOON, MIDNIGHT = 12, 0
OF_AN_HOUR = frozenset({"hour", "hour24", "hour-from-sunrise", "minutes"})
UNBROKEN = 3  # digits: 112 is said in one breath
PERIODS = ((5, "night"), (12, "morning"), (18, "afternoon"), (21, "evening"), (24, "night"))


class CannotSay(ValueError):
    """A text holds something that this language has no words for; the sentence says what to add."""


def number(value: int, lexicon: Lexicon) -> str:
    """Return a number in words; raise `CannotSay` where the lexicon lacks it."""
    try:
        return lexicon.numbers[value]
    except KeyError:
        raise CannotSay(f"the lexicon has no word for the number {value}: add it under `numbers`.") from None


def telephone(digits: str, lexicon: Lexicon) -> str:
    """Return a telephone number digit by digit, with a pause after each pair of a long one.

    One of three digits is said as a number where the lexicon has it: French says "cent douze" for 112.
    """
    plain = re.sub(r"\D", "", digits)
    if len(plain) == UNBROKEN and plain[0] != "0" and int(plain) in lexicon.numbers:
        return number(int(plain), lexicon)
    if len(plain) <= UNBROKEN:
        return " ".join(number(int(digit), lexicon) for digit in plain)
    pairs = [plain[start : start + 2] for start in range(0, len(plain), 2)]
    return ", ".join(" ".join(number(int(digit), lexicon) for digit in pair) for pair in pairs)


def period(hour: int) -> str:
    """Return the part of the day that an hour belongs to, as the phrases `hour-…` name it."""
    if hour == NOON:
        return "noon"
    if hour == MIDNIGHT:
        return "midnight"
    return next(name for end, name in PERIODS if hour < end)


def hour(clock: str, lexicon: Lexicon, phrase: Callable[[str], str]) -> str:
    """Return `18:30` as this language says it; `phrase` gives its sentence for `hour-evening` and the like.

    The sentence may use {hour} (1 to 12), {hour24} (0 to 23), {hour-from-sunrise} (the Ethiopian clock's)
    and {minutes}; the phrases with minutes end in `-minutes`.
    """
    hours, minutes = (int(part) for part in clock.split(":"))
    sentence = phrase(f"hour-{period(hours)}-minutes" if minutes else f"hour-{period(hours)}")
    counted = {
        "hour": (hours - 1) % 12 + 1,
        "hour24": hours,
        "hour-from-sunrise": (hours - 7) % 12 + 1,
        "minutes": minutes,
    }

    def words(found: re.Match[str]) -> str:
        if found[1] not in counted:
            raise CannotSay(f"holds {found[0]}, which no hour has: mend it.")
        value = counted[found[1]]
        own = lexicon.hours.get(value) if found[1] != "minutes" else None
        return own or number(value, lexicon)

    return PLACEHOLDER.sub(words, sentence)


def pronounce(text: str, names: Mapping[str, str]) -> str:
    """Return the text with every name of the lexicon as the voice should read it; the longest name wins."""
    if not names:
        return text
    return _placeholder_or_one_of(tuple(names)).sub(lambda found: names.get(found[0], found[0]), text)


@lru_cache(maxsize=64)
def _placeholder_or_one_of(names: tuple[str, ...]) -> re.Pattern[str]:
    every = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"{{[^}}]*}}|(?<!\w)(?:{every})(?!\w)")


def fact(one: Fact, lexicon: Lexicon, phrase: Callable[[str], str]) -> str:
    """Return what is said for a fact."""
    value = str(one.value)
    if one.kind == "number":
        return number(int(value), lexicon)
    if one.kind == "telephone":
        return telephone(value, lexicon)
    if one.kind == "hour":
        return hour(value, lexicon, phrase)
    return pronounce(value, lexicon.names)
