"""The charts that a table's definition asks for, drawn from its published cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from exports.definitions.table import SYMBOLS, Chart
from exports.edition.facts import Edition
from exports.figures.cell import Cell
from exports.figures.display import plain, unit_of, with_unit
from exports.figures.selection import Selection
from exports.site.drawing.beside_svg import Amount, estimate
from exports.site.drawing.svg import Point, bars
from flows.common.files import slug

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
        if chart.kind == "estimates":
            names = (chart.value, *chart.between)
            for _, one in estimates_of(selection, chart.label, names):
                drawn.append(replace(one, title=f"{chart.title}: {one.title}"))
    return drawn


def estimates_of(
    selection: Selection, label: str, names: Sequence[str]
) -> Iterator[tuple[Mapping[str, Cell], ChartView]]:
    """Each row of which all is known, with the picture of what is estimated of its figure; `names`
    are the columns of the figure and of the low, the central and the high estimate."""
    columns = {column.name: column for column in selection.table.columns}
    for row in selection.by_column:
        amounts = [
            Amount(figure, with_unit(row[name], columns[name], row))
            for name in names
            if (figure := row[name].figure) is not None
        ]
        if len(amounts) < len(names) or not amounts[0].value:
            continue
        gross, low, net, high = amounts
        title = f"{row[label].text}: {net.reads} of {gross.reads}"
        name = slug("-".join([*(row[key].text for key in selection.table.key), "estimate"]))
        yield row, ChartView(title, estimate(name, title, gross, low, net, high), ())


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
