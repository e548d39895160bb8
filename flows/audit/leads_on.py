"""What a published cell rests on, from the rows that its rule names to the last that are there.

`exports/lineage/leads_to.yaml` says of each relation where its rows lead on. The way ends at rows
of returns, at values of indicators, at rows of seeds, and at returns in the ledger.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from exports.definitions.leads_to import Onward, read_leads_to
from exports.figures.selection import Selection
from flows.audit.published_cell import PublishedPeriod, TracedCell, ask, cell_at
from flows.modelling.analysts import BadQuestion
from flows.warehouse.connection import Row, as_rows

AMONG_CELLS = "other cells"


@dataclass(frozen=True)
class Found:
    """Rows of a relation that a cell rests on."""

    relation: str
    rows: Sequence[Row]


def rests_on(
    connection: duckdb.DuckDBPyConnection,
    selection: Selection,
    place: int,
    cell: TracedCell,
    report: PublishedPeriod,
) -> list[Found]:
    """All that the cell rests on, first what its rule names; each row once.

    Raises BadQuestion where a rule cannot be asked.
    """
    seen: set[tuple[str, str]] = set()
    leads_to = read_leads_to()
    waiting = list(_first(connection, selection, place, cell, report, set()))
    found: list[Found] = []
    while waiting:
        one = waiting.pop(0)
        rows = [row for row in one.rows if (one.relation, repr(row)) not in seen]
        seen |= {(one.relation, repr(row)) for row in rows}
        if rows:
            found.append(Found(one.relation, rows))
            waiting += _onward(connection, leads_to.get(one.relation, ()), rows)
    return found


def _first(
    connection: duckdb.DuckDBPyConnection,
    selection: Selection,
    place: int,
    cell: TracedCell,
    report: PublishedPeriod,
    asked: set[str],
) -> Iterator[Found]:
    """The rows that the cell's rule names, or its own row; of other cells, those of theirs."""
    rule = cell.lineage
    asked.add(cell.column.name)
    named = ask(connection, cell, "*") if rule.of else []
    if rule.of and named:
        yield Found(rule.of, named)
    else:
        yield Found(f"publication.{selection.table.source}", [dict(selection.records[place])])
    if rule.rule == AMONG_CELLS:
        for column in selection.table.columns:
            if column.name in rule.asks - asked:
                other = cell_at(selection, place, column, report)
                yield from _first(connection, selection, place, other, report, asked)


def _onward(
    connection: duckdb.DuckDBPyConnection, steps: Iterable[Onward], rows: Sequence[Row]
) -> Iterator[Found]:
    for step in steps:
        asked = {_bound(step, row) for row in rows}
        found = [
            row for values in sorted(asked, key=repr) for row in _ask(connection, step, values)
        ]
        yield Found(step.of, found)


def _bound(step: Onward, row: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
    missing = sorted(step.asks - row.keys())
    if missing:
        raise BadQuestion(
            f"exports/lineage/leads_to.yaml, {step.of}: no column is called {', '.join(missing)}."
        )
    return tuple((name, row[name]) for name in sorted(step.asks))


def _ask(
    connection: duckdb.DuckDBPyConnection, step: Onward, values: tuple[tuple[str, object], ...]
) -> list[Row]:
    try:
        return as_rows(connection.execute(step.sql, dict(values)))
    except duckdb.Error as error:
        raise BadQuestion(
            f"exports/lineage/leads_to.yaml, {step.of}: cannot be asked "
            f"({' '.join(str(error).split())})."
        ) from None
