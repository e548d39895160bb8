"""A server of SFTP. Its key must be the one declared, else nobody signs in."""

import logging
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import paramiko

from flows.common.settings import Settings
from flows.post.credentials import credential, needed
from flows.post.road import CHUNK, DEPTH, MOST_ENTRIES, OURS, PATIENCE, Item, NotReached
from flows.post.sources import Source

PORT = 22
RSA = ("rsa-sha2-512", "rsa-sha2-256")  # how an ssh-rsa key signs today

# What went wrong is said by NotReached; the library's own log has traces of its threads.
logging.getLogger("paramiko").setLevel(logging.CRITICAL + 1)


@contextmanager
def connected(source: Source, settings: Settings) -> Iterator["SftpRoad"]:
    """The server, signed in to. Raises NotReached, NoCredential."""
    host, port = source.url.hostname or "", source.url.port or PORT
    try:
        with socket.create_connection((host, port), timeout=PATIENCE) as line:
            transport = paramiko.Transport(line)
            try:
                _known_server(transport, source)
                _sign_in(transport, source, settings)
                client = paramiko.SFTPClient.from_transport(transport)
                if client is None:
                    raise NotReached(f"{source.id}: the server speaks no SFTP.")
                client.get_channel().settimeout(PATIENCE)
                yield SftpRoad(client, source.url.path or "/")
            finally:
                transport.close()
    except paramiko.AuthenticationException:
        raise NotReached(f"{source.id}: the server did not let {source.user} in.") from None
    except (OSError, EOFError, paramiko.SSHException) as error:
        what = type(error).__name__
        raise NotReached(
            f"{source.id}: {host} cannot be reached, or the line broke ({what})."
        ) from None


def _known_server(transport: paramiko.Transport, source: Source) -> None:
    kind, key = source.host_key.split()
    transport.get_security_options().key_types = RSA if kind == "ssh-rsa" else (kind,)
    changed = NotReached(
        f"{source.id}: the server's key is not the one declared, so nobody signed in: ask its"
        " keeper whether it was changed, and then mend host_key."
    )
    try:
        transport.start_client(timeout=PATIENCE)
    except paramiko.ssh_exception.IncompatiblePeer:  # it has no key of that kind
        raise changed from None
    if transport.get_remote_server_key().get_base64() != key:
        raise changed


def _sign_in(transport: paramiko.Transport, source: Source, settings: Settings) -> None:
    file = credential(settings, source, "KEY_FILE")
    if not file:
        transport.auth_password(source.user, needed(settings, source, "PASSWORD"))
        return
    if not Path(file).is_file():
        raise NotReached(f"{source.id}: no key file lies where its KEY_FILE says.")
    try:
        key = paramiko.PKey.from_path(Path(file))
    except Exception as error:
        # A library's words may quote the key.
        raise NotReached(
            f"{source.id}: its key file cannot be read ({type(error).__name__})."
        ) from None
    transport.auth_publickey(source.user, key)


class SftpRoad:
    """Files below a folder of the server."""

    left_alone = 0
    is_cut = False

    def __init__(self, client: paramiko.SFTPClient, place: str) -> None:
        self.client = client
        self.place = place.rstrip("/")

    def items(self) -> list[Item]:
        """The regular files."""
        found = list(islice(self._below("", 0), MOST_ENTRIES + 1))
        self.is_cut = len(found) > MOST_ENTRIES
        return found[:MOST_ENTRIES]

    def _below(self, folder: str, depth: int) -> Iterator[Item]:
        entries = self.client.listdir_attr(f"{self.place}/{folder}")
        for entry in sorted(entries, key=lambda one: one.filename):
            path, mode = f"{folder}{entry.filename}", entry.st_mode or 0
            if stat.S_ISDIR(mode):
                if depth < DEPTH and not (depth == 0 and entry.filename in OURS):
                    yield from self._below(f"{path}/", depth + 1)
            elif stat.S_ISREG(mode):
                size, at = entry.st_size or 0, entry.st_mtime or 0
                modified = datetime.fromtimestamp(at, UTC).replace(tzinfo=None)
                yield Item(path, size, modified, f"{size}/{at}")

    def fetch(self, item: Item, into: BinaryIO) -> None:
        """Copy the bytes, asked for ahead of what has come."""
        with self.client.open(f"{self.place}/{item.path}", "rb") as stream:
            stream.prefetch(item.size)
            left = item.size + 1
            while left and (chunk := stream.read(min(CHUNK, left))):
                into.write(chunk)
                left -= len(chunk)

    def put_away(self, item: Item, folder: str) -> None:
        """Move the file."""
        target = f"{self.place}/{folder}/{item.put_away}"
        self._make_folders_of(target)
        self.client.posix_rename(f"{self.place}/{item.path}", target)

    def leave(self, path: str, content: bytes) -> None:
        """Write the file beside its name, under one that begins with a dot, and rename it."""
        target = f"{self.place}/{path}"
        self._make_folders_of(target)
        above, _, name = target.rpartition("/")
        partial = f"{above}/.{name}.part"
        with self.client.open(partial, "wb") as stream:
            stream.set_pipelined(True)
            stream.write(content)
        self.client.posix_rename(partial, target)

    def _make_folders_of(self, target: str) -> None:
        above = [
            target[:n] for n, letter in enumerate(target) if letter == "/" and n > len(self.place)
        ]
        for parent in above:
            with suppress(OSError):  # it is there; else the move says so
                self.client.mkdir(parent)
