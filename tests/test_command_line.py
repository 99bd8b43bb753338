"""The command line: what a newcomer reads, and what comes of what cannot be."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from ivr.__main__ import app, main
from ivr.content.check import check
from ivr.prompts.engines import engine
from ivr.prompts.manifest import Voice
from tests.asterisk_fixture import CHECKOUT, free_port
from tests.content.sound import sound_content
from tests.prompts import recordings
from tests.running_line import IVR


def verbs(command: Any, name: str = "ivr") -> Iterator[tuple[str, Any]]:
    """Yield every verb with its full name, such as `ivr reports list`."""
    if not hasattr(command, "commands"):
        yield name, command
        return
    for verb, one in command.commands.items():
        yield from verbs(one, f"{name} {verb}")


VERBS = dict(verbs(typer.main.get_command(app)))


def ivr(
    *arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], types: str = ""
) -> tuple[object, str, str]:
    """Run a command and return its exit code, what it wrote, and what it wrote as mistakes."""
    import io

    monkeypatch.setattr("sys.argv", ["ivr", *arguments])
    monkeypatch.setattr("sys.stdin", io.StringIO(types))
    code: object = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_installed_command_greets_a_newcomer_with_its_verbs() -> None:
    told = subprocess.run([IVR, "--help"], capture_output=True, text=True, check=True).stdout
    for verb in ("run", "serve", "agi", "build", "check", "seconds", "graph", "languages", "translations", "simulate"):
        assert f" {verb} " in told


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_says_what_it_does(name: str) -> None:
    told = VERBS[name].help or ""
    assert len(told.split()) > 3
    assert told.strip().endswith(".")


@pytest.mark.parametrize("name", VERBS)
def test_every_argument_and_option_is_explained(name: str) -> None:
    unexplained = [one.name for one in VERBS[name].params if not getattr(one, "help", "") and one.name != "help"]
    assert unexplained == []


def test_every_verb_is_in_the_readme() -> None:
    pages = [CHECKOUT / "README.md", CHECKOUT / "SECURITY.md"]
    written = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert [name for name in VERBS if name not in written] == []


def test_the_help_of_the_simulator_tells_how_to_press_keys(monkeypatch, capsys) -> None:
    _, told, _ = ivr("simulate", "--help", monkeypatch=monkeypatch, capsys=capsys)
    for word in ("keys", "Enter", "silence", "Ctrl-D", "line-ar", "witness", "--record"):
        assert word in told


def test_a_verb_that_does_not_exist_is_one_sentence(monkeypatch, capsys) -> None:
    code, _, told = ivr("nonsense", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 2
    assert "No such command 'nonsense'" in told


@pytest.fixture
def content(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = sound_content(tmp_path / "content")
    monkeypatch.setenv("IVR_CONTENT", str(folder))
    monkeypatch.setenv("IVR_PROMPTS", str(tmp_path / "prompts"))
    return folder


def test_sound_content_is_said_to_be_sound(content: Path, monkeypatch, capsys) -> None:
    code, told, mistakes = ivr("check", monkeypatch=monkeypatch, capsys=capsys)
    assert (code, mistakes) == (0, "")
    assert told.endswith("No mistakes. Complete: en.\n")


def test_a_rota_for_a_section_that_is_not_there_is_named(content: Path, monkeypatch, capsys, tmp_path: Path) -> None:
    rota = tmp_path / "rota.yaml"
    rota.write_text('trunk: provider\nsections: {meals: [{number: "33700000001"}], mealz: [{number: "33700000001"}]}\n')
    monkeypatch.setenv("IVR_ROTA", str(rota))
    code, _, mistakes = ivr("check", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 1
    assert mistakes.startswith(f"{rota}: sections.mealz: is no section")
    rota.write_text("sections: [")
    code, _, mistakes = ivr("check", monkeypatch=monkeypatch, capsys=capsys)
    assert (code, len(mistakes.splitlines())) == (1, 1)


def test_a_mistake_in_who_is_called_back_is_told_before_the_line_is_started(
    content: Path, monkeypatch, capsys, tmp_path: Path
) -> None:
    file = tmp_path / "call_back.yaml"
    file.write_text("trunk: provider\ncountry: 33\n")
    monkeypatch.setenv("IVR_CALL_BACK", str(file))
    code, _, mistakes = ivr("check", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 1
    assert mistakes == f"{file}: country: Input should be a valid string: write it in quotation marks.\n"


def test_an_endpoint_that_the_trunk_does_not_have_is_named(content: Path, monkeypatch, capsys, tmp_path: Path) -> None:
    files = {
        "rota": 'trunk: provider\nsections: {meals: [{number: "33700000001"}]}\n',
        "call_back": 'trunk: others\ncountry: "33"\nprefixes: {"+336": 1}\n',
        "trunk": "[provider]\ntype = aor\n\n[provider]\ntype = endpoint\n",
    }
    names = {name: tmp_path / f"{name}.yaml" for name in files}
    for name, file in names.items():
        file.write_text(files[name])
        monkeypatch.setenv(f"IVR_{name.upper()}", str(file))
    code, _, mistakes = ivr("check", monkeypatch=monkeypatch, capsys=capsys)
    told = f"{names['call_back']}: trunk: 'others' is no endpoint of {names['trunk']}: write the name of a section"
    assert code == 1
    assert mistakes.startswith(f"{told} there that has `type = endpoint`.\n")
    names["trunk"].write_text(f"{files['trunk']}[others](provider-like)\ntype=endpoint ; too\n")
    assert ivr("check", monkeypatch=monkeypatch, capsys=capsys)[0] == 0
    names["trunk"].unlink()
    code, told, _ = ivr("check", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0
    assert f"not checked. {names['trunk']}: No such file or directory." in told


def test_a_simulated_call_shows_what_is_said_and_takes_keys(content: Path, monkeypatch, capsys) -> None:
    code, told, _ = ivr("simulate", monkeypatch=monkeypatch, capsys=capsys, types="1\n2\n")
    assert code == 0
    assert "Food: 2." in told
    assert "Meals: 1." in told


def test_a_simulated_call_can_be_kept_as_a_conversation(content: Path, monkeypatch, capsys, tmp_path: Path) -> None:
    page = tmp_path / "page.yaml"
    arguments = ["simulate", "line-en", "--record", str(page), "--at", "2026-11-23T12:00:00", "--lesson", "2"]
    ivr(*arguments, monkeypatch=monkeypatch, capsys=capsys, types="2\n")
    kept = page.read_text(encoding="utf-8")
    assert kept.startswith("calls: line-en\nlesson: 2\nat: 2026-11-23T12:00+01:00\nconversation:\n")
    assert "- caller: presses 2\n" in kept
    assert kept.endswith("- caller: hangs up\n")


def test_a_conversation_that_cannot_be_kept_is_one_sentence(content: Path, monkeypatch, capsys) -> None:
    code, _, told = ivr("simulate", "--record", "/nowhere/page", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 1
    assert told.strip() == "[Errno 2] No such file or directory: '/nowhere/page'"


@pytest.mark.parametrize("entry", ["witnes", "line-xx", "line-"])
def test_an_entry_that_does_not_exist_is_one_sentence(content: Path, entry: str, monkeypatch, capsys) -> None:
    code, told, mistakes = ivr("simulate", entry, monkeypatch=monkeypatch, capsys=capsys)
    assert code == 2
    assert told == ""
    assert "line, line-en, witness or studio" in mistakes


def test_broken_content_cannot_be_simulated_and_says_why(content: Path, monkeypatch, capsys) -> None:
    (content / "menus/daily.yaml").write_text("title: [")
    code, told, mistakes = ivr("simulate", monkeypatch=monkeypatch, capsys=capsys)
    assert (code, told) == (1, "")
    assert mistakes.startswith("menus/daily.yaml: line 2: is not YAML")


def test_a_line_with_broken_content_and_nothing_to_be_heard_does_not_open(
    content: Path, monkeypatch, capsys, tmp_path: Path
) -> None:
    monkeypatch.setenv("IVR_STATE", str(tmp_path / "state"))
    for kind, port in ((socket.SOCK_DGRAM, "IVR_SIP_PORT"), (socket.SOCK_STREAM, "IVR_AGI_PORT")):
        monkeypatch.setenv(port, str(free_port(kind)))
    (content / "menus/daily.yaml").write_text("title: [")
    code, told, mistakes = ivr("run", monkeypatch=monkeypatch, capsys=capsys)
    assert (code, told) == (1, "")
    assert mistakes.endswith("1 mistakes: nothing is published.\n")


def test_a_server_without_a_release_says_what_to_do(content: Path, monkeypatch, capsys) -> None:
    code, _, told = ivr("serve", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 1
    assert told.strip().endswith("run `ivr build`.")


def test_releases_are_built_listed_and_gone_back_to(content: Path, monkeypatch, capsys) -> None:
    meals = content / "leaflet/meals.yaml"
    built = [ivr("build", monkeypatch=monkeypatch, capsys=capsys)[1].split()[-1]]
    meals.write_text(meals.read_text().replace("Hot food", "Warm food"))
    built.append(ivr("build", monkeypatch=monkeypatch, capsys=capsys)[1].split()[-1])
    first, second = (name.removesuffix(".") for name in built)
    _, again, _ = ivr("build", monkeypatch=monkeypatch, capsys=capsys)
    assert again.splitlines()[-1] == f"Nothing has changed; live: {second}."
    code, told, _ = ivr("rollback", monkeypatch=monkeypatch, capsys=capsys)
    assert (code, told.splitlines()[0]) == (0, f"live: {first}.")
    _, listed, _ = ivr("releases", monkeypatch=monkeypatch, capsys=capsys)
    assert listed.splitlines() == [f"{first}  live", second]


def test_a_rollback_to_no_release_is_one_sentence(content: Path, monkeypatch, capsys) -> None:
    code, _, told = ivr("rollback", "000009-x", monkeypatch=monkeypatch, capsys=capsys)
    assert (code, told.strip()) == (1, "There is no release 000009-x: `ivr releases` lists them.")


def test_the_voices_are_shown_with_whether_they_speak_here(content: Path, monkeypatch, capsys, tmp_path: Path) -> None:
    monkeypatch.setenv("IVR_CACHE", str(tmp_path / "cache"))
    languages = content / "languages.yaml"
    several = "voices: {piper: en_XX-none-low, gtts: en, espeak: en+f2}"
    languages.write_text(languages.read_text().replace("voices: {espeak: en+f2}", several))
    code, told, _ = ivr("voices", "list", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0
    states = [line.split(maxsplit=3)[1:] for line in told.splitlines() if line.startswith("en ")]
    assert states == [
        ["piper", "en_XX-none-low", "not here: `ivr voices fetch` fetches it"],
        ["gtts", "en", "not allowed: see the setting online_voices"],
        ["espeak", "en+f2", "speaks"],
    ]


def test_a_voice_that_cannot_be_fetched_is_one_sentence(content: Path, monkeypatch, capsys, tmp_path: Path) -> None:
    monkeypatch.setenv("IVR_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("piper.download_voices.URL_FORMAT", "http://127.0.0.1:9/{voice_name}{extension}")
    languages = content / "languages.yaml"
    languages.write_text(languages.read_text().replace("{espeak: fr+f2}", "{piper: fr_FR-none-low, espeak: fr+f2}"))
    code, told, mistakes = ivr("voices", "fetch", monkeypatch=monkeypatch, capsys=capsys)
    assert (code, told) == (1, "fr: fetching fr_FR-none-low …\n")
    assert mistakes.startswith("This machine is offline")
    assert len(mistakes.splitlines()) == 1


def test_where_no_voice_is_to_be_fetched_that_is_said(content: Path, monkeypatch, capsys) -> None:
    code, told, _ = ivr("voices", "fetch", monkeypatch=monkeypatch, capsys=capsys)
    assert (code, told) == (0, "languages.yaml names no such voice of piper.\n")


def test_a_volunteer_of_a_language_that_the_line_has_not_is_refused_with_those_that_it_has(
    content: Path, monkeypatch, capsys, tmp_path: Path
) -> None:
    monkeypatch.setenv("IVR_STATE", str(tmp_path / "state"))
    add = ("volunteers", "add", "alice", "--languages")
    code, _, told = ivr(*add, "en,xx", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 2
    assert "there is no language 'xx': name some of en, fr" in told
    assert not (tmp_path / "state").exists()
    assert ivr(*add, "en, fr", monkeypatch=monkeypatch, capsys=capsys)[0] == 0


def test_the_recording_sheet_shows_what_nobody_has_recorded_and_takes_are_brought(
    content: Path, monkeypatch, capsys, tmp_path: Path
) -> None:
    monkeypatch.setenv("IVR_PROMPTS", str(tmp_path / "prompts"))
    monkeypatch.setenv("IVR_STATE", str(tmp_path / "state"))
    sheet = ("take", "list", "--missing", "--language", "en")
    _, before, _ = ivr(*sheet, monkeypatch=monkeypatch, capsys=capsys)
    said = next(one for one in check(content).words["en"] if one.id == "meals.evening")
    speech = engine("espeak").speak(said.speech, Voice("en", "espeak", "en+f2", 140), slow=False)
    file = recordings.wav(tmp_path / "supper.wav", speech)
    add = ("take", "add", str(file), "--clip", "meals.evening", "--language", "en")
    code, told, _ = ivr(*add, monkeypatch=monkeypatch, capsys=capsys)
    _, after, _ = ivr(*sheet, monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0
    assert "before:" in told
    assert "after :" in told
    assert "en/meals.evening  [none" in before
    assert "en/meals.evening" not in after


@pytest.mark.parametrize(
    ("clip", "language", "sentence"),
    [("no-such", "en", "has no clip 'no-such'"), ("goodbye", "xx", "There is no language 'xx'")],
)
def test_a_take_of_nothing_is_one_sentence(
    content: Path, clip: str, language: str, sentence: str, monkeypatch, capsys
) -> None:
    add = ("take", "add", "x.wav", "--clip", clip, "--language", language)
    code, _, told = ivr(*add, monkeypatch=monkeypatch, capsys=capsys)
    assert code == 1
    assert sentence in told
    assert len(told.splitlines()) == 1
