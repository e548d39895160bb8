"""Sealed bytes: AES-256-GCM in chunks, so that a large file costs no memory and a cut one is seen.

A sealed file is a header (mark, fingerprint of the key) and chunks of up to a megabyte, each with
its tag. Every file has a key of its own, derived from the key and the SHA-256 of the plain bytes,
and the number of a chunk is its nonce: no nonce is ever used twice with one key for other bytes.
The same bytes give the same sealed file.
"""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from flows.warehouse.encryption import Key

MARK = b"SVW-SEALED-1\n"
CHUNK = 1 << 20
TAG = 16


class SealBroken(RuntimeError):
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
