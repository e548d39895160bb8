"""Where the rows of a submission are worked on, and what one step leaves there for the next.

Each submission has a database of its own attached to the scratch DuckDB, and in it a workspace (a
schema) for each table of the file. The same names stand in every workspace; RELATIONS says which,
who makes them and who reads them. What is in the scratch database itself is known in all of them:
its macros, and its seeds.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from flows.returns.contract import Table


@dataclass(frozen=True)
class Relation:
    """A table or view of a workspace: the columns that it has, and whose they are to read.

    `with_table`: the columns of the contract's table stand among them, before those named here.
    """

    name: str
    columns: tuple[str, ...]
    made_by: str
    read_by: tuple[str, ...]
    with_table: bool = False


KEY = ("_sheet", "_row")
RAW_ROWS = Relation(  # text as it stands in the file; after `derive` without what is personal
    "raw_rows",
    (*KEY, "_blank", "_shifted", "_unlike", "_words"),
    "returns.readers",
    ("returns.convert", "intake.stages", "intake.answers.list_findings"),
    with_table=True,
)
TYPED_ROWS = Relation(  # values; what is personal has given way to what it becomes
    "typed_rows",
    (*KEY, "_kind"),
    "returns.convert",
    ("intake.stages", "returns.covered_periods", "intake.split_rows", "intake.explain"),
    with_table=True,
)
UNREAD_CELLS = Relation(  # a cell that holds text and gave no value; column '': the whole row
    "unread_cells",
    (*KEY, "column", "if_unreadable", "text"),
    "returns.convert",
    ("intake.answers.list_findings", "intake.split_rows", "intake.explain"),
)
CLEANED_CELLS = Relation(  # a text from which contacts were taken
    "cleaned_cells", (*KEY, "column"), "returns.convert", ("intake.answers.list_findings",)
)
CONVERTED_CELLS = Relation(  # a sum in another currency, as it was before it became pounds
    "converted_cells",
    (*KEY, "column", "value", "currency", "month", "rate"),
    "returns.currencies",
    ("intake.answers.list_findings",),
)
CODED_CELLS = Relation(  # another framework's code; without a measure: it names several
    "coded_cells",
    (*KEY, "column", "value", "framework", "measure", "choices"),
    "returns.framework_codes",
    ("intake.answers.list_findings", "intake.split_rows"),
)
DATED_ROWS = Relation(  # typed rows, each with the period it counts in
    "dated_rows",
    (*KEY, "_kind", "_period"),
    "returns.covered_periods",
    (
        "intake.answers.list_findings",
        "intake.split_rows",
    ),
    with_table=True,
)
READABLE_ROWS = Relation(  # what the suite judges: rows whose cells read
    "readable_rows",
    (*KEY, "_kind", "_period", "_file", "_lacks"),
    "intake.split_rows",
    ("intake.stages", "intake.split_rows"),
    with_table=True,
)
FAILED_ROWS = Relation(  # a row and a rule that it fails
    "failed_rows",
    (*KEY, "rule"),
    "expectations.judge",
    (
        "intake.answers.list_findings",
        "intake.split_rows",
    ),
)
KEPT_ROWS = Relation(  # what lands
    "kept_rows",
    (*KEY, "_kind", "_period"),
    "intake.split_rows",
    ("warehouse.keep",),
    with_table=True,
)
KEPT_QUARANTINED = Relation(
    "kept_quarantined",
    ("_period", *KEY, "amount", "rules"),
    "intake.split_rows",
    ("warehouse.keep",),
)
KEPT_DROPPED = Relation(
    "kept_dropped", ("_period", *KEY, "amount", "why"), "intake.split_rows", ("warehouse.keep",)
)
KEPT_FINDINGS = Relation(
    "kept_findings",
    (
        *("_period", *KEY, "column", "value", "rule", "rule_version"),
        *("severity", "dimension", "fixed_by", "owner", "message"),
    ),
    "intake.answers.list_findings",
    ("warehouse.keep", "intake.answers.answer", "intake.answers.marked_copy"),
)
KEPT_CHECKS = Relation(
    "kept_checks",
    (
        *("_period", "rule", "rule_version", "severity", "dimension"),
        *("outcome", "applied_to", "failed_rows"),
    ),
    "intake.split_rows",
    ("warehouse.keep",),
)
READ = (RAW_ROWS,)
TYPED = (*READ, TYPED_ROWS, UNREAD_CELLS, CLEANED_CELLS, CONVERTED_CELLS, CODED_CELLS)
DATED = (*TYPED, DATED_ROWS)
JUDGED = (*DATED, READABLE_ROWS, FAILED_ROWS)
KEPT = (KEPT_QUARANTINED, KEPT_DROPPED, KEPT_FINDINGS, KEPT_CHECKS)  # and those of all tables, too
SORTED = (*JUDGED, KEPT_ROWS, *KEPT)


def columns_of(relation: Relation, table: Table) -> set[str]:
    """Every column of a relation in the workspace of that table."""
    named = set(relation.columns)
    if not relation.with_table:
        return named
    becomes = {name for column in table.columns for name in column.becomes}
    given = {column.name for column in table.columns}
    if relation is RAW_ROWS:
        return named | given
    return named | given | becomes


@contextmanager
def open_database(
    scratch: duckdb.DuckDBPyConnection, name: str, seeds: Iterable[str] = ()
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the same DuckDB that reads and writes in a database of its own."""
    with scratch.cursor() as connection:
        connection.execute(f"attach ':memory:' as \"{name}\"")
        _stand_in(connection, name, "main")
        connection.execute("create schema seeds")
        for seed in seeds:
            connection.execute(f"create view seeds.{seed} as from memory.seeds.{seed}")
        yield connection


@contextmanager
def workspace(
    connection: duckdb.DuckDBPyConnection, name: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the same database that reads and writes in the workspace of table `name`."""
    row = connection.execute("select current_database()").fetchone()
    database = str(row[0]) if row else "memory"
    with connection.cursor() as inside:
        inside.execute(f'create schema if not exists "{database}"."{name}"')
        _stand_in(inside, database, name)
        yield inside


def path_of(connection: duckdb.DuckDBPyConnection) -> str:
    """Where a connection stands, as other connections to the same DuckDB name it."""
    row = connection.execute("select current_database(), current_schema()").fetchone()
    return ".".join(f'"{name}"' for name in row or ())


def _stand_in(connection: duckdb.DuckDBPyConnection, database: str, schema: str) -> None:
    connection.execute(f'set search_path = \'"{database}"."{schema}",memory.main\'')
