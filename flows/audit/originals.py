"""What the originals give when they are read again, held against what the warehouse has of them.

The digests of the ledger say that rows are those that were kept; only the original says that these
were its own. A difference is tampering where today's readers are those that read the file first;
where they are newer it may be theirs, and is called so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import duckdb

from flows.audit.read_again import ReadAgain, kept_files, read_again
from flows.common.settings import Settings
from flows.warehouse.connection import as_rows, looking
from flows.warehouse.digests import columns_of
from flows.warehouse.releases import Fault

OriginalOutcome = Literal["as the original reads", "different", "read differently now", "not kept"]
MOST = 20  # differences that are named of a table of a return
# Findings of keeping: what was in force, or owed, decides.
NOT_OF_READING = ("replacement_keeps_most", "return_is_of_its_period", "part_is_owed")


@dataclass(frozen=True)
class OriginalRead:
    """A return beside its original: what came of it, and each difference."""

    return_id: str
    outcome: OriginalOutcome
    faults: list[Fault] = field(default_factory=list)


def read_originals(settings: Settings, returns: Sequence[str]) -> Iterator[OriginalRead]:
    """Read the originals of these returns again, by the rules they were judged by, and compare."""
    wanted = set(returns)
    for scratch, files in read_again(settings, kept_files(settings, returns)):
        with looking(settings, scratch):
            for one in files:
                for period, return_id in one.file.returns.items():
                    if return_id in wanted:
                        yield _held_against(one, period, return_id)


def _held_against(one: ReadAgain, period: str, return_id: str) -> OriginalRead:
    where = f"original {one.file.sha256[:12]}, return {return_id}"
    if one.not_kept:
        gone = Fault("cannot be read again", where, "original and rules", one.not_kept)
        return OriginalRead(return_id, "not kept", [gone])
    faults = (
        [Fault("an original reads otherwise", where, f"refused: {one.refused}", "rows")]
        if one.connection is None
        else list(_differences(one, one.connection, period, return_id))
    )
    if not faults:
        return OriginalRead(return_id, "as the original reads")
    return OriginalRead(
        return_id, "different" if one.file.same_readers else "read differently now", faults
    )


def _differences(
    one: ReadAgain, connection: duckdb.DuckDBPyConnection, period: str, return_id: str
) -> Iterator[Fault]:
    for name, landed in one.landed.items():
        yield from _of_rows(landed, connection, name, period, return_id)
    same_attempt = f"where return_id = $id and attempt = {one.file.attempt}"
    left_out = ", ".join(f"'{rule}'" for rule in NOT_OF_READING)
    for table, key, columns, condition in (
        ("quarantined", ("sheet", "row"), ("amount", "rules"), ""),
        ("dropped", ("sheet", "row"), ("amount", "why"), ""),
        ("checks", ("rule",), ("rule_version", "severity", "dimension", "outcome",
                               "applied_to", "failed_rows"), ""),
        ("findings", ("sheet", "row", "column", "rule"),
         ("value", "rule_version", "severity", "dimension", "fixed_by", "owner", "message"),
         f"and rule not in ({left_out})"),
    ):  # fmt: skip
        given = {"sheet": "_sheet", "row": "_row"}
        names = [*key, *columns]
        yield from _compared(
            connection,
            f"ledger.{table}",
            return_id,
            key,
            columns,
            f"select {', '.join(f'{given.get(n, _quoted(n))} as {_quoted(n)}' for n in names)} "
            f"from kept_{table} where _period = $period",
            f"select {', '.join(map(_quoted, names))} from warehouse.ledger.{table} "
            f"{same_attempt} {condition}",
            period,
        )


def _of_rows(
    read: Mapping[str, str],
    connection: duckdb.DuckDBPyConnection,
    name: str,
    period: str,
    return_id: str,
) -> Iterator[Fault]:
    """The rows that landed; a column that the contract did not have yet holds nothing."""
    there = [c for c in columns_of(connection, f"landed.{name}") if not c.startswith("_")]
    given = [_quoted(c) if c in read else f"null as {_quoted(c)}" for c in there]
    yield from _compared(
        connection,
        f"landed.{name}",
        return_id,
        ("_sheet", "_row"),
        there,
        f'select _sheet, _row, {", ".join(given)} from "{name}".kept_rows where _period = $period',
        f"select _sheet, _row, {', '.join(map(_quoted, there))} from warehouse.landed.{name} "
        "where _return_id = $id",
        period,
    )


def _compared(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    return_id: str,
    key: Sequence[str],
    columns: Sequence[str],
    original: str,
    warehouse: str,
    period: str,
) -> Iterator[Fault]:
    """The rows of two queries that are not the same, by their key; no cell is shown."""
    same_key = " and ".join(f"o.{_quoted(c)} is not distinct from w.{_quoted(c)}" for c in key)
    changed = ", ".join(
        f"case when o.{_quoted(c)} is distinct from w.{_quoted(c)} then '{c}' end" for c in columns
    )
    named = ", ".join(f"coalesce(o.{_quoted(c)}, w.{_quoted(c)}) as {_quoted(c)}" for c in key)
    rows = as_rows(
        connection.execute(
            f"""
            with given as ({original}), held as ({warehouse}),
            o as (select *, true as _there from (from given except all from held)),
            w as (select *, true as _there from (from held except all from given))
            select {named}, o._there as _given, w._there as _held,
                   list_filter([{changed}], name -> name is not null) as _changed
            from o full join w on {same_key} order by all
            """,
            {"period": period, "id": return_id},
        )
    )
    for row in rows[:MOST]:
        words = ", ".join(f"{c.strip('_')} {row[c]}" for c in key if row[c] not in (None, ""))
        where = f"{table}, return {return_id}, {words}"
        if not row["_given"]:
            yield Fault("rows are not the original's", where, "no such row", "a row")
        elif not row["_held"]:
            yield Fault("rows are not the original's", where, "a row", "no such row")
        else:
            changed_columns = row["_changed"]
            names = ", ".join(changed_columns) if isinstance(changed_columns, list) else ""
            yield Fault("rows are not the original's", where, "the original's", f"other: {names}")
    if len(rows) > MOST:
        where = f"{table}, return {return_id}"
        yield Fault("rows are not the original's", where, "none", f"{len(rows) - MOST} more")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
