"""Backup and restore: what cannot be made anew, in one tar file with the SHA-256 of each file.

In it: the warehouse, the archive (sealed), the answers to senders, the releases, the audit's
files, and whose the home is. Not in it: the key (keep it apart), the inbox (it may hold people in
clear) and what `build` makes anew.
"""

import glob
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO

from flows.authority.binding import FILE as BINDING
from flows.common import clock
from flows.common.errors import SocialValueError
from flows.common.files import building_folder, remove_partials, written_whole
from flows.common.settings import Settings
from flows.warehouse import ledger
from flows.warehouse.connection import OLDEST, SCHEMA_VERSION, lock, reading, version_of
from flows.warehouse.home import folder_modes, make_bare_folders
from flows.warehouse.store.chosen import store_of

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20
FACTS = ("made_at", "schema_version", "ledger_head", "key_fingerprint")
FOLDERS = ("archive", "quarantine", "audit", "published")
BESIDE = ("warehouse.duckdb", "warehouse.duckdb.wal", "key.fingerprint")  # in `warehouse`
# What a hostile entry raises: a file for a folder, a name with a NUL, a time beyond any clock.
DAMAGED = (
    *(tarfile.TarError, EOFError, ValueError, OverflowError),
    *(NotADirectoryError, FileExistsError, IsADirectoryError),
)


class BackupFault(SocialValueError):
    """A backup cannot be made or put back; the place it was for is as it was before."""


@dataclass(frozen=True)
class Backup:
    """A backup: where it lies, what it holds, and what it is known by."""

    path: Path
    files: int
    size_bytes: int
    made_at: str
    schema_version: int
    ledger_head: str
    key_fingerprint: str
    left_in_inbox: int = 0


