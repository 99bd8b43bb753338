"""Every sentence of the line in one language, with its facts filled in: as it is read and as it is spoken."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from ivr.callflow.line import MAIN, Choice
from ivr.content import speak
from ivr.content.models import Content, Fact, FixedPhrase, LanguageEntry, Lexicon, Sentence
from ivr.content.services import SAID_WITH_AN_HOUR, spoken_hours
from ivr.content.utterance import Utterance

SOURCE = "en"
WITNESS_NUMBER = "witness-number"
MOST_MINUTES = 20
_COMPOSED = (
    "choice",
    "digit",
    "recorded-minutes",
    "hour-",
    "now-title",
    "open-until",
    "open-began",
    "at-hour",
)


@dataclass(frozen=True)
class Missing:
    """A clip that a language cannot say yet: `id` of the sentence to write, and what to do."""

    language: str
    id: str
    sentence: str


@dataclass(frozen=True)
class _Wanted:
    clip: str
    sentence: str
    values: Mapping[str, Fact]
    slow: bool = False
    title: str = ""  # the sentence that stands in `values` as the title of a choice


def sources(content: Content) -> dict[str, str]:
    """Return every English sentence that is translated, by its msgctxt."""
    found = {name: phrase.says for name, phrase in content.phrases.items()}
    for name, section in content.sections.items():
        found[f"{name}.title"] = section.title
        found |= {f"{name}.{clip.id}": clip.says for clip in section.clips}
    found |= {f"service.{name}": service.says for name, service in content.services.items()}
    return found | {f"{name}.menu": menu.title for name, menu in content.menus.items()}


def meant_for(phrase: FixedPhrase, language: str) -> bool:
    """Tell whether a language needs a fixed sentence."""
    return not phrase.languages or language in phrase.languages


def unsaid(sentence: str, facts: Container[str]) -> bool:
    """Tell whether a sentence is left out because this line has no number for witnesses."""
    return f"{{{WITNESS_NUMBER}}}" in sentence and WITNESS_NUMBER not in facts


class Speaker:
    """Says the whole content in one language."""

    def __init__(self, content: Content, language: LanguageEntry, witness_number: str = "") -> None:
        self._facts = dict(content.facts)
        if witness_number:
            self._facts[WITNESS_NUMBER] = Fact(kind="telephone", value=witness_number)
        self._content = content
        self._language = language
        self._lexicon = content.lexicons.get(language.code, Lexicon())
        self._sources = sources(content)
        self._sentences = content.translations.get(language.code, {})
        if language.code == SOURCE:
            self._sentences = {name: Sentence(text) for name, text in self._sources.items()}

    def all(self) -> tuple[list[Utterance], list[Missing]]:
        """Return every clip that can be said, and what is missing for the others."""
        said: list[Utterance] = []
        missing: list[Missing] = []
        for wanted in self._wanted():
            if unsaid(self._sources.get(wanted.sentence, ""), self._facts):
                continue
            try:
                said.append(self._say(wanted))
            except speak.CannotSay as error:
                missing.append(Missing(self._language.code, wanted.sentence, str(error)))
        return said, missing

    def _sentence(self, name: str) -> str:
        if name not in self._sources:
            raise speak.CannotSay(f"there is no sentence {name!r}: write it in phrases.yaml.")
        if name not in self._sentences:
            raise speak.CannotSay("is not translated yet.")
        return self._sentences[name].text

    def _say(self, wanted: _Wanted) -> Utterance:
        used = {wanted.title} if wanted.title else set[str]()

        def sentence(name: str) -> str:
            used.add(name)
            return self._sentence(name)

        template = sentence(wanted.sentence)
        facts = {name: self._fact(name, wanted.values) for name in speak.PLACEHOLDER.findall(template)}
        text = speak.PLACEHOLDER.sub(lambda found: str(facts[found[1]].value), template)
        if set("{}") & set(text):
            raise speak.CannotSay("holds { or } that is no placeholder: write the id of a fact in small letters.")
        speech = speak.PLACEHOLDER.sub(
            lambda found: speak.fact(facts[found[1]], self._lexicon, sentence),
            speak.pronounce(template, self._lexicon.names),
        )
        fuzzy = any(self._sentences[name].fuzzy for name in used)
        return Utterance(self._language.code, wanted.clip, text, speech, wanted.slow, fuzzy)

    def _fact(self, name: str, values: Mapping[str, Fact]) -> Fact:
        if name not in values and name not in self._facts:
            raise speak.CannotSay(f"names {{{name}}}, which facts.yaml lacks: mend the name, or add the fact.")
        return values.get(name) or self._facts[name]

    def _wanted(self) -> Iterator[_Wanted]:
        for name, phrase in self._content.phrases.items():
            if not name.startswith(_COMPOSED) and meant_for(phrase, self._language.code):
                yield _Wanted(name, name, self._own_values(name))
        for digit in range(10):
            yield _Wanted(f"digit.{digit}", "digit", {"digit": Fact(kind="number", value=digit)}, slow=True)
        for minutes in range(1, MOST_MINUTES + 1):
            value = Fact(kind="number", value=minutes)
            yield _Wanted(f"recorded-minutes.{minutes}", "recorded-minutes", {"minutes": value})
        yield from self._open_now()
        for name, menu in self._content.menus.items():
            first = name == MAIN  # who has heard one choice knows that keys are pressed
            for key, choice in menu.choices.items():
                yield self._choice(f"{name}.{key}", key, choice, "choice" if first else "choice-after")
                first = False
        for name, section in self._content.sections.items():
            for clip in section.clips:
                yield _Wanted(f"{name}.{clip.id}", f"{name}.{clip.id}", {}, slow=clip.write_down)

    def _open_now(self) -> Iterator[_Wanted]:
        for name in self._content.services:
            yield _Wanted(f"service.{name}", f"service.{name}", {})
        for hour in spoken_hours(self._content.services.values()):
            value = {"hour": Fact(kind="hour", value=hour)}
            for said, phrase in SAID_WITH_AN_HOUR.items():
                yield _Wanted(f"{said}.{hour.replace(':', '-')}", phrase, value)

    def _own_values(self, phrase: str) -> Mapping[str, Fact]:
        key = {"language-choice": self._language.key[-1], "more-languages": "0"}.get(phrase, self._language.key)
        return {
            "language": Fact(kind="name", value=self._language.name),
            "key": Fact(kind="telephone", value=key),
        }

    def _choice(self, clip: str, key: str, choice: Choice, phrase: str) -> _Wanted:
        title = f"{choice.section}.title" if choice.section else f"{choice.menu}.menu" if choice.menu else "now-title"
        if title not in self._sentences:
            return _Wanted(clip, title, {})
        named = Fact(kind="name", value=self._sentences[title].text)
        return _Wanted(clip, phrase, {"title": named, "key": Fact(kind="telephone", value=key)}, title=title)
