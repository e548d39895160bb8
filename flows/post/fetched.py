"""What was fetched and is not in the inbox yet: whole, durable, and handed on exactly once.

A file is fetched into a folder that is renamed when all of it is there. Then the ledger has where
it came from, then it is moved into the inbox. Whoever is killed in between leaves what the next run
goes on with.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.common.files import building_folder, to_disk
from flows.common.settings import Settings
from flows.intake.inbox import folder_of_sender
from flows.post import record
from flows.post.brought import Brought, NotTaken
from flows.post.mail import attachments
from flows.post.road import Item, Road, digest
from flows.post.sources import Bounds, Source
from flows.post.unpack import ENDING, unpack

NOTE = "note.json"


@dataclass(frozen=True)
class File:
    """A file of an item: a member of a .zip, or the item itself. `place`: where it came from."""

    number: int
    sender: str
    return_name: str
    name: str
    sha256: str
    place: str


@dataclass(frozen=True)
class Fetched:
    """An item with its files. `known`: those that came last time from the same place."""

    source: str
    word: str
    put_there: str
    files: list[File]
    known: list[int]


def fetch(
    road: Road,
    source: Source,
    item: Item,
    settings: Settings,
    whose: Callable[[str], Brought],
    known: record.OnRecord,
) -> Fetched | None:
    """Fetch an item, and keep it beside the inbox; None where it was another than it was seen.

    `whose`: who sends a path; `known`: what came and went before. Raises NotTaken, NotReached.
    """
    with building_folder(_post(settings)) as folder:
        paths = _files_of(road, source.bounds, item, folder)
        if paths is None:
            return None
        files = []
        for number, (inside, path) in enumerate(paths):
            one = whose(inside)
            path.rename(folder / f"file-{number}")
            sha256 = _sha256(folder / f"file-{number}")
            if sha256 in known.sent:
                raise NotTaken("It is an answer that was sent from here.")
            place = digest(source.id, item.path, inside)
            files.append(File(number, one.sender, one.return_name, one.name, sha256, place))
        old = [one.number for one in files if known.last.get(one.place) == one.sha256]
        for emptied in folder.glob("of-*"):
            emptied.rmdir()
        word, at = item.word(source), item.modified.isoformat(timespec="seconds")
        found = Fetched(source.id, word, at, files, old)
        (folder / NOTE).write_text(json.dumps(asdict(found)), encoding="utf-8")
        for path in (*folder.iterdir(), folder):
            to_disk(path)
        folder.rename(_post(settings) / word)
        to_disk(_post(settings))
    return found


def _files_of(
    road: Road, bounds: Bounds, item: Item, folder: Path
) -> list[tuple[str, Path]] | None:
    raw = folder / "raw"
    with raw.open("xb") as stream:
        try:
            road.fetch(item, stream)
        except FileNotFoundError:
            return None  # it was taken away meanwhile
    if item.is_mail:  # servers count its bytes as they please
        sent = attachments(raw, folder, bounds)
        raw.unlink()
        return [one for name, path in sent for one in _unpacked(name, path, folder, bounds)]
    if raw.stat().st_size != item.size:
        return None
    return _unpacked(item.path, raw, folder, bounds)


def _unpacked(path: str, raw: Path, folder: Path, bounds: Bounds) -> list[tuple[str, Path]]:
    """The files of a .zip, or the file itself; each with its path."""
    if not path.lower().endswith(ENDING):
        return [(path, raw)]
    above = path.rpartition("/")[0]
    into = folder / f"of-{raw.name}"
    into.mkdir()
    members = unpack(raw, into, bounds)
    raw.unlink()
    return [(f"{above}/{inside}".lstrip("/"), member) for inside, member in members]


def hand_on(settings: Settings, known: record.OnRecord) -> int:
    """Put on record where all that was fetched came from, and move it into the inbox.

    Returns how many wait, since the inbox has another file of their name. Called by one at a time.
    """
    folders = [one for one in sorted(_post(settings).iterdir()) if (one / NOTE).is_file()]
    found = {folder: _read(folder / NOTE) for folder in folders}
    if not found:
        return 0
    new = [one for one in found.values() if one.word not in known.collected]
    entries = [(one.source, _detail(one, file)) for one in new for file in one.files]
    record.put_on_record(settings, record.COLLECTED, entries, known)
    return sum(_move(folder, one, settings) for folder, one in found.items())


def _detail(one: Fetched, file: File) -> dict[str, object]:
    known = {"known": True} if file.number in one.known else {}
    return {
        "word": one.word,
        "place": file.place,
        "sha256": file.sha256,
        "sender": file.sender,
        "return": file.return_name,
        "put_there": one.put_there,
        **known,
    }


def _move(folder: Path, one: Fetched, settings: Settings) -> int:
    waiting = 0
    put_there = datetime.fromisoformat(one.put_there).replace(tzinfo=UTC).timestamp()
    for file in one.files:
        path = folder / f"file-{file.number}"
        target = folder_of_sender(settings, file.return_name, file.sender) / file.name
        if file.number in one.known or not path.exists():
            continue
        if target.exists():
            waiting += 1
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        os.utime(path, (put_there, put_there))  # the inbox takes the oldest first
        path.rename(target)
        to_disk(target.parent)
    if not waiting:
        shutil.rmtree(folder)
    return waiting


def _read(note: Path) -> Fetched:
    content = json.loads(note.read_text(encoding="utf-8"))
    return Fetched(**{**content, "files": [File(**one) for one in content["files"]]})


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _post(settings: Settings) -> Path:
    settings.post.mkdir(parents=True, exist_ok=True, mode=0o700)
    return settings.post
