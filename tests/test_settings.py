"""Settings: from the environment or a file, and one clear sentence for each that cannot be."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.__main__ import main
from ivr.settings import Settings
from tests.asterisk_fixture import CHECKOUT


@dataclasses.dataclass
class Ended:
    """How a command ended: its exit code, and the lines it wrote to standard error."""

    code: object
    lines: list[str]


@pytest.fixture
def ivr(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Ended]:
    """Run a command with these settings; `file` is the text of a settings file."""

    def run(*arguments: str, file: str | bytes | None = None, **settings: str) -> Ended:
        for name, value in settings.items():
            monkeypatch.setenv(f"IVR_{name.upper()}", value)
        if file is not None:
            (tmp_path / "settings.yaml").write_bytes(file if isinstance(file, bytes) else file.encode())
            monkeypatch.setenv("IVR_SETTINGS", str(tmp_path / "settings.yaml"))
        monkeypatch.setattr("sys.argv", ["ivr", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Ended(ended.value.code, capsys.readouterr().err.splitlines())

    return run


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("sip_port", "abc", "setting sip_port: Input should be a valid integer"),
        ("sip_port", "70000", "setting sip_port: Input should be less than or equal to 65535"),
        ("sip_address", "everywhere", "setting sip_address: "),
        ("calls_at_once", "0", "setting calls_at_once: Input should be greater than or equal to 1"),
        ("dtmf_mode", "morse", "setting dtmf_mode: "),
        ("time_zone", "Mars", "setting time_zone: is no time zone: write one like Europe/Paris."),
        ("time_zone", "Europe", "setting time_zone: is no time zone: write one like Europe/Paris."),
        ("witness_number", "ask", "setting witness_number: "),
        ("mail_hours", "8,25", "setting mail_hours: Input should be less than or equal to 23"),
        ("in_charge", "alice@example.org,bob", "setting in_charge: String should match pattern"),
        ("metrics_port", "0", "setting metrics_port: Input should be greater than or equal to 1"),
        ("accept_unsafe_memory", "perhaps", "setting accept_unsafe_memory: Input should be a valid boolean"),
    ],
)
def test_a_setting_that_cannot_be_is_one_sentence(ivr: Callable[..., Ended], name: str, value: str, says: str) -> None:
    ended = ivr("check", **{name: value})
    assert ended.code == 1
    (line,) = ended.lines
    assert line.startswith(says)
    assert f"(IVR_{name.upper()}, or `{name}:` in the settings file)" in line


def test_a_line_whose_places_are_all_kept_for_witnesses_is_refused(ivr: Callable[..., Ended]) -> None:
    ended = ivr("serve", calls_at_once="20")
    (line,) = ended.lines
    assert ended.code == 1
    assert line.endswith("set `witness_places` below `calls_at_once`.")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sip_prot: 5070\n", "setting sip_prot: is not known: mend its spelling."),
        ("sip_port: high\n", "setting sip_port: Input should be a valid integer"),
        ("sip_port: [5070\n", "settings.yaml (IVR_SETTINGS): line 2: is not YAML"),
        ("sip_port: 1\nsip_port: 2\n", "settings.yaml (IVR_SETTINGS): line 2: the key 'sip_port' is used twice"),
        ("- sip_port\n", "settings.yaml (IVR_SETTINGS): must be a list of `key: value` lines."),
        (b"\xff\x00", "settings.yaml (IVR_SETTINGS): is not YAML text in UTF-8"),
    ],
)
def test_a_settings_file_that_cannot_be_is_one_sentence(
    ivr: Callable[..., Ended], text: str | bytes, says: str
) -> None:
    ended = ivr("check", file=text)
    assert ended.code == 1
    (line,) = ended.lines
    assert says in line


def test_every_wrong_setting_is_told_at_once(ivr: Callable[..., Ended]) -> None:
    ended = ivr("check", file="sip_prot: 1\nagi_port: x\n", sip_port="abc")
    assert sorted(line.split(":")[0] for line in ended.lines) == [
        "setting agi_port",
        "setting sip_port",
        "setting sip_prot",
    ]


def test_a_settings_file_that_is_not_there_is_one_sentence(ivr: Callable[..., Ended], tmp_path: Path) -> None:
    ended = ivr("check", settings=str(tmp_path / "gone.yaml"))
    assert ended.code == 1
    assert ended.lines == [f"{tmp_path}/gone.yaml (IVR_SETTINGS): cannot be read: No such file or directory."]


def test_a_wrong_password_setting_is_never_printed(ivr: Callable[..., Ended]) -> None:
    ended = ivr("check", file="mail_password: [hush]\n")
    assert ended.code == 1
    assert "hush" not in "".join(ended.lines)


def test_the_file_sets_what_the_environment_does_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("sip_port: 5070\nagi_port: 5071\nmail_hours: [9]\nwitness_number: 03 21\n")
    monkeypatch.setenv("IVR_SETTINGS", str(file))
    monkeypatch.setenv("IVR_AGI_PORT", "5072")
    settings = Settings()
    assert (settings.sip_port, settings.agi_port) == (5070, 5072)
    assert (settings.mail_hours, settings.witness_number) == ((9,), "03 21")


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_settings_file_sets_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(text)
    monkeypatch.setenv("IVR_SETTINGS", str(file))
    assert Settings().content == CHECKOUT / "content"


def test_several_hours_fit_into_one_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_MAIL_HOURS", "7,12,19")
    assert Settings().mail_hours == (7, 12, 19)


def test_folders_do_not_depend_on_where_a_person_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IVR_STATE", "here")
    assert Settings().state == tmp_path / "here"


def test_sip_listens_on_loopback_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IVR_SIP_ADDRESS", raising=False)
    assert Settings().sip_address.is_loopback


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_setting_is_in_the_readme() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    undocumented = [name for name in Settings.model_fields if f"`{name}`" not in readme]
    assert undocumented == []
