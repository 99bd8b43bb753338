"""The two files by which the line calls somebody: a mistake in them keeps no caller from the line."""

from pathlib import Path

import pytest

from ivr import dialling
from ivr.settings import Settings
from tests.content.test_rota import SOUND, written


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("IVR_ROTA", str(tmp_path / "rota.yaml"))
    monkeypatch.setenv("IVR_CALL_BACK", str(tmp_path / "call_back.yaml"))
    return Settings()


def test_with_a_mistake_in_either_file_the_line_calls_nobody_and_says_so(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    written(tmp_path, "trunk: [")
    assert (dialling.people(settings), dialling.rota(settings), dialling.back(settings)) == (None, None, None)
    told = [record.getMessage() for record in caplog.records]
    assert [sentence.partition(": ")[0] for sentence in told] == [str(settings.rota)] * 2 + [str(settings.call_back)]
    assert all("calls nobody by this file" in sentence for sentence in told)


def test_a_sound_rota_is_called_whatever_the_other_file_says(settings: Settings, tmp_path: Path) -> None:
    written(tmp_path, SOUND)
    called = dialling.people(settings)
    assert called
    assert dialling.back(settings) is None
