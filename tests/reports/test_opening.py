"""Opening, exporting, answering and rekeying: what those entrusted do on their own computers."""

import json
import subprocess
import wave
from pathlib import Path

import pyrage
import pytest

from ivr.reports import answers, code, export, identity, rekey
from ivr.reports.answer import CannotAnswer, answer
from ivr.reports.folder import Report
from ivr.reports.keys import KeysRefused, Reader, Seal, readers
from ivr.reports.memory import Memory
from ivr.reports.opening import CannotOpen, open_report
from ivr.reports.receipt import Window
from tests.reports.sealed_line import ALICE, BOB, SealedLine, speech

CAROL = pyrage.x25519.Identity.generate()
PINNED = [str(ALICE.to_public()), str(BOB.to_public())]


def wav(path: Path, sound: bytes) -> Path:
    export.write_wave(path, sound)
    return path


def test_an_opened_report_is_what_was_said_to_the_sample(line: SealedLine) -> None:
    sound = speech(5.1)
    [part] = open_report(line.sealed(sound), BOB).parts
    assert part.sound == sound


def test_an_opened_report_tells_language_and_choices(line: SealedLine) -> None:
    notes = [{"language": "ps", "urgent": True}]
    [part] = open_report(line.sealed(speech(3), notes=notes), ALICE).parts
    assert list(part.notes) == notes


def test_nothing_is_doubted_in_a_report_as_it_was_sealed(line: SealedLine) -> None:
    assert open_report(line.sealed(speech(5)), ALICE, PINNED).doubts == ()


def test_a_strangers_key_opens_nothing(line: SealedLine) -> None:
    with pytest.raises(CannotOpen, match="sealed to other readers"):
        open_report(line.sealed(speech(3)), CAROL)


def test_a_reader_who_is_not_pinned_is_warned_about(line: SealedLine) -> None:
    doubts = open_report(line.sealed(speech(3)), ALICE, [*PINNED, str(CAROL.to_public())]).doubts
    assert any("sealed to 2 readers, your list has 3" in doubt for doubt in doubts)
    assert any(str(CAROL.to_public()) in doubt for doubt in doubts)


def test_a_secret_third_reader_shows_in_the_number_of_readers(line: SealedLine) -> None:
    report = line.sealed(speech(3))
    seal = Seal([*PINNED, str(CAROL.to_public())])
    name = "0001-0001.sln.age"
    plain = pyrage.decrypt((report.path / name).read_bytes(), [ALICE])
    (report.path / name).write_bytes(seal.sound(plain))
    assert any("sealed to 3 readers" in doubt for doubt in open_report(report, ALICE, PINNED).doubts)


def test_a_damaged_slice_is_silence_and_the_rest_is_heard(line: SealedLine) -> None:
    sound = speech(6.144)
    report = line.sealed(sound)
    (report.path / "0001-0002.sln.age").write_bytes(b"age-encryption.org/v1\n")
    opened = open_report(report, ALICE)
    assert opened.parts[0].sound == sound[:32768] + bytes(32768) + sound[65536:]
    assert any("0001-0002.sln.age is missing or damaged" in doubt for doubt in opened.doubts)


def test_slices_that_changed_places_are_doubted(line: SealedLine) -> None:
    report = line.sealed(speech(6.144))
    first, second = (report.path / f"0001-000{count}.sln.age" for count in (1, 2))
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    assert any("does not hold what was sealed" in doubt for doubt in open_report(report, ALICE).doubts)


def test_a_report_that_broke_off_opens_and_says_so(line: SealedLine) -> None:
    sound = speech(4.096)
    report = line.sealed(sound)
    (report.path / "0001-end.json.age").unlink()
    opened = open_report(report, ALICE)
    assert opened.parts[0].sound == sound
    assert any("part 1 broke off" in doubt for doubt in opened.doubts)


def test_a_fragment_without_speech_is_kept_and_marked(line: SealedLine) -> None:
    [part] = open_report(line.sealed(bytes(8000)), ALICE).parts
    assert part.end["fragment"]


def test_a_short_cry_is_not_a_fragment(line: SealedLine) -> None:
    [part] = open_report(line.sealed(speech(1.5)), ALICE).parts
    assert not part.end["fragment"]


