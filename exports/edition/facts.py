"""What a release rests on, as it is handed to `publish`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from exports.disclosure.report import DisclosureReport
from flows.authority.declaration import FILE, FORMATS, Authority, parse_authority
from flows.common.periods import Period


@dataclass(frozen=True, order=True)
class InputReturn:
    """A return in force that the figures rest on; named by its hash, never by its file."""

    return_id: str
    return_name: str
    sender: str
    period: str
    part: str
    sha256: str


@dataclass(frozen=True, order=True)
class Override:
    """Somebody's word that a release goes out although `what` blocks it."""

    what: str
    by: str
    because: str


@dataclass(frozen=True, order=True)
class Block:
    """A reason not to publish, from `publication.pub_release_blocks`."""

    kind: str
    what: str
    detail: str


@dataclass(frozen=True)
class Caution:
    """What is said wherever figures of the indicators are: too much is not known. `table`: of whose
    cells."""

    indicators: tuple[str, ...]
    table: str
    text: str

    @property
    def note(self) -> str:
        """The text with the indicators it is about."""
        return f"{', '.join(self.indicators)}: {self.text}"


@dataclass(frozen=True)
class ReleaseFacts:
    """The facts of a release.

    `definitions` are the files that define the figures (seeds, contracts, suites), by the path
    they get under `definitions/`; `definitions_digest` covers them and the dbt sources. `receipt`
    (run id, clock, host, package versions) is kept beside the release and compared with nothing.
    """

    publication: str
    period: Period
    as_of: datetime
    ledger_head: str
    definitions_digest: str
    inputs: Sequence[InputReturn]
    definitions: Mapping[str, bytes] = field(default_factory=dict)
    overrides: Sequence[Override] = field(default_factory=tuple)
    receipt: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def publisher(self) -> Authority | None:
        """Whose release it is; None of one that was made before releases kept it."""
        told = self.definitions.get(f"authority/{FILE}")
        return parse_authority(told) if told is not None else None

    @property
    def formats(self) -> frozenset[str]:
        """In which formats the release is written; all of one that says no publisher."""
        return self.publisher.formats_of(self.publication) if self.publisher else FORMATS

    @property
    def logo(self) -> bytes | None:
        """The publisher's logo, as the file that it calls `logo`."""
        named = self.publisher.logo if self.publisher else None
        return self.definitions[f"authority/{named}"] if named else None


@dataclass(frozen=True)
class Edition:
    """The facts, and what publishing adds: revision, status, the overrides that were needed.

    `disclosure` is what was done to protect people; None if no table counts any. `cautions` are
    what indicators say of what is not known. `next_due` is when the next one is due; None where the
    calendar does not say.
    """

    facts: ReleaseFacts
    revision: int
    status: str
    overrides: Sequence[Override]
    disclosure: DisclosureReport | None = None
    cautions: Sequence[Caution] = ()
    next_due: date | None = None

    @property
    def title(self) -> str:
        """The publication's title, e.g. `Social value: quarterly report, 2022-23 Q1`."""
        return f"Social value: {self.kind}, {self.facts.period.label}"

    @property
    def kind(self) -> str:
        """What kind of publication it is: `quarterly report`."""
        kinds = {"quarterly": "quarterly report", "annual": "Annual Review"}
        return kinds.get(self.facts.publication, self.facts.publication)

    @property
    def heading(self) -> str:
        """The publication's name, over its pages."""
        headings = {
            "quarterly": "Quarterly report on social value",
            "annual": "Annual Review of Social Value Impact",
        }
        return headings.get(self.facts.publication, self.title)


def status_of(statuses: Sequence[str]) -> str:
    """The status of a release whose figures have these: provisional if any of them is.

    What is not available has no status; it is told at each figure.
    """
    found = sorted(set(statuses) - {"not available"})
    if not found:
        return "not stated"
    return "provisional" if "provisional" in found else ", ".join(found)
