"""`verify`: a release made again from archive and ledger, held against the one that went out."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Literal, get_args

from exports.definitions.table import TableDefinition, every_table
from exports.disclosure.problem.rows import DisclosureError
from exports.edition.changes import changed_cells
from exports.edition.manifest import Manifest, ManifestError, read_manifest
from exports.figures.selection import SelectionError
from exports.narrative.render import NarrativeError
from exports.release.inputs import NothingToPublish
from exports.release.publish import Release, ReleaseBlocked
from flows.audit.originals import OriginalOutcome, OriginalRead, read_originals
from flows.authority.places import places_in
from flows.common.declarations import DeclarationError
from flows.common.settings import Settings
from flows.modelling.analysts import BadQuestion
from flows.modelling.build import BuildFailed, build
from flows.publishing.definitions import code_digest
from flows.publishing.rebuild import RecordedRelease, Workshop, inputs_of, make_again, workshop
from flows.publishing.release import PACKAGES, receipt_of
from flows.warehouse.connection import reading
from flows.warehouse.copies.rewind import NoSuchEvent
from flows.warehouse.in_force import Inputs
from flows.warehouse.kept_files import NotKept
from flows.warehouse.ledger import Event, read_events
from flows.warehouse.proof.integrity import check_archive
from flows.warehouse.releases import Fault, check_release

Comparison = Literal[
    "different", "not verifiable", "read differently now", "same figures", "same bytes"
]
WORST_FIRST = get_args(Comparison)
WELL: tuple[Comparison, ...] = ("same bytes", "same figures")
OF_ORIGINALS: dict[OriginalOutcome, list[Comparison]] = {
    "as the original reads": [],
    "different": ["different"],
    "read differently now": ["read differently now"],
    "not kept": ["not verifiable"],
}
CANNOT = (
    BuildFailed,
    DeclarationError,
    DisclosureError,
    ManifestError,
    NarrativeError,
    NoSuchEvent,
    NotKept,
    NothingToPublish,
    ReleaseBlocked,
    SelectionError,
)


@dataclass(frozen=True)
class Verified:
    """What came of verifying a release, and what is not as it should be."""

    release: str
    outcome: Comparison
    faults: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the same inputs gave the same figures."""
        return self.outcome in WELL


def verify(
    settings: Settings, name: str | None = None, *, from_originals: bool = False
) -> list[Verified]:
    """Make a release again (default: every one, in the order they went out) and compare.

    `from_originals`: read the originals behind it again too, and hold them against the rows. Each
    outcome is said when it is known. Raises BadQuestion where the ledger knows no release of that
    name.
    """
    with reading(settings) as connection:
        events = read_events(connection)
    names = [event.subject for event in events if event.kind == "published"]
    if name is not None and name not in names:
        raise BadQuestion(f"There is no release {name}; there are {', '.join(names) or 'none'}.")
    asked = [one for one in names if name in (None, one)]
    results = {one: _held(settings, events, one) for one in asked}
    originals = _originals_of(settings, events, results) if from_originals else {}
    for found in results.values():
        if found.faults:
            results[found.release] = _concluded(found, originals)
    there = [
        _recorded(settings, one)
        for one in events
        if one.kind == "published" and (settings.published / one.subject).is_dir()
    ]
    wanted = [one for one in there if one.name in results and not results[one.name].faults]
    wanted.sort(key=lambda one: one.made_of)
    for _, same in groupby(wanted, key=lambda one: one.made_of):
        for found in _verify_together(settings, list(same), there):
            results[found.release] = _concluded(found, originals)
    return [results[one] for one in asked]


def _originals_of(
    settings: Settings, events: Sequence[Event], results: Mapping[str, Verified]
) -> dict[str, list[OriginalRead]]:
    """The originals behind each release that is as it went out; rows disposed of have none."""
    gone = {one.subject for one in events if one.buried == "person rows"}
    rests_on = {
        name: [one.return_id for one in read_manifest(settings.published / name).inputs]
        for name, found in results.items()
        if found.outcome != "different"
    }
    wanted = sorted({one for ids in rests_on.values() for one in ids} - gone)
    _say(f"Reading the originals of {len(wanted)} returns again ...")
    read = {one.return_id: one for one in read_originals(settings, wanted)}
    return {name: [read[one] for one in ids if one in read] for name, ids in rests_on.items()}


def _concluded(found: Verified, originals: Mapping[str, Sequence[OriginalRead]]) -> Verified:
    """The outcome with what its originals say, the worst of both; it is said at once."""
    outcomes: list[Comparison] = [found.outcome]
    faults = list(found.faults)
    for one in originals.get(found.release, ()):
        outcomes += OF_ORIGINALS[one.outcome]
        faults += one.faults
    outcome = min(outcomes, key=WORST_FIRST.index)
    _say(f"{found.release}: {outcome}")
    return Verified(found.release, outcome, faults)


def _recorded(settings: Settings, event: Event) -> RecordedRelease:
    path = settings.published / event.subject
    models = event.detail.get("models")
    kept = {str(k): str(v) for k, v in models.items()} if isinstance(models, dict) else None
    return RecordedRelease(event.subject, path, read_manifest(path), kept)


def _held(settings: Settings, events: Sequence[Event], name: str) -> Verified:
    """Whether the release itself and all that it rests on are still there, as they were."""
    event = next(one for one in events if one.kind == "published" and one.subject == name)
    if faults := list(check_release(settings, event)):
        return Verified(name, "different", faults)
    manifest = read_manifest(settings.published / name)
    if gone := list(_gone(settings, events, manifest)):
        return Verified(name, "not verifiable", gone)
    return Verified(name, "same figures")


