"""What a file is: its bytes, its kind, and its text as UTF-8."""

import codecs
import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flows.common.errors import Rejected
from flows.common.files import anonymous_file

Kind = Literal["csv", "workbook", "json"]
CHUNK = 1 << 20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
TWICE_ENCODED_MARK = "\ufeff".encode().decode("cp1252").encode()  # a mark that went through cp1252

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # zip archives and OLE files

_CONTROL = bytes(range(1, 9)) + bytes(range(14, 27)) + bytes(range(28, 32))
_EDGE = rb"[,;\t|\"\r\n ]"
_PADDING = re.compile(rb"^\x00+|\x00+(?=%s|$)|(?<=%s)\x00+" % (_EDGE, _EDGE))
JSON = re.compile(rb"[\[{]\s*[\[{\"]")  # an object, or a list of objects or lists

# How each kind of file that is no table begins, and what its sender should do.
NO_TABLES = [
    (b"%PDF", "a PDF, not a table: send the workbook or CSV it was printed from"),
    (b"<!doctype html", "a page of HTML, not a table: save the data itself as CSV"),
    (b"<html", "a page of HTML, not a table: save the data itself as CSV"),
    (b"\x89PNG", "a picture, not a table: send the data as CSV"),
    (b"\x1f\x8b", "a compressed file: unpack it and send the CSV inside"),
]


@dataclass(frozen=True)
class File:
    """A file as it arrived: where it lies, what it was called, and its SHA-256."""

    path: Path
    name: str
    sha256: str
    size_bytes: int


def look_at(path: Path, name: str | None = None, largest_mb: int = 2048) -> File:
    """The file at `path`, hashed. Raises Rejected if it is empty, too large or cannot be read."""
    name = name or path.name
    try:
        size = path.stat().st_size
        if size == 0:
            raise Rejected("land", f"{name} is empty: send the file again.")
        if size > largest_mb * CHUNK:
            raise Rejected(
                "land",
                f"{name} is larger than {largest_mb} MB: send it in parts, or raise "
                "SOCIAL_VALUE_LARGEST_FILE_MB.",
            )
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise Rejected("land", f"{name} cannot be read ({error.strerror}).") from None
    return File(path=path, name=name, sha256=digest, size_bytes=size)


def kind_of(file: File) -> Kind:
    """Which kind of table the file is, by its first bytes. Raises Rejected if it is none."""
    with file.path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith(WORKBOOKS):
        return "workbook"
    wide = _wide(start)
    text = start.decode(wide, errors="replace").encode() if wide else start
    bare = text.removeprefix(BYTE_ORDER_MARK).lstrip().lower()
    for signature, what in NO_TABLES:
        if bare.startswith(signature.lower()):
            raise Rejected("read", f"{file.name} is {what}.")
    if wide is None and _is_binary(start):
        raise Rejected("read", f"{file.name} holds binary data, not a table: send it as CSV.")
    return "json" if JSON.match(bare) else "csv"


def _wide(start: bytes) -> str | None:
    """UTF-16, by its mark or by the empty half of each letter; None where it is something else."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = start[0::2], start[1::2]
    for empty, full, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if empty and empty.count(0) * 10 > len(empty) * 9 and full.count(0) * 10 < len(full):
            return encoding
    return None


def _is_binary(start: bytes) -> bool:
    """Whether NUL bytes are many, or not alone: a few pad the cells of some exports."""
    odd = sum(start.count(byte) for byte in _CONTROL)
    return 0 in start and (odd * 100 > len(start) or start.count(0) * 10 > len(start) * 3)


@dataclass(frozen=True)
class Text:
    """A CSV file as UTF-8 with plain line ends."""

    path: Path
    encoding: str
    has_blank_lines: bool


@contextmanager
def as_utf8(file: File, scratch: Path) -> Iterator[Text]:
    """The file's text as UTF-8 with no byte-order mark, rewritten only if need be.

    What is rewritten has no name in `scratch`: a kill leaves nothing of it. Real files mix UTF-8
    and cp1252 line by line, so a file that is not UTF-8 as a whole is decoded a line at a time: as
    UTF-8 where it is, else as cp1252. Lone CRs become line ends.
    """
    path = file.path
    encoding = "utf-8"
    with ExitStack() as rewritten:
        if wide := _wide(_first_bytes(path, 4096)):
            path, encoding = rewritten.enter_context(anonymous_file(scratch)), "utf-16"
            with (
                file.path.open(encoding=wide, errors="replace", newline="") as source,
                path.open("w", encoding="utf-8", newline="") as target,
            ):
                shutil.copyfileobj(source, target)
        survey = _survey(path)
        start = _first_bytes(path)
        mark = next((m for m in (BYTE_ORDER_MARK, TWICE_ENCODED_MARK) if start.startswith(m)), b"")
        if not survey.is_utf8:
            encoding = "cp1252"
        if survey.has_nul:
            encoding += " with NUL bytes"
        if mark or not survey.is_utf8 or survey.lone_cr or survey.has_nul:
            better = rewritten.enter_context(anonymous_file(scratch))
            _rewrite(path, better, mark, survey.lone_cr)
            path = better
        yield Text(path, encoding, survey.has_blank_lines or survey.has_nul)


def _rewrite(path: Path, better: Path, mark: bytes, lone_cr: bool) -> None:
    with better.open("wb") as out:
        for number, line in enumerate(_lines(path, lone_cr)):
            plain = line.removeprefix(mark) if number == 0 else line
            out.write(_without_nul(_line_to_utf8(plain)))


def _without_nul(line: bytes) -> bytes:
    """The line without the NUL bytes that pad its cells; one inside a cell stays to be seen."""
    if b"\x00" not in line:
        return line
    return _PADDING.sub(b"", line).replace(b"\x00", "\u2400".encode())


def _first_bytes(path: Path, number: int = 16) -> bytes:
    with path.open("rb") as stream:
        return stream.read(number)


@dataclass(frozen=True)
class _Survey:
    is_utf8: bool
    lone_cr: bool
    has_nul: bool
    has_blank_lines: bool


def _survey(path: Path) -> _Survey:
    """One pass over the bytes, a chunk at a time, so that a large file costs no memory."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, has_nul, blank = True, False, False
    ends = {b"\n": 0, b"\r": 0, b"\r\n": 0}
    before = b"\n"
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
            window = before + chunk
            for end in ends:
                ends[end] += chunk.count(end)
            has_nul = has_nul or b"\x00" in chunk
            blank = blank or any(pair in window for pair in (b"\n\n", b"\n\r\n", b"\r\r"))
            before = window[-3:]
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    lone_cr = ends[b"\r"] - ends[b"\r\n"] > ends[b"\n"]
    return _Survey(is_utf8, lone_cr, has_nul, blank)


def _lines(path: Path, lone_cr: bool) -> Iterator[bytes]:
    """The lines of the file with their ends; lone CRs count as ends where they are the custom."""
    if lone_cr:
        with path.open(encoding="latin-1", newline=None) as stream:
            for line in stream:
                yield line.encode("latin-1")
    else:
        with path.open("rb") as bytes_stream:
            yield from bytes_stream


def _line_to_utf8(line: bytes) -> bytes:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(_character(byte) for byte in line).encode("utf-8")
    return line


def _character(byte: int) -> str:
    """The character of a cp1252 byte; the five bytes that cp1252 leaves open keep their number."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)