def test_an_export_holds_the_sound_and_where_it_comes_from(line: SealedLine, tmp_path: Path) -> None:
    sound = speech(3)
    [sounds, custody] = export.export(open_report(line.sealed(sound), ALICE), tmp_path / "out")
    with wave.open(str(sounds)) as file:
        assert file.readframes(file.getnframes()) == sound
    text = custody.read_text()
    assert "SHA-256 of the sound" in text
    assert "pyrage" in text


def test_an_export_as_flac_holds_the_same_samples(line: SealedLine, tmp_path: Path) -> None:
    sound = speech(3)
    [flac, _] = export.export(open_report(line.sealed(sound), ALICE), tmp_path / "out", flac=True)
    read = subprocess.run(["sox", flac, "-t", "raw", "-"], capture_output=True, check=True).stdout
    assert read == sound


def test_an_export_never_writes_over_a_folder(line: SealedLine, tmp_path: Path) -> None:
    with pytest.raises(export.CannotExport, match="name a folder that is not there yet"):
        export.export(open_report(line.sealed(speech(3)), ALICE), tmp_path)


def test_rekeying_gives_a_new_reader_everything_and_the_old_one_nothing(line: SealedLine) -> None:
    sound = speech(4)
    report = line.sealed(sound, notes=[{"language": "ti"}])
    rekey.rekey(report, ALICE, Seal([str(BOB.to_public()), str(CAROL.to_public())]))
    opened = open_report(report, CAROL, [str(BOB.to_public()), str(CAROL.to_public())])
    assert (opened.parts[0].sound, opened.doubts) == (sound, ())
    with pytest.raises(CannotOpen):
        open_report(report, ALICE)


def test_rekeying_a_damaged_report_changes_nothing(line: SealedLine) -> None:
    report = line.sealed(speech(4))
    (report.path / "0001-0002.sln.age").write_bytes(b"age-encryption.org/v1\n")
    before = {path.name: path.read_bytes() for path in report.path.iterdir()}
    with pytest.raises(rekey.CannotRekey, match="nothing was changed"):
        rekey.rekey(report, ALICE, Seal(PINNED))
    assert {path.name: path.read_bytes() for path in report.path.iterdir()} == before


@pytest.fixture
def with_receipt(
    line: SealedLine, monkeypatch: pytest.MonkeyPatch, receipts_are_put: None
) -> tuple[Window, Report, str]:
    monkeypatch.setattr(code, "_COST", 2**4)
    report = line.sealed(speech(3))
    window = Window(line.reports, b"salt", Memory(line.memory))
    digits = window.issue(report.name)
    assert digits
    return window, report, digits


def test_an_answer_is_heard_with_the_receipt(with_receipt: tuple[Window, Report, str], tmp_path: Path) -> None:
    window, report, digits = with_receipt
    spoken = speech(2.5, seed=9)
    answer(report, wav(tmp_path / "answer.wav", spoken))
    assert Path(window.find(digits)["answer"]).read_bytes() == spoken


def test_no_reader_can_open_an_answer(with_receipt: tuple[Window, Report, str], tmp_path: Path) -> None:
    path = answer(with_receipt[1], wav(tmp_path / "answer.wav", speech(2.5)))
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(path.read_bytes(), [ALICE, BOB])


def test_an_answer_in_studio_quality_becomes_telephone_sound(
    with_receipt: tuple[Window, Report, str], tmp_path: Path
) -> None:
    window, report, digits = with_receipt
    spoken = tmp_path / "answer.wav"
    subprocess.run(["sox", "-n", "-r", "44100", "-c", "2", spoken, "synth", "2", "sine", "440"], check=True)
    answer(report, spoken)
    assert len(Path(window.find(digits)["answer"]).read_bytes()) == 32_000


def test_an_answer_that_is_no_sound_is_refused(with_receipt: tuple[Window, Report, str], tmp_path: Path) -> None:
    (tmp_path / "answer.wav").write_text("hello")
    with pytest.raises(CannotAnswer, match="record WAV, FLAC or MP3"):
        answer(with_receipt[1], tmp_path / "answer.wav")


def test_an_answer_that_would_cost_the_caller_too_much_is_refused(
    with_receipt: tuple[Window, Report, str], tmp_path: Path
) -> None:
    with pytest.raises(CannotAnswer, match="up to 3 minutes"):
        answer(with_receipt[1], wav(tmp_path / "answer.wav", bytes(181 * 16000)))


