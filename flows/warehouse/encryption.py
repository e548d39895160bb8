"""The key that hashes people's numbers and seals originals: from the environment or a 0600 file.

It lies beside the home, never in it, so that a copy of the home is no copy of the key, and it is
never logged. Each use has a key of its own, derived from it.
"""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from flows.common.errors import SocialValueError
from flows.common.files import written_whole
from flows.common.settings import Settings
from flows.warehouse.home import make_folders

Purpose = Literal["hash", "seal", "fingerprint"]
SHORTEST = 32  # characters: what is shorter could be guessed


class KeyFault(SocialValueError):
    """There is no key that can be used, or it is another than the one used before."""

    notice = "the key cannot be used: social-value doctor says why."


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
    with suppress(FileExistsError), written_whole(path, overwrite=False) as partial:
        partial.write_text(text + "\n", encoding="ascii")


MARK = b"SVW-SEALED-1\n"
CHUNK = 1 << 20
TAG = 16


class SealBroken(SocialValueError):
    """Sealed bytes cannot be opened: damaged, cut short, or sealed with another key."""


def seal(plain: BinaryIO, sealed: BinaryIO, key: Key, sha256: str) -> str:
    """Write `plain` sealed; returns the SHA-256 of what was read, which must be `sha256`."""
    header = MARK + bytes.fromhex(key.fingerprint)
    cipher = _cipher(key, sha256)
    digest = hashlib.sha256()
    sealed.write(header)
    for number, chunk, last in _chunks(plain, CHUNK):
        digest.update(chunk)
        sealed.write(cipher.encrypt(_nonce(number, last), chunk, header))
    return digest.hexdigest()


def unseal(sealed: BinaryIO, plain: BinaryIO, key: Key, sha256: str) -> None:
    """Write the plain bytes of `sealed`. Raises SealBroken, which says why, before the end."""
    header = sealed.read(len(MARK) + len(key.fingerprint) // 2)
    if not header.startswith(MARK):
        raise SealBroken("it is no sealed file")
    if header != MARK + bytes.fromhex(key.fingerprint):
        raise SealBroken("it was sealed with another key")
    cipher = _cipher(key, sha256)
    digest = hashlib.sha256()
    try:
        for number, chunk, last in _chunks(sealed, CHUNK + TAG):
            opened = cipher.decrypt(_nonce(number, last), chunk, header)
            digest.update(opened)
            plain.write(opened)
    except InvalidTag:
        raise SealBroken("it is damaged or cut short") from None
    if digest.hexdigest() != sha256:
        raise SealBroken("it holds other bytes than its name says")


def _cipher(key: Key, sha256: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=bytes.fromhex(sha256), info=b"one file")
    return AESGCM(derived.derive(key.derived("seal")))


def _nonce(number: int, last: bool) -> bytes:
    """The chunk's number, and whether it is the last: a file cut between chunks does not open."""
    return number.to_bytes(11, "big") + bytes([last])


def _chunks(stream: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    number, chunk = 0, stream.read(size)
    while True:
        following = stream.read(size) if len(chunk) == size else b""
        yield number, chunk, not following
        if not following:
            return
        number, chunk = number + 1, following
