"""A receipt's twelve digits and what is derived from them: a tag to look up, a key that opens the answer."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyrage

from ivr.reports import bech32, disk

DIGITS: Final = 12
_COST: Final = 2**17  # with r = 8: 128 MiB and about 0.4 seconds for each guess (RFC 7914)
_BLOCK: Final = 8
_SALT_BYTES: Final = 32


@dataclass(frozen=True)
class Receipt:
    """What twelve digits lead to: `tag` and `key` may lie on disk, `identity` is never written anywhere."""

    tag: str
    key: str
    identity: pyrage.x25519.Identity = field(repr=False, compare=False)


def new_digits() -> str:
    """Return twelve random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def is_code(text: str) -> bool:
    """Tell whether `text` has the form of a receipt."""
    return re.fullmatch(f"[0-9]{{{DIGITS}}}", text) is not None


def derive(digits: str, salt: bytes) -> Receipt:
    """Derive a receipt: scrypt once, then HKDF-Expand (RFC 5869, its output is uniform already) twice."""
    secret = hashlib.scrypt(digits.encode(), salt=salt, n=_COST, r=_BLOCK, p=1, maxmem=2**28, dklen=32)
    tag = _expand(secret, b"calais-line/receipt/tag")[:16].hex()
    private = bech32.encode("age-secret-key-", _expand(secret, b"calais-line/receipt/identity")).upper()
    identity = pyrage.x25519.Identity.from_str(private)
    return Receipt(tag, str(identity.to_public()), identity)


def site_salt(path: Path) -> bytes:
    """Read this line's salt; the first time, make it. Losing it makes every receipt unknown."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        disk.put(path, secrets.token_bytes(_SALT_BYTES))
        path.chmod(0o600)
    return path.read_bytes()


def _expand(secret: bytes, purpose: bytes) -> bytes:
    return hmac.digest(secret, purpose + b"\x01", "sha256")
