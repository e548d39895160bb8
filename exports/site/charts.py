"""The charts that a table's definition asks for, drawn from its published cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from exports.definitions.table import SYMBOLS, Chart
from exports.edition.facts import Edition
from exports.figures.cell import Cell
from exports.figures.display import plain, unit_of, with_unit
from exports.figures.selection import Selection
from exports.site.drawing.svg import Point, bars

_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class ChartView:
    """A chart: its title, the picture as SVG, and the indicators that it is about (none: all that
    its table has)."""

    title: str
    svg: str
    indicators: tuple[str, ...]


def charts_of(edition: Edition, selection: Selection) -> list[ChartView]:
    """Each chart of the table that has something to show."""
    drawn = []
    for number, chart in enumerate(selection.table.charts, start=1):
        name = f"{selection.table.name}-chart-{number}".replace("_", "-")
        title = f"{chart.title}, {edition.facts.period.label}"
        rows = _rows(edition, selection, chart)
        if chart.kind == "bars" and rows:
            indicators = tuple(chart.rows.get("indicator_id", ()))
            points = [_point(selection, chart, row) for row in rows]
            columns = {column.name: column for column in selection.table.columns}
            units = {unit_of(columns[chart.value], row) for row in rows}
            most = _HUNDRED if units == {"per cent"} else None
            drawn.append(ChartView(title, bars(name, title, points, most), indicators))
    return drawn


def _rows(edition: Edition, selection: Selection, chart: Chart) -> list[Mapping[str, Cell]]:
    period = edition.facts.period.label
    wanted = {
        column: [text.replace("{period}", period) for text in texts]
        for column, texts in chart.rows.items()
    }
    none = SYMBOLS["not applicable"]
    return [
        row
        for row in selection.by_column
        if all(row[name].text in wanted[name] for name in wanted) and row[chart.value].text != none
    ]


def _point(selection: Selection, chart: Chart, row: Mapping[str, Cell]) -> Point:
    cell = row[chart.value]
    columns = {column.name: column for column in selection.table.columns}
    label = plain(row[chart.label], columns[chart.label])
    value = cell.value if isinstance(cell.value, (int, Decimal)) else None
    reads = with_unit(cell, columns[chart.value], row)
    return Point(label, None if value is None else Decimal(value), reads)
