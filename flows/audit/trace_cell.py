"""`trace cell`: from a published cell to its unrounded value, and to what that is made of."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from exports.definitions.table import ColumnDefinition, TableDefinition, every_table
from exports.edition.manifest import read_manifest
from exports.figures.selection import Selection
from flows.audit.decisions import decisions_on
from flows.audit.leads_on import Found, rests_on
from flows.audit.published_cell import (
    PublishedPeriod,
    TracedCell,
    published_of,
    row_key,
    tables_of,
    traced,
)
from flows.audit.trace_value import Question, file_names, trace
from flows.authority.places import places_in, places_in_use
from flows.common.files import digest_of
from flows.common.settings import Settings
from flows.modelling.analysts import BadQuestion, analysts
from flows.modelling.build import build
from flows.publishing.definitions import edited_files, model_files
from flows.publishing.rebuild import RecordedRelease, workshop
from flows.warehouse.connection import Row, as_rows, reading

VALUES = "marts.fct_indicator_values"
ROWS = ("_return_id", "_sheet", "_row")


@dataclass(frozen=True)
class CellQuestion:
    """A cell that is asked about; `row` reads `period=2022-23 Q1; place=Northmoor`."""

    release: str
    table: str
    row: str
    column: str


def trace_cell(settings: Settings, question: CellQuestion) -> Row:
    """What a published cell is: its rule, its unrounded value, and all that it rests on.

    Of figures about people it tells files and checks only. Raises BadQuestion where there is no
    such cell, and says which there are.
    """
    release = recorded(settings, question.release)
    report = PublishedPeriod(release.manifest.publication, release.period, release.as_of)
    table, column = _column(settings, release, report, question)
    published = _published_text(release, table, question)
    with models_of(settings, release) as then:
        with analysts(then) as connection:
            selection = published_of(connection, table, report)
            place = _place(selection, question)
            cell = traced(connection, selection, place, column, report)
            found = rests_on(connection, selection, place, cell, report)
        return _answer(release, table, cell, published) | {
            "made_of": _made_of(cell, found),
            **ends_of(then, cell, found),
        }


def ends_of(settings: Settings, cell: TracedCell, found: Sequence[Found]) -> dict[str, list[Row]]:
    """Where all that a cell rests on ends: at rows of seeds, of senders, and events of the ledger.

    `leads_to`: the rows on the way there. `decisions`: what officers decided on those of suppliers.
    """
    ended = [_senders_rows(settings, one) for one in found]
    decisions = {repr(one): one for _, decided in ended for one in decided}
    on_the_way = [one for one in found if one.relation != cell.lineage.of]
    return {
        "leads_to": [
            {"relation": one.relation, "row": _in_a_line(row)}
            for one in on_the_way
            if not one.relation.startswith(("seeds.", "publication."))
            for row in _texts(one.rows)
        ],
        "seeds": [
            {"seed": one.relation.removeprefix("seeds."), "row": _in_a_line(row)}
            for one in on_the_way
            if one.relation.startswith("seeds.")
            for row in _texts(one.rows)
        ],
        "contributions": [row for rows, _ in ended for row in rows],
        "decisions": list(decisions.values()),
        "ledger": _returns_of(settings, [row for one in found for row in one.rows]),
    }


def recorded(settings: Settings, name: str) -> RecordedRelease:
    """The release of that name. Raises BadQuestion, naming those there are."""
    path = settings.published / name
    if not (path / "manifest.json").is_file():
        places = sorted(settings.published.glob("*/*/r*"))
        there = ", ".join(one.relative_to(settings.published).as_posix() for one in places)
        raise BadQuestion(f"There is no release {name}; there are {there or 'none'}.")
    return RecordedRelease(name, path, read_manifest(path))


@contextmanager
def models_of(settings: Settings, release: RecordedRelease) -> Iterator[Settings]:
    """Settings whose models are those of the release: the analysts' file, or built again apart."""
    if _stands(settings, release):
        yield settings
        return
    with workshop(settings, release) as shop:
        build(shop.settings, release.as_of)
        yield shop.settings


def _stands(settings: Settings, release: RecordedRelease) -> bool:
    """Whether the analysts' file is the build that the release was made from."""
    places = places_in_use(settings)
    definitions = digest_of(edited_files(places) | model_files(places))
    if definitions != release.manifest.definitions_digest:
        return False
    with analysts(settings) as connection:
        rows = connection.execute("select as_of from marts.built_from").fetchall()
    return rows == [(release.as_of,)]


def _column(
    settings: Settings, release: RecordedRelease, report: PublishedPeriod, question: CellQuestion
) -> tuple[TableDefinition, ColumnDefinition]:
    tables = tables_of(report, places_in(release.definitions).tables)
    table = tables.get(question.table)
    if table is None:
        raise BadQuestion(
            f"{release.name} has no table {question.table}; it has {', '.join(sorted(tables))}."
        )
    columns = {column.name: column for column in table.columns}
    if question.column not in columns:
        raise BadQuestion(
            f"{table.name} has no column {question.column}; it has {', '.join(columns)}."
        )
    return table, _by_todays_rule(settings, table, columns[question.column])


def _by_todays_rule(
    settings: Settings, table: TableDefinition, column: ColumnDefinition
) -> ColumnDefinition:
    """The column; one that was published before it declared a rule is traced by today's."""
    if column.traces is not None:
        return column
    today = next(
        (one for one in every_table(places_in_use(settings).tables) if one.name == table.name),
        table,
    )
    rules = {one.name: one.traces for one in today.columns}
    return column.model_copy(update={"traces": rules.get(column.name)})


