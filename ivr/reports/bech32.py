"""Bech32 (BIP 173), in which age writes its keys: only what making one from 32 bytes needs."""

from collections.abc import Sequence
from typing import Final

_LETTERS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK: Final = 6  # characters of checksum


def encode(prefix: str, content: bytes) -> str:
    """Return `content` in Bech32, in lower case, under a prefix in lower case."""
    words = _five_bits(content)
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = _polymod([*spread, *words, *[0] * _CHECK]) ^ 1
    words += [check >> 5 * (_CHECK - 1 - place) & 31 for place in range(_CHECK)]
    return f"{prefix}1" + "".join(_LETTERS[word] for word in words)


def _five_bits(content: bytes) -> list[int]:
    """Regroup bytes into groups of five bits, the last one filled with zeros."""
    missing = -8 * len(content) % 5
    number = int.from_bytes(content, "big") << missing
    count = (8 * len(content) + missing) // 5
    return [number >> 5 * (count - 1 - place) & 31 for place in range(count)]


def _polymod(words: Sequence[int]) -> int:
    check = 1
    for word in words:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ word
        for place, generator in enumerate(_GENERATOR):
            check ^= generator if top >> place & 1 else 0
    return check
