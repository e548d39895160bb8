"""Files and folders that are there whole or not at all, scratch files, and equal bytes."""

import atexit
import errno
import fcntl
import hashlib
import io
import os
import re
import secrets
import shutil
import stat
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from flows.common.errors import SocialValueError
from flows.common.locks import Busy, locked
from flows.common.processes import MARK, is_dead, own_mark
from flows.common.settings import Settings

# In dbt's folder, or in one of it: a lock, and what is of a build that is at work while it is held.
GUARDED = {"lock": "project/model.duckdb*", "kept.lock": "kept.duckdb*"}
_PARTIAL = re.compile(rf"\.({MARK}|\d+)-\d+\.partial(\.wal)?$")


@contextmanager
def written_whole(
    path: Path, mode: int = 0o600, *, overwrite: bool = True, by_duckdb: bool = False
) -> Iterator[Path]:
    """A file to write, which takes the place of `path` when the block ends, durable and whole.

    Nothing is left of it when the block raises; what a kill leaves, `remove_partials` removes.
    `by_duckdb`: the writer is DuckDB, which makes the file itself. Raises FileExistsError where
    `path` is there and may not be overwritten.
    """
    partial = path.with_name(f".{path.name}.{own_mark()}-{threading.get_ident()}.partial")
    beside = (partial, partial.with_name(f"{partial.name}.wal"))
    for left in beside:
        left.unlink(missing_ok=True)
    if not by_duckdb:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield partial
        partial.chmod(mode)
        to_disk(partial)
        if overwrite:
            partial.replace(path)
        else:
            os.link(partial, path)
    finally:
        for left in beside:
            left.unlink(missing_ok=True)


def put_in_place(source: Path, target: Path) -> None:
    """Have a file take the place of `target`, whole; it may lie on another disk."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with written_whole(target, stat.S_IMODE(source.stat().st_mode)) as partial:
            shutil.copyfile(source, partial)
        source.unlink()


def remove_partials(folder: Path, pattern: str = "**/.*") -> list[Path]:
    """Remove the partial files of processes that are dead; returns what was removed."""
    found = [path for path in folder.glob(pattern) if _is_left_over(path)]
    for path in found:
        path.unlink(missing_ok=True)
    return found


def _is_left_over(path: Path) -> bool:
    mark = _PARTIAL.search(path.name)
    return mark is not None and is_dead(mark[1]) and path.is_file()


def slug(name: str) -> str:
    """A name as it stands in a path: `Leeds City Council` is `leeds-city-council`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def digest_of(files: Mapping[str, bytes]) -> str:
    """The SHA-256 of all these files, with their names."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


def scratch_folder(settings: Settings) -> Path:
    """This process's own folder for temporary files, made if need be and gone when it ends.

    Whoever makes one removes those that killed processes have left, whatever command they ran.
    """
    folder = settings.scratch / own_mark()
    if not folder.exists():
        remove_dead_scratch(settings)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)  # whatever the umask
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def remove_dead_scratch(settings: Settings) -> list[Path]:
    """Remove the scratch folders of processes that are dead; returns what was removed.

    Those of another machine, or of a process that cannot be seen from here, are left alone.
    """
    folders = settings.scratch.iterdir() if settings.scratch.is_dir() else ()
    dead = [path for path in folders if is_dead(path.name)]
    for path in dead:
        shutil.rmtree(path, ignore_errors=True)
    return [*dead, *remove_dead_builds(settings)]


def remove_dead_builds(settings: Settings) -> list[Path]:
    """Remove what killed builds left of rows about people: the copy they read, and the new file.

    Who builds, or a dbt whose parent was killed, holds the lock that lies above them.
    """
    removed = remove_partials(settings.dbt_folder, ".*")
    for folder in (settings.dbt_folder, *settings.dbt_folder.glob("*/")):
        for name, guarded in GUARDED.items():
            if any(folder.glob(guarded)):
                with suppress(Busy), locked(folder / name, wait=0):
                    removed += [path for path in folder.glob(guarded) if _removed(path)]
    return removed


def _removed(path: Path) -> bool:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return True


@contextmanager
def anonymous_file(folder: Path) -> Iterator[Path]:
    """An empty file on the disk of `folder` that no folder lists, by a path to open it with.

    The path holds for this process and those it starts. Where the system has no /proc, it is a
    private file with a name, which is removed at the end or by the next run.
    """
    if Path("/proc/self/fd").is_dir():
        with tempfile.TemporaryFile(dir=folder) as stream:
            yield Path(f"/proc/{os.getpid()}/fd/{stream.fileno()}")
        return
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


PREFIX = ".building-"
_AT_ONCE = 16


class PlaceTaken(SocialValueError):
    """Something stands in the place already; nothing was overwritten."""


@contextmanager
def folder_written_whole(place: Path) -> Iterator[Path]:
    """A folder to fill, which takes its place when the block ends, read-only, durable and whole.

    Raises PlaceTaken if something is there.
    """
    with building_folder(place.parent) as folder:
        yield folder
        _put_in_place(folder, place)


@contextmanager
def building_folder(beside: Path) -> Iterator[Path]:
    """A new folder in `beside`, gone afterwards unless it was renamed into its place.

    Its lock dies with the process that holds it: that is how left-over folders of dead processes
    are told from those at work; they are wiped first.
    """
    beside.mkdir(parents=True, exist_ok=True)
    for left_over in sorted(beside.glob(f"{PREFIX}*")):
        _wipe_if_dead(left_over)
    folder, lock = _locked_folder(beside)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _put_in_place(folder: Path, place: Path) -> None:
    files, folders = [], []
    for parent, _, names in os.walk(folder, topdown=False):
        files += [Path(parent, name) for name in names]
        folders.append(Path(parent))
    for path in files:
        path.chmod(0o444)
    # Side by side: each waits for the disk, and a release has hundreds.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(to_disk, [*files, *folders]))
    try:
        # Renaming onto a folder that holds anything fails: a release is never overwritten.
        folder.rename(place)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise PlaceTaken(f"{place} exists already.") from None
        raise
    to_disk(place.parent)


def _locked_folder(beside: Path) -> tuple[Path, int]:
    while True:
        folder = beside / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir()
        lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Another process may have taken it for a left-over before it was locked.
        if folder.exists():
            return folder, lock
        os.close(lock)


def _wipe_if_dead(folder: Path) -> None:
    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return
        raise
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    except BlockingIOError:
        return
    finally:
        os.close(lock)


def to_disk(path: Path) -> None:
    """Wait until a file's bytes, or a folder's names, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_CORE = "docProps/core.xml"
_MODIFIED = re.compile(
    rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)"
)


def zip_with_fixed_dates(workbook: bytes, as_of: datetime) -> bytes:
    """The workbook with sorted entries, fixed entry dates, and `as_of` as its created and modified.

    openpyxl writes the present moment into both the properties and the zip entries.
    """
    stamp = f"{as_of:%Y-%m-%dT%H:%M:%SZ}".encode()
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == _CORE:
                content = _MODIFIED.sub(lambda found: found[1] + stamp + found[3], content)
            add_to_zip(new, name, content)
    return out.getvalue()


def add_to_zip(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add an entry in which nothing depends on the moment or the machine."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    archive.writestr(entry, content, compresslevel=9)
