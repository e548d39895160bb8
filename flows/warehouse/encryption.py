"""The key that hashes people's numbers and seals originals: from the environment or a 0600 file.

It lies beside the home, never in it, so that a copy of the home is no copy of the key, and it is
never logged. Each use has a key of its own, derived from it.
"""

import os
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from flows.common.settings import Settings
from flows.warehouse.home import make_folders

Purpose = Literal["hash", "seal", "fingerprint"]
SHORTEST = 32  # characters: what is shorter could be guessed


class KeyFault(RuntimeError):
    """There is no key that can be used, or it is another than the one used before."""


@dataclass(frozen=True)
class Key:
    """The secret, from which a key for each purpose is derived (HKDF-SHA256, 256 bits)."""

    secret: bytes = field(repr=False)

    def derived(self, purpose: Purpose) -> bytes:
        """The key for one purpose."""
        info = f"social value warehouse/{purpose}".encode()
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self.secret)

    @property
    def fingerprint(self) -> str:
        """What tells this key from another, and nothing more."""
        return self.derived("fingerprint").hex()[:16]


def key_of(settings: Settings) -> Key:
    """The key: SOCIAL_VALUE_KEY, else the key file, which is made at the first need.

    Raises KeyFault where the key is too short, cannot be read, or is another than the one that
    this home was filled with: the same person would otherwise count as two.
    """
    if settings.key is not None:
        secret = settings.key.get_secret_value().strip()
    else:
        secret = _from_file(settings)
    if len(secret) < SHORTEST:
        raise KeyFault(
            f"The key has fewer than {SHORTEST} characters: give SOCIAL_VALUE_KEY a longer one, "
            "for example what python -c 'import secrets; print(secrets.token_hex(32))' prints."
        )
    key = Key(secret.encode())
    _is_the_same(settings, key)
    return key


def _from_file(settings: Settings) -> str:
    path = settings.key_path
    try:
        if not path.exists() and not _check(settings).exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_once(path, secrets.token_hex(32))
        if path.stat().st_mode & 0o077:
            raise KeyFault(f"{path} can be read by others: run chmod 600 on it.")
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise KeyFault(
            f"The key of this home is not at {path}: put it back there, or give SOCIAL_VALUE_KEY."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFault(
            f"The key file {path} cannot be used ({error}): name another with "
            "SOCIAL_VALUE_KEY_FILE, or give SOCIAL_VALUE_KEY."
        ) from None


def _is_the_same(settings: Settings, key: Key) -> None:
    """Compare with the fingerprint of the key that was used first."""
    check = _check(settings)
    if not check.exists():
        make_folders(settings)
        _write_once(check, key.fingerprint)
    if check.read_text(encoding="ascii").strip() != key.fingerprint:
        raise KeyFault(
            f"The key is another than the one this home was filled with (see {check}): give the "
            "right one in SOCIAL_VALUE_KEY, or put back its file."
        )


def _check(settings: Settings) -> Path:
    return settings.warehouse.with_name("key.fingerprint")


def _write_once(path: Path, text: str) -> None:
    """Write a private file whole, unless another process or thread was first."""
    partial = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(text + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(partial, path)  # fails where the file is there already
    except FileExistsError:
        pass
    finally:
        partial.unlink()
