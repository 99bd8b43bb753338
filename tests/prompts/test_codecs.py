"""The tables against the arithmetic of ITU-T G.191 (alaw_compress, ulaw_compress), a sample at a time."""

import numpy as np
import pytest

from ivr.prompts import clips, codecs

EVERY = np.arange(-32768, 32768).astype(np.int16)
OCTETS = bytes(range(256))


def alaw_of(sample: int) -> int:
    magnitude = (~sample if sample < 0 else sample) >> 4
    exponent = 0
    if magnitude > 15:
        exponent = 1
        while magnitude > 31:
            magnitude >>= 1
            exponent += 1
        magnitude -= 16
    return (magnitude + (exponent << 4) | (0x80 if sample >= 0 else 0)) ^ 0x55


def mulaw_of(sample: int) -> int:
    magnitude = min(((~sample if sample < 0 else sample) >> 2) + 33, 0x1FFF)
    segment = 1
    while magnitude >> 5 + segment:
        segment += 1
    return (8 - segment << 4 | 0x0F - (magnitude >> segment & 0x0F)) | (0x80 if sample >= 0 else 0)


def test_every_sample_becomes_the_alaw_octet_of_the_standard():
    assert codecs.alaw(EVERY) == bytes(alaw_of(int(sample)) for sample in EVERY)


def test_every_sample_becomes_the_mulaw_octet_of_the_standard():
    assert codecs.mulaw(EVERY) == bytes(mulaw_of(int(sample)) for sample in EVERY)


@pytest.mark.parametrize(
    ("octet", "sample"), [(0xD5, 8), (0x55, -8), (0xAA, 32256), (0x2A, -32256), (0xD4, 24), (0x80, 5504)]
)
def test_an_alaw_octet_sounds_as_the_standard_says(octet, sample):
    assert codecs.from_alaw(bytes([octet]))[0] == sample


@pytest.mark.parametrize(
    ("octet", "sample"), [(0xFF, 0), (0x7F, 0), (0x80, 32124), (0x00, -32124), (0xFE, 8), (0x7E, -8)]
)
def test_a_mulaw_octet_sounds_as_the_standard_says(octet, sample):
    assert codecs.from_mulaw(bytes([octet]))[0] == sample


def test_alaw_octets_survive_being_decoded_and_coded_again():
    assert codecs.alaw(codecs.from_alaw(OCTETS)) == OCTETS


def test_mulaw_octets_survive_being_decoded_and_coded_again_but_for_the_two_zeros():
    assert codecs.mulaw(codecs.from_mulaw(OCTETS)) == OCTETS.replace(b"\x7f", b"\xff")


def test_silence_is_coded_as_silence():
    assert codecs.from_mulaw(codecs.mulaw(np.zeros(3, np.int16))).tolist() == [0, 0, 0]


def decoded(octets: bytes, form: str) -> np.ndarray:
    if form == "g722":
        from G722 import G722

        return np.asarray(G722(16000, 64000).decode(octets))
    return {"alaw": codecs.from_alaw, "ulaw": codecs.from_mulaw}[form](octets)


@pytest.mark.parametrize("form", clips.FORMATS)
def test_a_second_of_each_format_is_8000_octets_and_sounds_as_it_did(form):
    coder, rate = codecs.CODERS[form]
    tone = (8000 * np.sin(2 * np.pi * 1000 * np.arange(rate) / rate)).astype(np.int16)
    octets = coder(tone)
    spectrum = np.abs(np.fft.rfft(decoded(octets, form) * np.hanning(rate)))
    assert len(octets) == 8000
    assert spectrum.argmax() == 1000  # a bin is a Hertz
    assert np.delete(spectrum, range(990, 1011)).max() < spectrum.max() / 50
