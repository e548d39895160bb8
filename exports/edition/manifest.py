"""The manifest: what a release is made of, holding only what its inputs decide."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import Field, ValidationError

from exports.definitions.table import TableDefinition
from exports.disclosure.report import DisclosureReport
from exports.disclosure.thresholds import Thresholds
from exports.edition.facts import Edition, InputReturn
from exports.figures.selection import Selection
from flows.common.declarations import Declared
from flows.common.errors import SocialValueError

MANIFEST = "manifest.json"
_STORIES = "case_studies"
RECEIPT = "receipt.json"


class ManifestError(SocialValueError):
    """A manifest cannot be read."""


class Input(Declared):
    """A return that counts: whose, for when, which bytes; never its file's name."""

    return_id: str
    return_name: str = Field(alias="return")
    sender: str
    period: str
    part: str
    sha256: str

    @property
    def slot(self) -> str:
        """What the return stands for: return, sender, period and part."""
        return " ".join(w for w in (self.return_name, self.sender, self.period, self.part) if w)


class TableDigest(Declared):
    """A published table: how many rows, and a digest of them, sorted."""

    rows: int
    sha256: str


class Overridden(Declared):
    """A word that let the release out, by name."""

    what: str
    by: str
    because: str


class StatedDisclosure(Declared):
    """By which numbers people were protected, and in which tables, by population."""

    thresholds: Thresholds
    tables: dict[str, str]


class Manifest(Declared):
    """Everything a release is made of."""

    publication: str
    period: str
    revision: int
    status: str
    as_of: str
    ledger_head: str
    definitions_digest: str
    table_definitions_digest: str
    inputs: list[Input]
    tables: dict[str, TableDigest]
    overrides: list[Overridden]
    disclosure: StatedDisclosure | None = None
    outputs: dict[str, str] = Field(description="path in the release: SHA-256")

    @property
    def text(self) -> str:
        """The manifest as it is written: JSON with sorted keys."""
        content = self.model_dump(mode="json", by_alias=True)
        return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    def same_figures(self, other: "Manifest") -> bool:
        """Whether the other release says the same: tables, definitions and overrides."""
        return (
            self.tables == other.tables
            and self.definitions_digest == other.definitions_digest
            and self.table_definitions_digest == other.table_definitions_digest
            and self.overrides == other.overrides
            and self.disclosure == other.disclosure
        )


def make_manifest(
    edition: Edition, selections: Sequence[Selection], outputs: Mapping[str, str]
) -> Manifest:
    """The manifest of an edition with these tables and these files (path: SHA-256)."""
    facts = edition.facts
    return Manifest(
        publication=facts.publication,
        period=facts.period.label,
        revision=edition.revision,
        status=edition.status,
        as_of=facts.as_of.isoformat(),
        ledger_head=facts.ledger_head,
        definitions_digest=facts.definitions_digest,
        table_definitions_digest=_digest_of([selection.table for selection in selections]),
        inputs=[_input(one) for one in sorted(set(facts.inputs))],
        tables={
            one.table.name: TableDigest(rows=len(one.rows), sha256=one.digest) for one in selections
        },
        overrides=[
            Overridden(what=one.what, by=one.by, because=one.because) for one in edition.overrides
        ],
        disclosure=_disclosure(edition.disclosure),
        outputs=dict(sorted(outputs.items())),
    )


def read_manifest(release: Path) -> Manifest:
    """The manifest of the release in that folder. Raises ManifestError."""
    path = release / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ManifestError(f"{path}: cannot be read ({error.strerror}).") from None
    except ValidationError as error:
        raise ManifestError(
            f"{path}: is not the manifest of a release ({error.error_count()} faults); restore the"
            " release from a backup."
        ) from None


def why_changed(old: Manifest, new: Manifest) -> str:
    """Why figures may differ between two revisions, in one line."""
    before = {one.slot: one.sha256 for one in old.inputs}
    after = {one.slot: one.sha256 for one in new.inputs}
    replaced = sorted(s for s in before.keys() & after.keys() if before[s] != after[s])
    changed = {
        "return replaced": replaced,
        "return added": sorted(after.keys() - before.keys()),
        "return no longer in force": sorted(before.keys() - after.keys()),
    }
    reasons = [f"{what}: {', '.join(slots)}" for what, slots in changed.items() if slots]
    if old.definitions_digest != new.definitions_digest:
        reasons.append("definitions changed (seeds, models, contracts or suites)")
    if old.table_definitions_digest != new.table_definitions_digest:
        reasons.append("definitions of the published tables changed")
    if old.disclosure != new.disclosure:
        reasons.append("the numbers of disclosure control changed")
    if old.overrides != new.overrides:
        reasons.append("overrides changed")
    return "; ".join(reasons) or (
        "no return, definition or override changed: only deadlines that have passed since"
        f" {old.as_of} can account for it, and anything else calls for an audit"
    )


def _input(one: InputReturn) -> Input:
    return Input.model_validate(
        {
            "return_id": one.return_id,
            "return": one.return_name,
            "sender": one.sender,
            "period": one.period,
            # A story's part is its title, and its words may be held.
            "part": f"story {one.sha256[:8]}" if one.return_name == _STORIES else one.part,
            "sha256": one.sha256,
        }
    )


def _disclosure(report: DisclosureReport | None) -> StatedDisclosure | None:
    if report is None:
        return None
    tables = {one.table: one.population for one in report.tables}
    return StatedDisclosure(thresholds=report.thresholds, tables=tables)


def _digest_of(tables: Sequence[TableDefinition]) -> str:
    """What decides what is shown: how a cell is traced does not."""
    untraced = {"columns": {"__all__": {"traces"}}}
    texts = [one.model_dump_json(exclude=untraced) for one in tables]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