def test_a_report_without_a_receipt_cannot_be_answered(line: SealedLine, tmp_path: Path) -> None:
    with pytest.raises(CannotAnswer, match="has no receipt"):
        answer(line.sealed(speech(3)), wav(tmp_path / "answer.wav", speech(1)))


def test_an_answer_leaves_memory_when_it_was_heard(
    with_receipt: tuple[Window, Report, str], line: SealedLine, tmp_path: Path
) -> None:
    window, report, digits = with_receipt
    answer(report, wav(tmp_path / "answer.wav", speech(1)))
    heard = Path(window.find(digits)["answer"])
    assert heard.exists()
    window.answer(json.dumps({"heard": heard.name}).encode())
    assert not heard.exists()


def test_an_answer_that_nobody_put_back_leaves_memory_by_itself(
    with_receipt: tuple[Window, Report, str], line: SealedLine, tmp_path: Path
) -> None:
    window, report, digits = with_receipt
    answer(report, wav(tmp_path / "answer.wav", speech(1)))
    window.find(digits)
    answers.forget(Memory(line.memory), -1)
    assert not list(Memory(line.memory).answers.iterdir())


def test_a_damaged_answer_is_no_answer(with_receipt: tuple[Window, Report, str], tmp_path: Path) -> None:
    window, report, digits = with_receipt
    answer(report, wav(tmp_path / "answer.wav", speech(1))).write_bytes(b"age-encryption.org/v1\n")
    assert window.find(digits)["answer"] == ""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Make one pair of keys for all tests: the passphrase is made slow to try on purpose."""
    path = tmp_path_factory.mktemp("alice") / "key"
    return path, identity.new(path, "correct horse battery")


def test_a_new_identity_opens_with_its_passphrase_alone(made: tuple[Path, str]) -> None:
    path, public = made
    assert str(identity.unlock(path, "correct horse battery").to_public()) == public
    with pytest.raises(identity.IdentityRefused, match="does not open"):
        identity.unlock(path, "wrong horse battery")


def test_a_secret_key_is_never_written_over(made: tuple[Path, str]) -> None:
    with pytest.raises(identity.IdentityRefused, match="file that does not exist"):
        identity.new(made[0], "correct horse battery")


def test_age_understands_the_file_of_a_secret_key(made: tuple[Path, str]) -> None:
    assert made[0].read_bytes().startswith(b"age-encryption.org/v1\n-> scrypt ")


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(identity.IdentityRefused, match="at least 12"):
        identity.new(tmp_path / "key", "horse")


def test_the_list_of_readers_names_them(tmp_path: Path) -> None:
    path = tmp_path / "readers.txt"
    path.write_text(f"# Alice <alice@example.org>\n{PINNED[0]}\n\n# a remark\n{PINNED[1]}\n")
    assert readers(path) == (Reader(PINNED[0], "Alice", "alice@example.org"), Reader(PINNED[1], "", ""))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"{PINNED[0]}\n{PINNED[0]}\n", "stands twice"),
        ("age1qqq\n", "no public key"),
        (str(CAROL), "holds a secret key"),
    ],
    ids=["twice", "no key", "secret"],  # the keys themselves are other ones in each process
)
def test_a_wrong_list_of_readers_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "readers.txt").write_text(text)
    with pytest.raises(KeysRefused, match=sentence):
        readers(tmp_path / "readers.txt")


def test_a_secret_key_in_the_list_is_never_repeated_aloud(tmp_path: Path) -> None:
    (tmp_path / "readers.txt").write_text(str(CAROL))
    with pytest.raises(KeysRefused) as refused:
        readers(tmp_path / "readers.txt")
    assert str(CAROL) not in str(refused.value)


def test_the_sealed_facts_are_of_one_size_for_parts_padded_alike(line: SealedLine) -> None:
    sizes = [
        len(pyrage.decrypt((line.sealed(speech(seconds), name).path / "0001-end.json.age").read_bytes(), [ALICE]))
        for seconds, name in ((19, "aaaaaaaa"), (32, "bbbbbbbb"))
    ]
    assert sizes[0] == sizes[1]


def test_the_facts_name_the_readers(line: SealedLine) -> None:
    report = line.sealed(speech(3))
    facts = json.loads(pyrage.decrypt((report.path / "0001-end.json.age").read_bytes(), [BOB]))
    assert facts["readers"] == PINNED
