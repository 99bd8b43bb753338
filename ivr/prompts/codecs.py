"""The codecs of a call: G.711's A-law and µ-law as exact tables (ITU-T G.191's), G.722 from libg722."""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

Linear = NDArray[np.int16]
Octets = NDArray[np.uint8]

NARROW, WIDE = 8000, 16000  # Hertz
_ALL = np.arange(-32768, 32768, dtype=np.int32)  # every 16-bit sample, in order
_MULAW_BIAS = 33


def _segment(magnitude: NDArray[np.int32], second: int) -> NDArray[np.int32]:
    """Return which of eight segments magnitudes lie in: the second begins at `second`, each doubles."""
    edges = second << np.arange(7)
    return np.searchsorted(edges, magnitude, side="right").astype(np.int32)


@cache
def _alaw_table() -> Octets:
    """Return the octet of each sample of `_ALL`: sign, segment and four bits, every other bit turned over."""
    magnitude = np.where(_ALL < 0, ~_ALL, _ALL) >> 4
    segment = _segment(magnitude, 16)
    octet = segment << 4 | magnitude >> np.maximum(segment - 1, 0) & 0x0F
    octets: Octets = ((octet | np.where(_ALL < 0, 0, 0x80)) ^ 0x55).astype(np.uint8)
    return octets


@cache
def _mulaw_table() -> Octets:
    """Return the octet of each sample of `_ALL`: sign, segment and four bits, all turned over."""
    magnitude = np.minimum((np.where(_ALL < 0, ~_ALL, _ALL) >> 2) + _MULAW_BIAS, 0x1FFF)
    segment = _segment(magnitude, 64)
    octet = segment << 4 | magnitude >> (segment + 1) & 0x0F
    octets: Octets = (octet ^ np.where(_ALL < 0, 0x7F, 0xFF)).astype(np.uint8)
    return octets


@cache
def _alaw_levels() -> Linear:
    """Return the sample that each A-law octet stands for."""
    octet = np.arange(256) ^ 0x55
    segment, step = octet >> 4 & 7, octet & 0x0F
    level = ((step + np.where(segment > 0, 16, 0)) << 4) + 8 << np.maximum(segment - 1, 0)
    levels: Linear = np.where(octet & 0x80, level, -level).astype(np.int16)
    return levels


@cache
def _mulaw_levels() -> Linear:
    """Return the sample that each µ-law octet stands for."""
    octet = ~np.arange(256) & 0xFF
    segment, step = octet >> 4 & 7, octet & 0x0F
    level = ((step << 3) + 4 * _MULAW_BIAS << segment) - 4 * _MULAW_BIAS
    levels: Linear = np.where(octet & 0x80, -level, level).astype(np.int16)
    return levels


def alaw(samples: Linear) -> bytes:
    """Return samples at 8 kHz as A-law, an octet each."""
    return _alaw_table()[samples.astype(np.int32) + 32768].tobytes()


def mulaw(samples: Linear) -> bytes:
    """Return samples at 8 kHz as µ-law, an octet each."""
    return _mulaw_table()[samples.astype(np.int32) + 32768].tobytes()


def from_alaw(octets: bytes) -> Linear:
    """Return the samples that a phone plays for these A-law octets."""
    return _alaw_levels()[np.frombuffer(octets, np.uint8)]


def from_mulaw(octets: bytes) -> Linear:
    """Return the samples that a phone plays for these µ-law octets."""
    return _mulaw_levels()[np.frombuffer(octets, np.uint8)]


def g722(samples: Linear) -> bytes:
    """Return samples at 16 kHz as G.722 at 64 kbit/s, an octet for two."""
    from G722 import G722  # noqa: PLC0415 - not every processor has the package: see clips.FORMATS

    return bytes(G722(WIDE, 64000).encode(samples))


# By the name that Asterisk gives to the file of each: how it is coded, and at which rate.
CODERS: Mapping[str, tuple[Callable[[Linear], bytes], int]] = {
    "alaw": (alaw, NARROW),
    "ulaw": (mulaw, NARROW),
    "g722": (g722, WIDE),
}
