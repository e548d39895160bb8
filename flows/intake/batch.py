"""What the submissions of a batch share, and how far each of them has come."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import duckdb

from expectations.suite import Suite, digest_of
from flows.common.errors import Rejected
from flows.common.settings import Settings
from flows.intake.kept_rules import keep_rules
from flows.intake.stages import Tables
from flows.intake.submission import Look, Submission
from flows.returns.contract import Contract
from flows.returns.covered_periods import Covered
from flows.returns.file import File
from flows.returns.identity import Owner, filing_id
from flows.returns.readers.sandbox import WorkbookReader
from flows.warehouse.filing import Counts, Filing, Step
from flows.warehouse.in_force import KnownReturn


@dataclass(frozen=True)
class Batch:
    """Submissions of one return that are taken in together: what they share.

    `suites`: by the name of the table that each is for. `turn`: waits until they may be kept.
    """

    contract: Contract
    suites: dict[str, Suite]
    settings: Settings
    scratch: duckdb.DuckDBPyConnection
    reader: WorkbookReader
    turn: Callable[[], None]

    @cached_property
    def seeds(self) -> list[str]:
        """The seeds that the suites ask, and the rates where the contract converts by them."""
        asked = {name for suite in self.suites.values() for name in suite.seeds}
        return sorted(asked | self.contract.seeds)

    @cached_property
    def judged_by(self) -> dict[str, object]:
        """What its files are judged by, kept by digest."""
        return keep_rules(self.settings, self.contract, list(self.suites.values()), self.seeds)


@dataclass(frozen=True)
class Landed:
    """A file that was landed: its owner (or why there is none), and what is known of it.

    `look`: how it was before it was hashed. `earlier`: what the registry has of the same file.
    """

    submission: Submission
    file: File
    look: Look | None
    filing: Filing
    owner: Owner
    no_owner: Rejected | None
    earlier: list[KnownReturn]
    steps: list[Step]

    def then(self, *steps: Step) -> "Landed":
        """The same file, these steps on."""
        return replace(self, steps=[*self.steps, *steps])


@dataclass(frozen=True)
class Opened:
    """A file whose rows stand, typed and dated, in a database of its own."""

    landed: Landed
    connection: duckdb.DuckDBPyConnection
    tables: Tables
    covered: Covered


@dataclass(frozen=True)
class Refused:
    """A file that cannot be taken, and why; its sender is answered, and nothing is kept yet."""

    landed: Landed
    why: Rejected


@dataclass(frozen=True)
class Known:
    """A file that the registry has already, as these returns."""

    landed: Landed
    earlier: list[KnownReturn]


@dataclass(frozen=True)
class Judged:
    """A file that can be kept: its rows are sorted, and counted by period."""

    landed: Landed
    connection: duckdb.DuckDBPyConnection
    tables: list[str]
    counts: dict[str, Counts]
    covered: Covered


def filing_of(file: File, batch: Batch, owner: Owner, received_at: datetime) -> Filing:
    """What is known of a file before its rows are."""
    contract = batch.contract
    return Filing(
        filing_id=filing_id(contract, owner, file.sha256),
        attempt=1,
        return_name=contract.return_name,
        sender=owner.sender,
        part=owner.part,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        file_name=file.name,
        received_at=received_at,
        contract_version=contract.version,
        contract_digest=contract.digest,
        suite_version=batch.suites[contract.return_name].version,
        suite_digest=digest_of(list(batch.suites.values())),
        layout=None,
        judged_by={
            **batch.judged_by,
            "given_period": owner.given_period.label if owner.given_period else "",
        },
    )