def _gone(settings: Settings, events: Sequence[Event], manifest: Manifest) -> Iterator[Fault]:
    """The inputs that are no longer held: tombstones, and originals that are not there."""
    buried = {(one.subject, one.buried): one for one in events if one.buried}
    broken = {fault.expected: fault for fault in check_archive(settings, _originals(manifest))}
    for one in manifest.inputs:
        where = f"{one.slot}, {one.return_id}"
        rows = buried.get((one.return_id, "person rows"))
        if rows is not None:
            yield Fault("rows of an input are no longer held", where, "its rows", _tombstone(rows))
        if one.sha256 in broken:
            grave = buried.get((one.return_id, "original"))
            found = _tombstone(grave) if grave else broken[one.sha256].found
            yield Fault("an input is no longer held", where, one.sha256, found)


def _originals(manifest: Manifest) -> list[str]:
    return sorted({one.sha256 for one in manifest.inputs})


def _tombstone(event: Event) -> str:
    by, authority = event.detail.get("by"), event.detail.get("authority")
    return f"disposed of on {event.at:%Y-%m-%d} by {by}: {authority}"


def _verify_together(
    settings: Settings, same: list[RecordedRelease], there: list[RecordedRelease]
) -> Iterator[Verified]:
    """Verify releases that rest on the same moment, ledger and definitions: one build for all."""
    _say(f"Building as of {same[0].manifest.as_of} for {', '.join(one.name for one in same)} ...")
    faults: list[Fault] = []
    try:
        with workshop(settings, same[0]) as shop:
            faults = shop.faults
            inputs = build(shop.settings, same[0].as_of).known
            for release in same:
                yield _verify(shop, inputs, release, there[: there.index(release)])
    except CANNOT as error:
        for release in same:
            failed = Fault("the release cannot be made again", release.name, "a build", str(error))
            yield Verified(release.name, "different", [*faults, failed])


def _verify(
    shop: Workshop, inputs: Inputs, release: RecordedRelease, earlier: list[RecordedRelease]
) -> Verified:
    receipt = receipt_of("")
    again = make_again(shop, inputs, release, earlier, receipt)
    faults = [*shop.faults, *_inputs(inputs, release), *_figures(release, again)]
    if faults:
        return Verified(release.name, "different", faults)
    other = list(_bytes(release, again))
    if other and _made_alike(release, again, receipt):
        return Verified(release.name, "different", other)
    return Verified(release.name, "same figures" if other else "same bytes")


def _inputs(inputs: Inputs, release: RecordedRelease) -> Iterator[Fault]:
    named = {one.return_id: one for one in inputs_of(release.manifest)}
    found = {one.return_id: one for one in inputs.inputs}
    for name in sorted(named.keys() ^ found.keys()):
        where = f"{release.name}, {name}"
        words = ("in force", "not in force") if name in named else ("not in force", "in force")
        yield Fault("an input is not what the ledger says", where, *words)


def _figures(release: RecordedRelease, again: Release) -> Iterator[Fault]:
    """Each published figure that is another one now; tables whose digests agree have none."""
    now = read_manifest(again.path).tables
    tables = {table.name: table for table in every_table(places_in(release.definitions).tables)}
    for name in sorted(release.manifest.tables.keys() | now.keys()):
        before = release.manifest.tables.get(name)
        if before == now.get(name) and before is not None:
            continue
        yield from _cells(release, again, name, tables.get(name))


def _cells(
    release: RecordedRelease, again: Release, name: str, table: TableDefinition | None
) -> Iterator[Fault]:
    old, new = (folder / "tables" / f"{name}.csv" for folder in (release.path, again.path))
    if table is None or not old.is_file() or not new.is_file():
        there = ["there" if path.is_file() else "not there" for path in (old, new)]
        yield Fault("a table is another", f"{release.name}/{name}", *there)
        return
    before, after = (path.read_text(encoding="utf-8") for path in (old, new))
    for one in changed_cells(table, before, after, ""):
        where = f"{release.name}, {one.table}, {one.row_key}, {one.column}"
        yield Fault("a figure is another", where, one.old, one.new)


def _bytes(release: RecordedRelease, again: Release) -> Iterator[Fault]:
    """Each file whose bytes are others; the receipt is compared with nothing."""
    now = {path: digest for path, digest in again.files.items() if path != "receipt.json"}
    then = {**release.manifest.outputs, "manifest.json": _digest(release.path, again)}
    for path in sorted(then.keys() | now.keys()):
        if then.get(path) != now.get(path):
            where = f"{release.name}/{path}"
            yield Fault(
                "a file is another", where, then.get(path, "no file"), now.get(path, "no file")
            )


def _digest(released: Path, again: Release) -> str:
    same = (released / "manifest.json").read_bytes() == (again.path / "manifest.json").read_bytes()
    return again.files["manifest.json"] if same else "another"


def _made_alike(release: RecordedRelease, again: Release, receipt: dict[str, str]) -> bool:
    """Whether code, models and packages are those that the release was made with."""
    models = read_manifest(again.path).definitions_digest  # with the definitions that it keeps
    if models != release.manifest.definitions_digest:
        return False
    receipt_then = json.loads((release.path / "receipt.json").read_text(encoding="utf-8"))
    return receipt_then.get("code") == code_digest() and all(
        receipt_then.get(name) == receipt[name] for name in PACKAGES
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