class _Hashed(io.RawIOBase):
    """A stream that hashes what is read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self.digest.update(chunk)
        return chunk


def back_up(settings: Settings, target: Path) -> Backup:
    """Write a backup of the home to `target`, whole or not at all; nobody writes meanwhile.

    Raises BackupFault where there is nothing to keep, or where `target` is taken or in the home.
    """
    target = target.expanduser().absolute()
    if target.exists():
        raise BackupFault(f"{target} is there already: give the backup a name of its own.")
    if target.is_relative_to(settings.home):
        raise BackupFault(f"{target} is in the home itself: name a place apart from it.")
    if not target.parent.is_dir():
        raise BackupFault(f"There is no folder {target.parent}: make it first.")
    store = store_of(settings)
    if not store.exists():
        raise BackupFault(f"{settings.home} has no warehouse: there is nothing to keep yet.")
    remove_partials(target.parent, f".{glob.escape(target.name)}.*")
    try:
        # The lock keeps writers out until the end.
        with (
            lock(settings, exclusive=False),
            reading(settings, OLDEST) as connection,
            store.as_files() as database,
            written_whole(target, overwrite=False) as partial,
        ):
            facts = {
                "made_at": clock.now().isoformat(),
                "schema_version": version_of(connection),
                "ledger_head": ledger.head(connection),
                "key_fingerprint": _fingerprint(settings),
            }
            with partial.open("wb") as stream:
                files = _write(stream, settings, database, facts)
    except FileExistsError:
        raise BackupFault(
            f"{target} is there already: give the backup a name of its own."
        ) from None
    return _described(target, files, facts, _waiting(settings))


def restore(settings: Settings, source: Path) -> Backup:
    """Make the home from a backup; every file must be what the backup's manifest says.

    Raises BackupFault, with the home as it was, where the home is not empty, or the backup is
    damaged or of a later version.
    """
    home = settings.home
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise BackupFault(f"{home} is not empty: a backup is restored into an empty home only.")
    try:
        with building_folder(home.parent) as partial:  # which wipes what a killed one left
            with tarfile.open(source, "r:") as tar:
                facts, files = _manifest_of(tar, source)
                _unpack(tar, files, partial, source)
            store_of(settings).fill_from(partial / "warehouse" / BESIDE[0])
            _give_modes(settings, partial)
            os.sync()  # once: thousands of small files take a quarter of a minute one by one
            partial.replace(home)  # an empty folder gives way
    except DAMAGED:
        raise BackupFault(f"{source} is damaged, or is no backup: use another one.") from None
    return _described(source, files, facts, 0)


def _kept(settings: Settings, database: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    """Every file that belongs in a backup and its name there, in the same order each time.

    `database`: the files of the warehouse, by their names.
    """
    beside = {BESIDE[-1]: settings.warehouse.with_name(BESIDE[-1]), **database}
    single = [(BINDING, settings.home / BINDING)]
    single += [(f"warehouse/{name}", beside[name]) for name in BESIDE if name in beside]
    yield from ((name, path) for name, path in single if path.is_file())
    for folder in (settings.home / name for name in FOLDERS):
        for path in sorted(folder.rglob("*")):
            place = path.relative_to(settings.home)
            if _belongs(place) and path.is_file() and not path.is_symlink():
                yield place.as_posix(), path


def _belongs(place: PurePath) -> bool:
    """Whether a backup has a file at that place of a home.

    It has none in `prefect`: a password or a deployment of somebody's making would run commands.
    """
    first, *rest = place.parts or ("",)
    if place.parts == (BINDING,):
        return True
    if first == "warehouse":
        return len(rest) == 1 and rest[0] in BESIDE
    passing = any(part.startswith(".") for part in rest)
    return first in FOLDERS and bool(rest) and not passing


def _write(
    stream: BinaryIO, settings: Settings, database: Mapping[str, Path], facts: dict[str, object]
) -> dict[str, str]:
    """Write the files and then the manifest; returns the SHA-256 of each file."""
    files: dict[str, str] = {}
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, path in _kept(settings, database):
            with path.open("rb") as reader:
                entry = tar.gettarinfo(arcname=name, fileobj=reader)
                entry.uid = entry.gid = 0
                entry.uname = entry.gname = ""
                hashed = _Hashed(reader)
                tar.addfile(entry, hashed)
                files[name] = hashed.digest.hexdigest()
        content = {"format": FORMAT, **facts, "the_key": "not in this backup", "files": files}
        text = json.dumps(content, indent=2, sort_keys=True).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        tar.addfile(entry, io.BytesIO(text))
    return files


def _manifest_of(tar: tarfile.TarFile, source: Path) -> tuple[dict[str, object], dict[str, str]]:
    try:
        entry = tar.getmember(MANIFEST)
        stream = None if entry.issparse() else tar.extractfile(entry)
        content = json.loads(stream.read()) if stream else {}
        facts = {name: content[name] for name in FACTS}
        files = {str(name): str(digest) for name, digest in content["files"].items()}
        version, is_ours = int(facts["schema_version"]), content["format"] == FORMAT
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        is_ours = False
    if not is_ours:
        raise BackupFault(
            f"{source} has no manifest that can be read: it is cut short, or no backup."
        )
    if version > SCHEMA_VERSION:
        raise BackupFault(
            f"{source} was made by a later version (its warehouse has schema version "
            f"{version}, this software knows {SCHEMA_VERSION}): update it."
        )
    if version < OLDEST:
        raise BackupFault(
            f"{source} was made by an earlier version (its warehouse has schema version "
            f"{version}): restore it with that version."
        )
    return facts, files


def _unpack(tar: tarfile.TarFile, files: dict[str, str], place: Path, source: Path) -> None:
    """Write the files of the manifest below `place`, each as it should be, and no other."""
    missing = dict(files)
    for entry in tar:
        if entry.name == MANIFEST:
            continue
        if entry.name not in missing:
            raise BackupFault(f"{source} holds {entry.name!r}, which its manifest does not name.")
        steps = PurePosixPath(entry.name)
        # A sparse file of a few bytes would be unpacked to any size.
        if not _belongs(steps) or not entry.isfile() or entry.issparse():
            raise BackupFault(f"{source} holds {entry.name!r}, which no backup has.")
        target = place / steps
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        reader = tar.extractfile(entry)
        if reader is None or _copied(reader, target) != missing.pop(entry.name):
            raise BackupFault(f"{source}: {entry.name} is not what it was when it was backed up.")
        target.chmod(entry.mode & 0o644)
        os.utime(target, (entry.mtime, entry.mtime))
    if missing:
        raise BackupFault(f"{source} lacks {min(missing)}, which its manifest names.")


def _copied(reader: object, target: Path) -> str:
    """The SHA-256 of what was copied to `target`."""
    hashed = _Hashed(reader)  # type: ignore[arg-type]  # tarfile's stream is a binary one
    with target.open("xb") as writer:
        shutil.copyfileobj(hashed, writer, CHUNK)
    return hashed.digest.hexdigest()


def _give_modes(settings: Settings, place: Path) -> None:
    """Give the folders the modes that a new home has; what is public may be read by everybody."""
    home = settings.model_copy(update={"home": place})
    make_bare_folders(home)
    for folder, mode in folder_modes(home).items():
        folder.chmod(mode)
    for folder in (place, *(path for path in home.published.rglob("*") if path.is_dir())):
        folder.chmod(0o755)


def _fingerprint(settings: Settings) -> str:
    path = settings.warehouse.with_name("key.fingerprint")
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


def _waiting(settings: Settings) -> int:
    """How many files wait in the inbox, and so are not in the backup."""
    return sum(path.is_file() for path in settings.inbox.rglob("*"))


def _described(path: Path, files: dict[str, str], facts: dict[str, object], left: int) -> Backup:
    return Backup(
        path=path,
        files=len(files),
        size_bytes=path.stat().st_size,
        made_at=str(facts["made_at"]),
        schema_version=int(str(facts["schema_version"])),
        ledger_head=str(facts["ledger_head"]),
        key_fingerprint=str(facts["key_fingerprint"]),
        left_in_inbox=left,
    )


def as_row(one: Backup) -> dict[str, object]:
    """The backup as a row to print."""
    return {**asdict(one), "path": str(one.path)}
