"""A .zip that was sent: its files within bounds, or one sentence why it is not opened."""

import stat
import struct
import zipfile
import zlib
from pathlib import Path

from flows.post.brought import NotTaken, is_temporary, parts_of
from flows.post.road import CHUNK
from flows.post.sources import MB, Bounds

ENDING = ".zip"
END_RECORD = struct.Struct("<4s4H2LH")
_CANNOT = "It is called .zip and cannot be unpacked: pack it anew."
ENTRY_BYTES = 1000  # more than a file's line in the list of a .zip that is meant well


def unpack(archive: Path, into: Path, bounds: Bounds) -> list[tuple[str, Path]]:
    """The files of an archive, written into a folder under numbers; each with its path inside.

    Raises NotTaken.
    """
    _refuse_long_list(archive, bounds)
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [one for one in opened.infolist() if not one.is_dir()]
            for one in entries:
                _refuse(one)
            entries = [one for one in entries if not is_temporary(one.filename)]
            if not entries:
                raise NotTaken("It holds no file.")
            if sum(one.file_size for one in entries) > bounds.file_mb * MB:
                raise NotTaken(f"What is packed in it is larger than {bounds.file_mb} MB.")
            return [_write(opened, one, into / f"{n}") for n, one in enumerate(entries)]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise NotTaken(_CANNOT) from None


def _refuse_long_list(archive: Path, bounds: Bounds) -> None:
    """Before the list is read: a small file may name millions."""
    with archive.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - 65_557))
        tail = stream.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < END_RECORD.size:
        raise NotTaken(_CANNOT)
    _, _, _, _, entries, length, _, _ = END_RECORD.unpack_from(tail, at)
    if entries > bounds.members or length > bounds.members * ENTRY_BYTES:
        raise NotTaken(f"It holds more than {bounds.members} files.")


def _refuse(entry: zipfile.ZipInfo) -> None:
    parts_of(entry.orig_filename)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise NotTaken("It holds a link.")
    if entry.flag_bits & 1:
        raise NotTaken("It is locked by a password: send the files without one.")
    if entry.filename.lower().endswith(ENDING):
        raise NotTaken("It holds another .zip: send the files in one.")


def _write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> tuple[str, Path]:
    left = entry.file_size
    with opened.open(entry) as source, target.open("wb") as copy:
        while chunk := source.read(min(CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise NotTaken("It holds more than it says.")
            copy.write(chunk)
    return entry.filename, target
