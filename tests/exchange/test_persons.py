"""What Asterisk is given of a rota: an extension for each exact number, and nothing without one."""

import re
from pathlib import Path

from ivr.content.rota import rota_of
from ivr.exchange import persons
from tests.content.test_rota import SOUND, written


def test_each_number_is_an_extension_of_its_own_and_no_pattern(tmp_path: Path) -> None:
    persons.write(tmp_path, rota_of(written(tmp_path, SOUND)), 0)
    told = (tmp_path / persons.DIALPLAN).read_text()
    extensions = [line.partition(",")[0] for line in told.splitlines() if line.startswith("exten")]
    assert extensions == ["exten = +33711111111", "exten = 33722222222"]
    assert re.findall(r"Dial\(.*\)", told) == [
        "Dial(PJSIP/+33711111111@provider,${ARG1},gL(${ARG2}))",
        "Dial(PJSIP/33722222222@provider,${ARG1},gL(${ARG2}))",
    ]
    assert "app_dial.so" in (tmp_path / persons.MODULES).read_text()


def test_what_an_earlier_rota_left_is_gone_with_it(tmp_path: Path) -> None:
    persons.write(tmp_path, rota_of(written(tmp_path, SOUND)), 0)
    persons.write(tmp_path, None, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["rota.yaml"]
