"""A reader's own pair of keys, on their own computer: the secret one in a file that a passphrase protects."""

from pathlib import Path
from typing import Final

import pyrage

from ivr.problems import ToMend

SHORTEST_PASSPHRASE: Final = 12


class IdentityRefused(ToMend):
    """The secret key cannot be made or used; the sentence says what to do."""


def new(path: Path, passphrase: str) -> str:
    """Make a pair, write the secret key to `path`, return the public key. Raises IdentityRefused.

    The file is what `age -d -i FILE` understands, so reports open without this program too.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise IdentityRefused(f"Choose a passphrase of at least {SHORTEST_PASSPHRASE} characters: four words do well.")
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    text = f"# public key: {public}\n{identity}\n"
    try:
        path.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise IdentityRefused(f"{path} cannot be made ({error.strerror}): give a file that does not exist.") from error
    path.write_bytes(pyrage.passphrase.encrypt(text.encode(), passphrase))
    return public


def unlock(path: Path, passphrase: str) -> pyrage.x25519.Identity:
    """Read a secret key. Raises IdentityRefused."""
    try:
        text = pyrage.passphrase.decrypt(path.read_bytes(), passphrase).decode()
    except OSError as error:
        raise IdentityRefused(f"{path} cannot be read ({error.strerror}): give the file of your secret key.") from error
    except (pyrage.DecryptError, ValueError) as error:
        sentence = f"The passphrase does not open {path}: try again, or give another file."
        raise IdentityRefused(sentence) from error
    secret = next((line for line in text.splitlines() if line.startswith("AGE-SECRET-KEY-")), "")
    try:
        return pyrage.x25519.Identity.from_str(secret)
    except pyrage.IdentityError:
        raise IdentityRefused(f"{path} holds no secret key: give the file that `ivr keys new` made.") from None
