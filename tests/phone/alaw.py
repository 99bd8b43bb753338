"""A-law, one sample at a time (ITU-T G.711), as a second opinion beside the project's own tables."""

SILENCE = 0xD5
"""The A-law byte that is nearest to nothing."""


def decode(code: int) -> int:
    """Return the 16-bit sample of an A-law byte."""
    code ^= 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    size = (mantissa << 4) + 8 if exponent == 0 else ((mantissa << 4) + 0x108) << (exponent - 1)
    return size if code & 0x80 else -size


_DECODED = [decode(code) for code in range(256)]


def encode(sample: int) -> int:
    """Return the A-law byte of a 16-bit sample."""
    sign = 0x80 if sample >= 0 else 0
    size = min(sample if sample >= 0 else ~sample, 32767)
    exponent = max(0, size.bit_length() - 8)
    mantissa = (size >> (exponent + 3 if exponent else 4)) & 15
    return (sign | (exponent << 4) | mantissa) ^ 0x55


def decoded(sound: bytes) -> bytes:
    """Return A-law bytes as 16-bit little-endian samples, as Asterisk writes `.sln`."""
    return b"".join(_DECODED[code].to_bytes(2, "little", signed=True) for code in sound)
