"""`migrate`: a home of an earlier version becomes one of this, step by step, after a backup.

Each step is a transaction: it proves the rows by the ledger, changes them, proves them again, moves
the schema's number and puts an event on record. A kill leaves a home of one number or the next.
"""

import importlib.metadata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from exports.site.shelf import INDEX, write_index
from flows.authority.binding import bind, folder_for_new, read_binding
from flows.authority.declaration import read_authority
from flows.common import clock
from flows.common.errors import SocialValueError
from flows.common.settings import PACKAGE, Settings
from flows.warehouse import ledger
from flows.warehouse.connection import (
    OLDEST,
    Row,
    open_scratch,
    reading,
    version_of,
    writing,
)
from flows.warehouse.copies.backup import back_up
from flows.warehouse.migrations import to_4, to_5
from flows.warehouse.proof.integrity import check_records
from flows.warehouse.releases import Fault
from flows.warehouse.store.chosen import store_of


@dataclass(frozen=True)
class Step:
    """What leads to a schema from the one before it."""

    to: int
    what: str
    apply: Callable[[duckdb.DuckDBPyConnection], None]

    def as_row(self) -> Row:
        """The step as a row to print."""
        return {"from": self.to - 1, "to": self.to, "what": self.what}


STEPS = (
    Step(4, to_4.WHAT, to_4.apply),
    Step(5, to_5.WHAT, to_5.apply),
)


class NothingProven(SocialValueError):
    """The rows are not as the ledger says, so that a migration would vouch for a change."""

    notice = "the home was not migrated: its rows are not as the ledger says."


class NothingToMigrate(SocialValueError):
    """There is no warehouse."""


@dataclass(frozen=True)
class Migrated:
    """The steps that were taken, and the backup of what was there before; None where none was."""

    steps: Sequence[Step]
    backup: Path | None


def steps_ahead(settings: Settings) -> list[Step]:
    """The steps from the home's schema to this version's.

    Raises WarehouseTooNew, WarehouseTooOld, NothingToMigrate.
    """
    if not store_of(settings).exists():
        raise NothingToMigrate(f"{settings.home} has no warehouse: there is nothing to migrate.")
    with reading(settings, OLDEST) as connection:
        version = version_of(connection)
    return [step for step in STEPS if step.to > version]


def migrate(settings: Settings, backup: Path | None = None) -> Migrated:
    """Take every step there is to take; `backup`: where the home is kept as it was, by default
    beside it. Nothing happens to a home of this version.

    Raises NothingProven, DeclarationError where nobody says whose the home is, BackupFault, and
    what `steps_ahead` raises.
    """
    steps = steps_ahead(settings)
    if read_binding(settings.home) is None and not settings.definitions:
        read_authority(folder_for_new(settings))  # before anything is written
    if steps:
        backup = backup or _beside(settings, steps[0].to - 1)
        back_up(settings, backup)
    bind(settings, earlier=True)
    for step in steps:
        _take(settings, step, backup)
    if steps and (settings.published / INDEX).exists():
        write_index(settings.published)  # as this version lays it out, which audit check holds
    return Migrated(steps, backup if steps else None)


def _take(settings: Settings, step: Step, backup: Path | None) -> None:
    with open_scratch(settings) as connection, writing(settings, connection, OLDEST):
        if version_of(connection) >= step.to:
            return  # somebody else took it meanwhile
        _prove(connection)
        step.apply(connection)
        connection.execute("update warehouse.ledger.schema_version set version = ?", [step.to])
        detail = {
            "from": step.to - 1,
            "to": step.to,
            "what": step.what,
            "backup": backup.name if backup else "",
            "software": importlib.metadata.version(PACKAGE),
        }
        ledger.append(connection, "migrated", f"schema {step.to}", detail, clock.now())
        _prove(connection)


def _prove(connection: duckdb.DuckDBPyConnection) -> None:
    faults: list[Fault] = check_records(connection, ledger.read_events(connection))
    if faults:
        first = faults[0]
        raise NothingProven(
            f"The ledger does not vouch for what is there ({len(faults)} faults; the first: "
            f"{first.what}, {first.where}), so nothing was changed: restore the home from a "
            "backup, or ask the version that made it (audit check)."
        )


def _beside(settings: Settings, version: int) -> Path:
    home = settings.home
    return home.with_name(f"{home.name}.schema-{version}.{clock.now():%Y-%m-%dT%H%M%S}.tar")
