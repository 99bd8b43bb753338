"""The facts against the leaflet itself: each stands there as the line says it, and no figure of it is left out."""

import re

import pytest

from ivr.content.load import load
from ivr.settings import CHECKOUT

LEAFLET = " ".join((CHECKOUT / "tests/content/leaflet.txt").read_text(encoding="utf-8").split())
FACTS = load(CHECKOUT / "content")[0].facts
ADDED = {"emergency-number", "w2eu"}  # not of the leaflet: facts.yaml says so
WORDS = {"a": 1, "one": 1, "once": 1, "two": 2, "three": 3, "four": 4}
QUOTES = {  # figures and hours: the leaflet's words
    "evening-meal": "Salam (everyday at 6pm)",
    "noon-meal": "at 1pm and 6pm",
    "breakfast": "a breakfast is served at 10am",
    "marmite-hour": "various activities - Food distribution place, 1pm",
    "pass-opens": "from 2pm to 6pm",
    "pass-closes": "from 2pm to 6pm",
    "clothes-weeks": "Every two saturdays",
    "great-cold-degrees": "temperatures are below 0° all day long",
    "internet-euros": "at a cost of 1€ per hour",
    "meal-associations": "Three associations are relaying one another",
    "medical-help-euros": "pay a tax of 30€ per year",
    "medical-help-months": "in France for more than three months",
    "custody-hours": "at the police station for 24h, renewable one time",
    "detention-appeal-hours": "you have 48h to seize the administrative tribunal",
    "detention-days": "first be placed there for 5 days",
    "detention-more-days": "kept there for 20 more days, renewable once",
    "identity-check-hours": "lasting up to four hours, tops",
    "solidarity-fine-euros": "a fine of 30 000 €",
    "solidarity-prison-years": "punishable with 5 years of jail",
    "answer-longest-years": "6 months to 1 year",
    "answer-shortest-months": "6 months to 1 year",
    "asylum-permit-months": "a title to stay for three months, that will be renewed",
    "cnda-months": "in the month that follows the OFPRA response",
    "dublin-answer-longest-months": "generally take 2 to 3 months",
    "dublin-answer-shortest-months": "generally take 2 to 3 months",
    "dublin-transfer-months": "does not send you back in the next 6 months",
    "fast-track-days": "only have 15 days to send your asylum claim file",
    "leave-months": "within a month's time",
    "ofpra-weeks": "three weeks to send OFPRA your asylum claim file",
    "refugee-permit-years": "refugee status (10 year title to stay)",
    "subsidiary-permit-years": "subsidiary protection (1 year title to stay)",
    "work-years": "takes more than a year, you may ask for an authorization to work",
    "lille-homes": "created two reception foyers",
    "school-from-years": "between 6 and 16 years old",
    "school-to-years": "between 6 and 16 years old",
    "associations-years": "some for more than 15 years",
    "calais-and-around-people": "100 000 including neighbouring communes",
    "calais-people": "75 000 inhabitants",
    "great-destruction-year": "In 2009, a great increase",
    "marmite-year": "created in autumn of 2009",
    "refugees-years": "for 20 years",
    "sangatte-closed-year": "In 2002, the government changes and shuts down the Sangatte center",
    "sangatte-opened-year": "In 1999, a reception center",
    "sangatte-years": "several thousands of people in three years",
}
IN_OTHER_WORDS = {  # names as the leaflet spells them
    "welcome-to-europe": "Welcome 2 Europe",
    "salam-nord": "SALAM Nord/Pas-de-Calais",
    "coubertin-school": "Coubertin High School",
    "france-terre-d-asile-address": "67 rue des quatre coins",
    "couverture-maladie-universelle": "Couverture Maladie Universelle",
    "vestiaire": "Le Vestiaire",
    "defenseur-address": "7 rue Saint-Florentin 74008 Paris",
    "ordre-de-malte": "l'Ordre de Malte",
}
NUMBERED = re.compile(r"^\d\.(\d\b)?", re.MULTILINE)  # headings


@pytest.mark.parametrize("name", QUOTES)
def test_a_figure_is_that_of_the_leaflet(name: str) -> None:
    quote, value = QUOTES[name], FACTS[name].value
    assert quote in LEAFLET
    plain = re.sub(r"(?<=\d) (?=\d{3}\b)", "", quote).lower()
    found = {int(figure) for figure in re.findall(r"\d+", plain)} | {
        WORDS[word] for word in re.findall(r"[a-z]+", plain) if word in WORDS
    }
    afternoon = {12 + hour for hour in found} if "pm" in plain else set()
    month = {1} if "in the month" in plain else set()
    wanted = int(str(value).partition(":")[0])
    assert wanted in found | afternoon | month


@pytest.mark.parametrize("name", sorted(FACTS.keys() - QUOTES.keys() - ADDED))
def test_a_name_a_number_or_an_address_stands_in_the_leaflet(name: str) -> None:
    assert IN_OTHER_WORDS.get(name, str(FACTS[name].value)).lower() in LEAFLET.lower()


def test_no_figure_of_the_leaflet_is_left_out() -> None:
    said = [*QUOTES.values(), *IN_OTHER_WORDS.values(), *(str(fact.value) for fact in FACTS.values())]
    figures = {figure for text in said for figure in re.findall(r"\d+", text)}
    raw = (CHECKOUT / "tests/content/leaflet.txt").read_text(encoding="utf-8")
    assert set(re.findall(r"\d+", NUMBERED.sub("", raw))) - figures == set()
