"""What stands in `published`, held against the ledger; and the ledger's head for someone apart.

Whoever holds the whole home can write all of it anew, and cut off the ledger's newest events. An
anchor is the head of a moment in somebody else's hands: with it both are found.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from exports.edition.manifest import MANIFEST, RECEIPT, ManifestError, read_manifest
from exports.site.shelf import INDEX, ON_TOP, index_text, texts_beside
from flows.common.declarations import DeclarationError
from flows.common.errors import InputError
from flows.common.files import PREFIX, written_whole
from flows.common.settings import Settings
from flows.warehouse.connection import reading
from flows.warehouse.ledger import Event, as_object, newest


@dataclass(frozen=True)
class Fault:
    """Something that is not as the ledger says: what, where, what should be there and what is."""

    what: str
    where: str
    expected: str
    found: str


@dataclass(frozen=True)
class Anchor:
    """The ledger's head at a moment: the number, time and hash of its newest event."""

    event: int
    at: datetime
    head: str

    def __str__(self) -> str:
        return f"event {self.event} of {self.at:%Y-%m-%d %H:%M:%S} UTC, {self.head}"


class NoAnchor(InputError):
    """There is nothing to anchor, or a file is no anchor."""


def anchor_of(settings: Settings) -> Anchor:
    """The head of the home's ledger now. Raises NoAnchor where nothing has happened yet."""
    with reading(settings) as connection:
        event = newest(connection)
    if event is None:
        raise NoAnchor(f"{settings.home} has no event yet: there is nothing to anchor.")
    return Anchor(event.seq, event.at, event.hash)


def write_anchor(anchor: Anchor, path: Path) -> None:
    """Write the anchor to a file for somebody apart. Raises NoAnchor where one is there."""
    text = json.dumps({**asdict(anchor), "at": anchor.at.isoformat()}, indent=2) + "\n"
    try:
        with written_whole(path, 0o644, overwrite=False) as partial:
            partial.write_text(text, encoding="utf-8")
    except FileExistsError:
        raise NoAnchor(f"{path} is there already: give the anchor a name of its own.") from None


def read_anchor(path: Path) -> Anchor:
    """The anchor in a file. Raises NoAnchor."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Anchor(int(found["event"]), datetime.fromisoformat(found["at"]), str(found["head"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise NoAnchor(f"{path} is no anchor: name what social-value audit anchor wrote.") from None


def check_anchor(anchor: Anchor, events: Sequence[Event]) -> Iterator[Fault]:
    """What somebody else was told of the ledger is still the beginning of its chain."""
    where = f"event {anchor.event}, as it was anchored"
    found = next((event for event in events if event.seq == anchor.event), None)
    if found is None:
        there = f"{len(events)} events"
        yield Fault("the chain ends before the anchor", where, str(anchor), there)
    elif (found.hash, found.at) != (anchor.head, anchor.at):
        now = str(Anchor(found.seq, found.at, found.hash))
        yield Fault("the chain is another than the anchor's", where, str(anchor), now)


def check_published(settings: Settings, events: Sequence[Event]) -> Iterator[Fault]:
    """Every release is there as it went out, and what is there went out."""
    by_hash = {event.hash: event.seq for event in events}
    published = {event.subject: event for event in events if event.kind == "published"}
    yield from _twice(events)
    for event in published.values():
        yield from check_release(settings, event)
        yield from _head(settings, event, by_hash)
    yield from _strangers(settings.published, published.keys())
    yield from _index(settings.published, events)
    yield from _beside(settings.published)


def _twice(events: Sequence[Event]) -> Iterator[Fault]:
    """A release goes out once: a second event for it vouches for what somebody put in its place."""
    first: dict[str, int] = {}
    for event in events:
        if event.kind == "published" and first.setdefault(event.subject, event.seq) != event.seq:
            where = f"event {event.seq} ({event.kind} {event.subject})"
            only = f"event {first[event.subject]} alone"
            yield Fault("a release went out twice", where, only, f"event {event.seq}")


def _head(settings: Settings, event: Event, by_hash: dict[str, int]) -> Iterator[Fault]:
    """The ledger's head that a release was made with is an event of before it went out."""
    folder = settings.published / event.subject
    try:
        head = read_manifest(folder).ledger_head
    except (ManifestError, OSError):
        return  # which is a fault already
    if by_hash.get(head, event.seq) >= event.seq:
        where = f"{event.subject}/{MANIFEST}, ledger_head"
        yield Fault("a release rests on another ledger", where, "an earlier event", head)


