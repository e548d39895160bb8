"""`trace file`: from a file, a return or a row of it to every published figure it touched."""

import duckdb

from exports.definitions.lineage import NOTHING_FURTHER
from flows.audit.published_cell import (
    PublishedPeriod,
    TracedCell,
    ask,
    cell_at,
    published_of,
    tables_of,
)
from flows.audit.trace_cell import VALUES, published_rows, recorded
from flows.authority.places import places_in_use
from flows.common.settings import Settings
from flows.modelling.analysts import BadQuestion, analysts
from flows.post.record import Origin, origins
from flows.publishing.rebuild import RecordedRelease
from flows.warehouse.connection import Row, reading

Value = tuple[str, ...]  # indicator, basis, period, breakdown, part
NAMED = (  # a return's id or filing, or the name or SHA-256 of a file
    "from warehouse.ledger.returns where return_id = $named "
    "or filing_id = $named or file_name = $named or sha256 = $named"
)
OF_A_VALUE = ("indicator_id", "basis", "period", "breakdown", "breakdown_value")


def trace_file(settings: Settings, named: str, line: int | None = None) -> list[Row]:
    """Every cell of every release that rests on a return, and that its rows count in.

    `named`: a return's id, or the name or SHA-256 of a file. The models are today's; the releases
    are those whose manifests name the return. Raises BadQuestion.
    """
    ids = _returns(settings, named)
    releases = [one for one in _releases(settings) if _inputs(one) & set(ids)]
    found: list[Row] = []
    with analysts(settings) as connection:
        values = _values(connection, ids, line)
        for release in releases:
            report = PublishedPeriod(release.manifest.publication, release.period, release.as_of)
            for table in tables_of(report, places_in_use(settings).tables).values():
                selection = published_of(connection, table, report)
                cells = (
                    cell_at(selection, place, column, report)
                    for place in range(len(selection.rows))
                    for column in table.columns
                )
                published = published_rows(release, table)
                found += [
                    {
                        "release": release.name,
                        "table": table.name,
                        "row": cell.row,
                        "column": cell.column.name,
                        "published": published[cell.row].get(cell.column.name),
                        "rule": cell.lineage.rule,
                    }
                    for cell in cells
                    if cell.row in published and _touches(connection, cell, values, ids, line)
                ]
    return found


def origins_of(settings: Settings, named: str) -> list[Origin]:
    """By which sources the file came, or the file of the return; none where by hand."""
    with reading(settings) as connection:
        rows = connection.execute(f"select distinct sha256 {NAMED}", {"named": named}).fetchall()
        return origins(connection, [str(sha256) for (sha256,) in rows])


def _returns(settings: Settings, named: str) -> list[str]:
    with reading(settings) as connection:
        rows = connection.execute(
            f"select distinct return_id {NAMED} order by 1", {"named": named}
        ).fetchall()
    if not rows:
        raise BadQuestion(f"No file or return is called {named}; social-value status lists them.")
    return [str(name) for (name,) in rows]


def _releases(settings: Settings) -> list[RecordedRelease]:
    places = sorted(settings.published.glob("*/*/r*/manifest.json"))
    return [
        recorded(settings, path.parent.relative_to(settings.published).as_posix())
        for path in places
    ]


def _inputs(release: RecordedRelease) -> set[str]:
    return {one.return_id for one in release.manifest.inputs}


def _values(connection: duckdb.DuckDBPyConnection, ids: list[str], line: int | None) -> set[Value]:
    """The indicators' figures and periods that rows of these returns count in."""
    rows = connection.execute(
        """
        with behind as (
            select indicator_id, basis, _series, period, _return_id, _row
            from marts.fct_indicator_contributions
            union all
            select indicator_id, basis, _series, period, _return_id, null
            from marts.fct_people_rows
        )
        select distinct behind.indicator_id, behind.basis, periods.period
        from behind join marts.fct_indicator_periods as periods
          on periods.indicator_id = behind.indicator_id and periods.basis = behind.basis
         and periods._series = behind._series and periods.inner_period = behind.period
        where list_contains($ids, behind._return_id) and ($line is null or behind._row = $line)
        """,
        {"ids": ids, "line": line},
    ).fetchall()
    return {tuple(map(str, row)) for row in rows}


def _touches(
    connection: duckdb.DuckDBPyConnection,
    cell: TracedCell,
    values: set[Value],
    ids: list[str],
    line: int | None,
) -> bool:
    rule = cell.column.traces
    if rule is None:
        return False
    if rule.rule in NOTHING_FURTHER or rule.rule == "seed" or not rule.of:
        return False
    if rule.of == VALUES:
        rows = ask(connection, cell, "distinct indicator_id, basis, period")
        return any(tuple(str(v) for v in row.values()) in values for row in rows)
    if rule.of == "marts.fct_payments":
        rows = ask(connection, cell, "_return_id, _row")
        return any(row["_return_id"] in ids and line in (None, row["_row"]) for row in rows)
    if rule.of in ("marts.rpt_returns", "marts.fct_checks") and line is None:
        return any(str(row["return_id"]) in ids for row in ask(connection, cell, "return_id"))
    return False