def published_rows(release: RecordedRelease, table: TableDefinition) -> dict[str, dict[str, str]]:
    """The rows of a table as the release shows them, by their key; none if it has no such table."""
    path = release.path / "tables" / f"{table.name}.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            "; ".join(f"{name}={row.get(name, '')}" for name in table.key): row
            for row in csv.DictReader(lines)
        }


def _published_text(
    release: RecordedRelease, table: TableDefinition, question: CellQuestion
) -> str:
    """The cell as it was published."""
    rows = published_rows(release, table)
    if question.row not in rows:
        raise BadQuestion(
            f"{release.name}, {table.name}: no row is {question.row!r}; there are, among others, "
            f"{' | '.join(list(rows)[:3])}."
        )
    return rows[question.row][question.column]


def _place(selection: Selection, question: CellQuestion) -> int:
    keys = [row_key(selection, place) for place in range(len(selection.rows))]
    return keys.index(question.row)


def _answer(
    release: RecordedRelease, table: TableDefinition, cell: TracedCell, published: str
) -> Row:
    rule = cell.lineage
    return {
        "release": release.name,
        "table": table.name,
        "row": cell.row,
        "column": cell.column.name,
        "published": published,
        "disclosure": _step(table, cell, published),
        "unrounded": _text(cell.unrounded),
        "rule": rule.rule,
        "made_from": rule.of or ", ".join(sorted(rule.asks)) or "manifest.json",
        "by": f"{rule.value or ''}{f' where {rule.where}' if rule.where else ''}",
        "recomputed": _text(cell.again) if rule.value else _text(cell.unrounded),
        "agrees": cell.agrees,
    }


def _step(table: TableDefinition, cell: TracedCell, published: str) -> str:
    """What stands between the unrounded value and the published one."""
    rule, name = table.disclosure, cell.column.name
    if rule and name in rule.protected and (name not in rule.row_counts or published == "[c]"):
        how = "hidden" if published == "[c]" else "as the thresholds of disclosure control say"
        return f"counts people: {how} (audit/disclosure says why)"
    if cell.column.type == "number":
        places = len(published.partition(".")[2])
        return f"none: rounded once, to {places} decimal place{'s' if places != 1 else ''}"
    return "none: shown as it is"


def _made_of(cell: TracedCell, found: Sequence[Found]) -> list[Row]:
    """The rows of the relation that the rule names, or the cells of its own row."""
    if cell.lineage.of:
        return _texts([row for one in found if one.relation == cell.lineage.of for row in one.rows])
    return [
        {"cell": name, "value": _text(cell.bindings[name])} for name in sorted(cell.lineage.asks)
    ]


def _senders_rows(settings: Settings, found: Found) -> tuple[list[Row], list[Row]]:
    """The senders' rows of each value of an indicator, or the rows of returns themselves.

    And what officers decided on them.
    """
    rows: list[Row] = []
    decided: list[Row] = []
    if found.relation == VALUES:
        for value in _texts(found.rows):
            name, part = str(value["breakdown"]), str(value["breakdown_value"])
            question = Question(
                str(value["indicator_id"]),
                str(value["period"]),
                str(value["basis"]),
                f"{name}={part}" if name else None,
            )
            traced_on = trace(settings, question)
            behind = cast(list[Row], traced_on["rows"] or traced_on.get("returns", []))
            rows += [{"value_of": value["period"], **row} for row in behind]
            decided += cast(list[Row], traced_on["decisions"])
    elif found.rows and set(ROWS) <= found.rows[0].keys():
        files = file_names(settings)
        rows += [
            {
                "file": files.get(str(row["_return_id"])),
                "return_id": row["_return_id"],
                "sheet": row["_sheet"] or None,
                "row": row["_row"],
                "amount": row.get("amount", row.get("numerator")),
            }
            for row in _texts(found.rows)
        ]
        with analysts(settings) as models:
            decided += decisions_on(settings, models, found.rows)
    return rows, decided


def _returns_of(settings: Settings, made_of: list[Row]) -> list[Row]:
    """The ledger's events about the returns that the rows speak of, by id or by slot."""
    ids = {str(row.get("return_id") or row.get("_return_id") or "") for row in made_of} - {""}
    slots = {(str(r["sender"]), str(r.get("month"))) for r in made_of if r.get("month")}
    slots = {slot for slot in slots if not ids}
    with reading(settings) as connection:
        return as_rows(
            connection.execute(
                """
                select events.seq, events."at", events.kind, events.subject,
                       returns.file_name as file
                from warehouse.ledger.events as events
                join warehouse.ledger.returns as returns
                  on returns.return_id = events.subject
                 and returns.attempt = coalesce(
                     cast(json_extract_string(events.detail, '$.attempt') as integer), 1)
                where list_contains($ids, events.subject)
                   or list_contains($slots, returns.sender || ' ' || returns.period)
                      and returns."return" in ('finance_payments', 'finance_control_totals')
                order by events.seq
                """,
                {"ids": sorted(ids), "slots": [" ".join(slot) for slot in sorted(slots)]},
            )
        )


def _texts(rows: Sequence[Row]) -> list[Row]:
    """The rows as text, in order."""
    texts: list[Row] = [{name: _text(value) for name, value in row.items()} for row in rows]
    return sorted(texts, key=lambda row: [str(text or "") for text in row.values()])


def _in_a_line(row: Row) -> str:
    """The cells that hold something: rows of several relations have no columns in common."""
    return "; ".join(f"{name}={text}" for name, text in row.items() if text not in (None, ""))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
