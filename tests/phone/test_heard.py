"""Finding clips in what the telephone heard."""

import random

from .heard import Heard

CLIPS = {name: random.Random(name).randbytes(20 * 160 + 33) for name in ("meals", "showers")}


def frames(sound: bytes) -> list[bytes]:
    return [sound[start : start + 160] for start in range(0, len(sound), 160)]


def heard(*payloads: bytes, first: int = 65530, lost: tuple[int, ...] = ()) -> Heard:
    """What is heard when these payloads are sent, one every 20 ms, and those numbered `lost` never come."""
    ear = Heard()
    for number, payload in enumerate(payloads):
        if number not in lost:
            ear.add((first + number) & 0xFFFF, number * 160, payload, number * 0.02)
    return ear


def test_clips_are_found_in_the_order_they_were_heard() -> None:
    ear = heard(*frames(CLIPS["showers"]), *frames(CLIPS["meals"]))
    assert [(clip.name, clip.whole) for clip in ear.clips(CLIPS)] == [("showers", True), ("meals", True)]


def test_a_clip_that_was_cut_is_not_whole() -> None:
    ear = heard(*frames(CLIPS["meals"])[:15], *frames(CLIPS["showers"]))
    first, second = ear.clips(CLIPS)
    assert (first.name, first.whole, first.length) == ("meals", False, 15 * 160)
    assert (second.name, second.whole) == ("showers", True)


def test_less_than_the_beginning_of_a_clip_is_no_clip() -> None:
    assert heard(*frames(CLIPS["meals"])[:9]).clips(CLIPS) == []


def test_silence_between_clips_is_passed_over() -> None:
    ear = heard(*[b"\xd5" * 160] * 5, *frames(CLIPS["meals"]), *[b"\xd5" * 160] * 5)
    (clip,) = ear.clips(CLIPS)
    assert (clip.first, clip.after) == (5, 26)


def test_a_clip_with_a_lost_packet_is_found_and_the_loss_counted() -> None:
    ear = heard(*frames(CLIPS["meals"]), lost=(3,))
    (clip,) = ear.clips(CLIPS)
    assert (clip.whole, clip.lost, ear.lost) == (True, 1, 1)


def test_packets_that_came_in_another_order_are_put_right() -> None:
    ear = Heard()
    order = list(enumerate(frames(CLIPS["meals"])))
    order[5], order[7] = order[7], order[5]
    for number, payload in order:
        ear.add((65530 + number) & 0xFFFF, 0, payload, 0.0)
    assert ear.sound == CLIPS["meals"]


def test_a_packet_that_came_twice_counts_once() -> None:
    ear = Heard()
    for payload in (b"a", b"b"):
        ear.add(7, 0, payload, 0.0)
    assert ear.sound == b"a"


def test_a_clip_is_found_again_only_after_the_place_where_one_looks() -> None:
    ear = heard(*frames(CLIPS["meals"]), *frames(CLIPS["showers"]), *frames(CLIPS["meals"]))
    again = ear.find("meals", CLIPS["meals"], first=1)
    assert again
    assert (again.first, again.after) == (42, 63)


def test_of_clips_that_begin_alike_the_longer_match_is_told() -> None:
    longer = CLIPS["meals"][:3200] + CLIPS["showers"]
    ear = heard(*frames(longer))
    assert [clip.name for clip in ear.clips(CLIPS | {"longer": longer})] == ["longer"]
