"""What Asterisk is given of a rota: an extension for each exact number, and nothing without one."""

from pathlib import Path

from ivr.content.rota import rota_of
from ivr.exchange import persons
from tests.content.test_rota import SOUND, written


def test_each_number_is_an_extension_of_its_own_and_no_pattern(tmp_path: Path) -> None:
    persons.write(tmp_path, rota_of(written(tmp_path, SOUND)))
    told = (tmp_path / persons.DIALPLAN).read_text()
    extensions = [line for line in told.splitlines() if line.startswith("exten")]
    assert extensions == [
        "exten = +33711111111,1,Dial(PJSIP/+33711111111@provider,${ARG1},gL(${ARG2}))",
        "exten = 33722222222,1,Dial(PJSIP/33722222222@provider,${ARG1},gL(${ARG2}))",
    ]
    assert "app_dial.so" in (tmp_path / persons.MODULES).read_text()


def test_what_an_earlier_rota_left_is_gone_with_it(tmp_path: Path) -> None:
    persons.write(tmp_path, rota_of(written(tmp_path, SOUND)))
    persons.write(tmp_path, None)
    assert [path.name for path in tmp_path.iterdir()] == ["rota.yaml"]
