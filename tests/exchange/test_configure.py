"""Filling in Asterisk's files."""

from pathlib import Path

import pytest

from ivr.exchange.configure import ConfigurationFailed, configure


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "asterisk-conf"
    folder.mkdir()
    (folder / "pjsip.conf").write_text("; who: nobody@example\nbind = @SIP_ADDRESS@:@SIP_PORT@\n")
    (folder / "trunk.conf.example").write_text("@NOT_READ@")
    return folder


def test_each_word_becomes_its_setting(templates: Path, tmp_path: Path) -> None:
    configure(templates, tmp_path / "etc", {"SIP_ADDRESS": "127.0.0.1", "SIP_PORT": "5060"})
    assert (tmp_path / "etc/pjsip.conf").read_text() == "; who: nobody@example\nbind = 127.0.0.1:5060\n"
    assert [file.name for file in (tmp_path / "etc").iterdir()] == ["pjsip.conf"]


def test_a_file_without_a_template_any_more_is_removed(templates: Path, tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/manager.conf").touch()
    configure(templates, tmp_path / "etc", {"SIP_ADDRESS": "127.0.0.1", "SIP_PORT": "5060"})
    assert not (tmp_path / "etc/manager.conf").exists()


def test_an_unknown_word_is_named(templates: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFailed, match=r"pjsip.conf: @SIP_PORT@ is unknown"):
        configure(templates, tmp_path / "etc", {"SIP_ADDRESS": "127.0.0.1"})


def test_a_word_that_no_file_asks_for_is_named(templates: Path, tmp_path: Path) -> None:
    words = {"SIP_ADDRESS": "127.0.0.1", "SIP_PORT": "5060", "AGI_PORT": "1"}
    with pytest.raises(ConfigurationFailed, match="asks for AGI_PORT"):
        configure(templates, tmp_path / "etc", words)


def test_a_folder_without_files_of_asterisk_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFailed, match=r"holds no \.conf file"):
        configure(tmp_path, tmp_path / "etc", {})


@pytest.mark.parametrize("value", ["a\nb", "a;b", 'a"b', "a]b", "a,b", "${a}", "a\0b"])
def test_a_value_that_asterisk_would_read_as_more_than_a_value_is_refused(
    templates: Path, tmp_path: Path, value: str
) -> None:
    with pytest.raises(ConfigurationFailed, match="SIP_ADDRESS"):
        configure(templates, tmp_path / "etc", {"SIP_ADDRESS": value, "SIP_PORT": "5060"})