def _strangers(published: Path, known: Collection[str]) -> Iterator[Fault]:
    """What lies in `published` and belongs to no release that the ledger knows."""
    for path in sorted(published.rglob("*")):
        place = path.relative_to(published)
        name = "/".join(place.parts[:3])
        if name in known or place.parts[0] in ON_TOP or place.parts[-1].endswith(".partial"):
            continue
        if any(part.startswith(PREFIX) for part in place.parts):
            continue  # another process builds a release; what a dead one left is wiped by the next
        if len(place.parts) == 3 and path.is_dir():
            yield Fault("a release has no event", name, "an event of its publication", "none")
        elif not path.is_dir() and not (published / name / MANIFEST).is_file():
            where = f"published/{place.as_posix()}"
            yield Fault("a file was added to what is published", where, "no file", "a file")


def _index(published: Path, events: Sequence[Event]) -> Iterator[Fault]:
    """The index is the one that the newest release went out with, or what this version writes.

    Another version lays it out otherwise; a maker who was killed had not put it on record.
    """
    path = published / INDEX
    if not path.exists():
        return
    found = _sha256(path)
    on_record = [event.detail["index"] for event in events if "index" in event.detail]
    if on_record and found == on_record[-1]:
        return
    try:
        expected = hashlib.sha256(index_text(published).encode()).hexdigest()
    except (ManifestError, DeclarationError, OSError):
        return  # a manifest or the authority it keeps was changed, which is a fault already
    if found != expected:
        yield Fault("the index was changed", f"published/{INDEX}", expected, found)


def _is_written(path: Path, text: str) -> bool:
    return path.read_bytes() == text.encode()


def _beside(published: Path) -> Iterator[Fault]:
    """The feed and the map of pages are what this version writes, where it wrote the index."""
    try:
        if not _is_written(published / INDEX, index_text(published)):
            return  # another version laid it out
        expected = texts_beside(published)
    except (ManifestError, DeclarationError, OSError):
        return  # which is a fault already
    for name, text in expected.items():
        path = published / name
        if path.exists() and not _is_written(path, text):
            wanted = hashlib.sha256(text.encode()).hexdigest()
            yield Fault("the index was changed", f"published/{name}", wanted, _sha256(path))


def check_release(settings: Settings, event: Event) -> Iterator[Fault]:
    """The release of a `published` event is there, with the manifest and files it went out with."""
    folder = settings.published / event.subject
    manifest = folder / MANIFEST
    if not manifest.is_file():
        yield Fault("a release is missing", event.subject, MANIFEST, "no file")
        return
    found = _sha256(manifest)
    if found != event.detail.get("manifest"):
        where = f"{event.subject}/{MANIFEST}"
        yield Fault("a manifest was changed", where, str(event.detail.get("manifest")), found)
    receipt = folder / RECEIPT
    found = _sha256(receipt) if receipt.is_file() else "no file"
    if found != event.detail.get("receipt"):
        where = f"{event.subject}/{RECEIPT}"
        yield Fault("a receipt was changed", where, str(event.detail.get("receipt")), found)
    yield from _files(folder, event.subject, as_object(manifest.read_text(encoding="utf-8")))


def _files(folder: Path, name: str, manifest: dict[str, object]) -> Iterator[Fault]:
    outputs = manifest.get("outputs")
    expected = {str(k): str(v) for k, v in outputs.items()} if isinstance(outputs, dict) else {}
    there = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir() or path.is_symlink()
    }
    there -= {MANIFEST, RECEIPT}
    for path in sorted(expected.keys() | there):
        where = f"{name}/{path}"
        if path not in there:
            yield Fault("a released file is missing", where, expected[path], "no file")
        elif path not in expected:
            yield Fault("a file was added to a release", where, "no file", _sha256(folder / path))
        elif (found := _sha256(folder / path)) != expected[path]:
            yield Fault("a released file was changed", where, expected[path], found)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no file"
