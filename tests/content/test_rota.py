"""The rota: who may be called when, and one sentence for each mistake in it."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.content.rota import RotaBroken, rota_of

PARIS = ZoneInfo("Europe/Paris")
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=PARIS)
SOUND = """
trunk: provider
sections:
  meals:
    - {number: "+33711111111", hours: "Mo-Fr 09:00-13:00"}
    - {number: "33722222222"}
  rights: [{number: "33722222222", rings: 40}]
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "rota.yaml"
    file.write_text(text)
    return file


def test_those_on_duty_come_in_their_order_and_others_not(tmp_path: Path) -> None:
    rota = rota_of(written(tmp_path, SOUND))
    assert [one.number for one in rota.now("meals", MONDAY_NOON)] == ["+33711111111", "33722222222"]
    assert [one.number for one in rota.now("meals", MONDAY_NOON.replace(hour=14))] == ["33722222222"]
    assert rota.now("clothes", MONDAY_NOON) == ()


def test_nothing_may_be_dialled_but_the_numbers_of_the_rota(tmp_path: Path) -> None:
    assert sorted(rota_of(written(tmp_path, SOUND)).people) == ["+33711111111", "33722222222"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("+33711111111", "0711X", "sections.meals.0.number: String should match pattern"),
        ("+33711111111", "1,2)", "sections.meals.0.number: String should match pattern"),
        ("Mo-Fr 09:00-13:00", "at noon", "sections.meals.0.hours: are no hours: write them like Mo-Fr 14:00-18:00."),
        ("rings: 40", "rings: 90", "sections.rights.0.rings: Input should be less than or equal to 60"),
        ("trunk: provider", "trunk: a/b", "trunk: String should match pattern"),
        ("trunk: provider", "trunk: provider\nminutes: 600", "minutes: Input should be less than or equal to 60"),
        ("trunk: provider", "trunk: [", "is not YAML"),
        ("trunk: provider", "who: alice", "Field required"),
        ('"+33711111111"', "+33711111111", "number: Input should be a valid string: write it in quotation marks."),
        (SOUND, "[provider]", "rota.yaml: Input should be a valid dictionary"),
    ],
)
def test_a_mistake_in_the_rota_is_one_sentence_with_its_place(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(RotaBroken) as broken:
        rota_of(written(tmp_path, SOUND.replace(old, new, 1)))
    assert str(broken.value).startswith(f"{tmp_path}/rota.yaml: ")
    assert says in str(broken.value)
    assert "\n" not in str(broken.value)


def test_a_rota_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RotaBroken, match=r"rota\.yaml: cannot be read"):
        rota_of(tmp_path / "rota.yaml")
