"""A release's tables with the people in them protected."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from exports.definitions.table import CONFIDENTIAL, ColumnDefinition, TableDefinition
from exports.disclosure.figures import FigureKey
from exports.disclosure.problem.adding import add_sums
from exports.disclosure.problem.builder import THRESHOLD, Builder
from exports.disclosure.problem.gather import (
    Cells,
    PeopleTable,
    Place,
    add_counts,
    add_row_counts,
    add_shares,
)
from exports.disclosure.problem.groups import add_groups
from exports.disclosure.problem.growing import add_time
from exports.disclosure.problem.past import PastTable, add_past
from exports.disclosure.problem.rows import PeopleRow
from exports.disclosure.proof.secondary import WITH_PARTS, protect
from exports.disclosure.report import DisclosureReport, report_on
from exports.disclosure.thresholds import Thresholds
from exports.disclosure.wording import with_notes
from exports.figures.cell import Cell, publish_value, rounded
from exports.figures.selection import Selection

ROWS = "rows about people"
KEPT_BACK = "too few for a figure"
NONE_OF_FEW = "none of too few"  # a 0 would tell of each of them that they are not among these


def protect_tables(
    selections: Sequence[Selection],
    thresholds: Thresholds,
    others: Sequence[Selection] = (),
    past: Sequence[PastTable] = (),
) -> tuple[list[Selection], DisclosureReport | None]:
    """The selections with counts of people rounded or hidden, and what was done.

    `past` is what earlier releases showed; `others` are the rows of other periods and publications
    that they were about, as they are known today. Tables that count no people come back as they
    are; there is no report if none does. Raises DisclosureError.
    """
    tables = {one.table.name: table for one in selections if (table := _people_table(one))}
    if not tables:
        return list(selections), None
    elsewhere = [table for one in others if (table := _people_table(one))]
    builder, cells = Builder(thresholds), Cells()
    for table in tables.values():
        add_counts(builder, table, cells)
        add_row_counts(table, cells)
    for table in elsewhere:
        add_counts(builder, table, None)
    for table in [*tables.values(), *elsewhere]:
        add_sums(builder, table)
    for table in tables.values():
        add_shares(builder, table, cells)
        add_groups(builder, table)
    by_name = {table.name: table for table in elsewhere} | tables
    for one in past:
        if one.name in by_name:
            add_past(builder, by_name[one.name], one)
    add_time(builder, [table.rule for table in by_name.values()])
    problem = builder.problem()
    protection = protect(problem)
    reasons = _reasons(cells, builder, protection.hidden)
    published = [
        _protected(one, cells, reasons, builder) if one.table.name in tables else one
        for one in selections
    ]
    return published, report_on(
        thresholds, list(tables.values()), cells, reasons, problem, protection
    )


def _people_table(selection: Selection) -> PeopleTable | None:
    rule = selection.table.disclosure
    if rule is None:
        return None
    columns = selection.table.columns
    rows = [
        PeopleRow(
            at,
            {column.name: cell.text for column, cell in zip(columns, cells, strict=True)},
            {**record, **{c.name: record[c.source or c.name] for c in columns}},
        )
        for at, (cells, record) in enumerate(zip(selection.rows, selection.records, strict=True))
    ]
    return PeopleTable(selection.table.name, rule, rows, {c.name: c.decimals or 0 for c in columns})


def _reasons(cells: Cells, builder: Builder, hidden: Mapping[FigureKey, str]) -> dict[Place, str]:
    """Why each hidden cell is hidden."""
    reasons = {place: hidden[key] for place, key in cells.shows.items() if key in hidden}
    reasons |= dict.fromkeys(cells.kept_back, KEPT_BACK)
    none_of_few = {
        part
        for part, whole in cells.percentages.values()
        if builder.primary.get(whole) == THRESHOLD and not builder.figures[part].value
    }
    reasons |= {place: NONE_OF_FEW for place, key in cells.shows.items() if key in none_of_few}
    for place, people in cells.rests_on.items():
        if place in cells.required:
            continue
        below = [key for key in people if builder.primary.get(key) == THRESHOLD]
        if below if place in cells.statutory else not hidden.keys().isdisjoint(people):
            reasons[place] = WITH_PARTS
    return reasons | {place: ROWS for place, any_rows in cells.rows.items() if any_rows}


def _protected(
    selection: Selection, cells: Cells, reasons: Mapping[Place, str], builder: Builder
) -> Selection:
    table, thresholds = selection.table, builder.thresholds
    rows = []
    for at, row in enumerate(selection.rows):
        published: list[Cell] = []
        for column, cell in zip(table.columns, row, strict=True):
            place = (table.name, at, column.name)
            if place in reasons:
                published.append(Cell(None, CONFIDENTIAL))
            elif place in cells.percentages:
                shown = [
                    Decimal(thresholds.rounded(Decimal(builder.figures[key].value)))
                    for key in cells.percentages[place]
                ]
                published.append(publish_value(column, 100 * shown[0] / shown[1]))
            elif place in cells.counts:
                raw = selection.records[at][column.source or column.name]
                published.append(_rounded(column, Decimal(str(raw)), thresholds))
            else:
                published.append(cell)
        rows.append(_with_ratios(table, cells, at, published))
    return Selection(with_notes(table, thresholds), tuple(rows))


def _with_ratios(
    table: TableDefinition, cells: Cells, at: int, row: Sequence[Cell]
) -> tuple[Cell, ...]:
    """The row with its percentages of statistics of people as the row itself shows them."""
    by_name = dict(zip((column.name for column in table.columns), row, strict=True))
    columns = {column.name: column for column in table.columns}
    for ratio in table.disclosure.ratios if table.disclosure else ():
        part, whole = by_name[ratio.numerator].value, by_name[ratio.denominator].value
        is_given = by_name[ratio.column].value is not None
        if not is_given or (table.name, at, ratio.column) not in cells.rests_on:
            continue
        if isinstance(part, (int, Decimal)) and isinstance(whole, (int, Decimal)) and whole:
            by_name[ratio.column] = publish_value(
                columns[ratio.column], 100 * Decimal(part) / whole
            )
        else:
            by_name[ratio.column] = Cell(None, CONFIDENTIAL)
    return tuple(by_name.values())


def _rounded(column: ColumnDefinition, count: Decimal, thresholds: Thresholds) -> Cell:
    figure = thresholds.rounded(count)
    if column.type == "integer":
        return Cell(figure)
    decimals = column.decimals or 0
    return Cell(rounded(Decimal(figure), decimals), None, decimals)
