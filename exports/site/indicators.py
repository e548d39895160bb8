"""What a page says of one indicator: its words from the registry, its figures, its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from exports.definitions.table import ColumnDefinition, TableDefinition
from exports.edition.facts import Edition
from exports.edition.history import DEFINITIONS, History
from exports.figures.cell import Cell
from exports.figures.display import of_a_thousand, plain, spell_date, unit_of, with_unit
from exports.figures.selection import Selection
from exports.figures.unchecked import claimed_beside, is_partly, is_unchecked, none_yet, not_yet
from exports.narrative.rendered import text_of
from exports.narrative.target_change import change_of_target
from exports.site.charts import charts_of
from exports.site.names import Names, names_of
from exports.site.series import series_of
from exports.site.trends import TrendView, trend_view
from exports.site.views import TableView, view_of_rows

VALUES = ("indicators", "year_figures")
_NO_TARGET = ("not applicable", "not available")
_MOVED, _ALIKE = ("better", "worse", "up", "down"), "almost the same"
_OPEN = "not known until all is checked"
_NOTHING = "None"  # what the registry says a sum is divided by
_NO_CELL = Cell(None)
_Row = Mapping[str, Cell]


@dataclass(frozen=True)
class FigureView:
    """One figure of an indicator: its words, and its value if the release has one.

    `unchecked`: what is claimed, where none of it is checked yet, and 0 is no figure; `none_yet`
    says so. `partly`: of how much it is, where more is claimed than is checked, and `is_down` what
    may yet turn when that is checked.
    """

    title: str
    definition: str
    rule: str
    has_row: bool
    is_given: bool
    texts: Mapping[str, str]
    target_changed: str = ""
    counted_since: str = ""
    unchecked: str = ""
    none_yet: str = ""
    partly: str = ""
    is_down: bool = False

    @property
    def target(self) -> str:
        """What it is to reach, in words; '' where nothing is set."""
        said = self.texts.get("target", "")
        return "" if said in _NO_TARGET else said


@dataclass(frozen=True)
class CardView:
    """A figure of a table that stands large: what it is, its value and target in words."""

    says: str
    value: str
    target: str
    period: str


@dataclass(frozen=True)
class ListedFigure:
    """A figure as the list of indicators shows it, in words."""

    title: str
    now: str
    before: str
    target: str
    verdict: str
    when: str = ""  # the quarter, where that is the last of a year's


@dataclass(frozen=True)
class IndicatorView:
    """An indicator with everything that the release says of it."""

    number: str
    title: str
    role: str
    theme: str
    definition: str
    details: str
    counted: str
    divided_by: str
    source: str
    is_illustrative: bool
    figures: Sequence[FigureView]
    tables: Sequence[TableView]
    listed_in: str
    cautions: Sequence[str]
    trend: TrendView | None
    cards: Sequence[CardView] = ()

    @property
    def page(self) -> str:
        """The name of its page."""
        return f"indicators/{self.number.lower()}.html"

    def in_list(self, period: str) -> ListedFigure | None:
        """The figure that the list of indicators shows: the one with a target, or the first that
        is given; of one without a row the newest of its line, if that is the period's or, of a
        year, within it: then beside the same quarter of the year before."""
        given = [one for one in self.figures if one.is_given]
        aimed = [one for one in given if one.target]
        if given:
            one = (aimed or given)[0]
            verdict = one.texts.get("verdict", one.texts.get("verdict_before", ""))
            if one.texts["value_before"] == one.texts["value"] and verdict in _MOVED:
                verdict = _ALIKE
            if one.unchecked or (one.partly and one.is_down):
                verdict = _OPEN
            target = one.target or "none"
            now = (
                f"{one.none_yet} ({one.unchecked} claimed)" if one.unchecked else one.texts["value"]
            )
            return ListedFigure(one.title, now, one.texts["value_before"], target, verdict)
        labels = [label for label, _ in self.trend.quarters] if self.trend else []
        if not self.trend or not labels[-1].startswith(period):
            return None
        # Its table has no targets: whether there is one stands on its page.
        title, (*texts, target) = self.trend.rows[0]
        is_year = labels[-1] != period
        quarter = labels[-1].removeprefix(period) if is_year else ""
        alike = [
            text for label, text in zip(labels[:-1], texts, strict=False) if label.endswith(quarter)
        ]
        return ListedFigure(
            title,
            texts[-1],
            alike[-1] if alike else "not available",
            "" if target == "none" else target,
            "",
            f"In {labels[-1]}" if is_year else "",
        )

    @property
    def longest(self) -> int:
        """The letters of its longest figure: all are set in one size."""
        return max((len(one.texts["value"]) for one in self.figures if one.is_given), default=0)

    @property
    def rules(self) -> list[tuple[list[str], str]]:
        """How its figures are worked out: the titles of those that are so alike, and the words."""
        alike: dict[str, list[str]] = {}
        for one in self.figures:
            said = f"{one.definition}. " if one.definition else ""
            since = f" {one.counted_since}" if one.counted_since else ""
            alike.setdefault(f"{said}Rule: {one.rule}.{since}", []).append(one.title)
        return [(titles, words) for words, titles in alike.items()]

    @property
    def has_figures(self) -> bool:
        """Whether the table of indicators has a row of it."""
        return any(one.has_row for one in self.figures)


def indicator_views(
    edition: Edition, selections: Sequence[Selection], history: History
) -> list[IndicatorView]:
    """Every indicator that the definitions name, in their order."""
    by_name, names = {one.table.name: one for one in selections}, names_of(selections)
    words = by_name.get(DEFINITIONS)
    values = next((by_name[name] for name in VALUES if name in by_name), None)
    if words is None:
        return []
    views = []
    for number in dict.fromkeys(cell.text for cell in words.column("indicator_id")):
        rows = _rows_of(words, number)
        own_values = {
            row["basis"].text: (at, row)
            for at, row in enumerate(values.by_column if values else [])
            if row["indicator_id"].text == number
        }
        tables = [one for one in selections if number in one.table.indicators]
        figures = [
            _figure(
                row,
                values,
                own_values.get(row["basis"].text),
                own_values.get(claimed_beside(row["basis"].text)),
            )
            for row in rows
        ]
        given = {
            name: "" if cell.symbol else plain(cell, _column(words.table, name))
            for name, cell in rows[0].items()
        }
        titles = {row["basis"].text: row["figure"].text for row in rows}
        first, dot, rest = given["definition"].partition(". ")
        views.append(
            IndicatorView(
                number=number,
                title=given["title"],
                role=given["role"],
                theme=given["theme"],
                definition=first + dot,
                details=rest,
                counted=given["numerator_is"],
                divided_by="" if given["denominator_is"] == _NOTHING else given["denominator_is"],
                source=given["source"],
                is_illustrative=given["illustrative"] == "yes",
                figures=figures,
                tables=[
                    one
                    for each in tables
                    if (one := _only_of(edition, number, each, names)).rows or not each.rows
                ],
                listed_in=values.table.name if values else "",
                cautions=[one.text for one in edition.cautions if number in one.indicators],
                cards=[card for one in tables if (card := _card(one, edition.facts.period.label))],
                trend=trend_view(series_of(history, number, titles), number.lower()),
            )
        )
    return views


def _card(selection: Selection, period: str) -> CardView | None:
    """The figure of the table that stands large; None where it has none, or it is hidden."""
    asked, rows = selection.table.card, selection.by_column
    if not asked or not rows or rows[0][asked.value].figure is None:
        return None
    target = rows[0][asked.target] if asked.target else _NO_CELL
    columns = {column.name: column for column in selection.table.columns}
    value = columns[asked.value]
    return CardView(
        asked.says,
        with_unit(rows[0][asked.value], value, rows[0]),
        with_unit(target, value, rows[0]) if target.figure is not None else "",
        period,
    )


def _only_of(edition: Edition, number: str, selection: Selection, names: Names) -> TableView:
    """The table, with the rows and charts that are of this indicator and of no other."""
    rows = [
        place
        for place, row in enumerate(selection.by_column)
        if "indicator_id" not in row or row["indicator_id"].text == number
    ]
    charts = [
        one
        for one in charts_of(edition, selection)
        if not one.indicators or number in one.indicators
    ]
    return view_of_rows(edition, selection, rows, names, charts)


def _figure(
    words: _Row,
    values: Selection | None,
    found: tuple[int, _Row] | None,
    beside: tuple[int, _Row] | None,
) -> FigureView:
    """A figure by its words and its row; `beside` is the row of what is claimed."""
    definition = words["figure_definition"]
    texts, changed, unchecked, partly, is_down = {}, "", "", "", False
    at, row = found or (0, None)
    if values and row:
        columns = {column.name: column for column in values.table.columns}
        texts = {name: with_unit(row[name], columns[name], row) for name in row}
        texts |= _of_a_thousand(row, unit_of(columns["value"], row))
        changed = text_of(change_of_target(values, at, row))
        claimed = beside[1]["value"] if beside else None
        if beside and is_unchecked(row["value"], claimed):
            unchecked = with_unit(beside[1]["value"], columns["value"], beside[1])
        elif beside and is_partly(row["value"], claimed):
            of = with_unit(beside[1]["value"], columns["value"], beside[1])
            is_down = (row["value"].figure or 0) < (row["value_before"].figure or 0)
            partly = f"Of {of} claimed; the rest is {not_yet(words['basis'].text)}."
    return FigureView(
        title=words["figure"].text,
        definition="" if definition.symbol else definition.text,
        rule=words["rule"].text,
        has_row=row is not None,
        is_given=row is not None and row["value"].symbol is None,
        texts=texts,
        target_changed=changed,
        counted_since=_counted_since(words),
        unchecked=unchecked,
        none_yet=none_yet(words["basis"].text),
        partly=partly,
        is_down=is_down,
    )


def _of_a_thousand(row: _Row, unit: str) -> Mapping[str, str]:
    """What reads as less than a penny, by what it is worked out from; of before by its digits."""
    above, below, before = (
        row[name].figure for name in ("numerator", "denominator", "value_before")
    )
    said = of_a_thousand(above / below, unit) if above is not None and below else ""
    then = of_a_thousand(before, unit) if before else ""
    found = {"value": said, "value_before": f"about {then}" if then else ""}
    return {name: text for name, text in found.items() if text}


def _counted_since(words: _Row) -> str:
    """Since when what is counted is another thing, and what changed; '' where it never did."""
    since = words.get("definition_since", _NO_CELL).value
    if not isinstance(since, date):
        return ""
    changed = words["what_changed"].text.rstrip(".")
    return (
        f"What is counted changed on {spell_date(since)}: {changed}."
        " No figure before is compared with one after."
    )


def _rows_of(selection: Selection, number: str) -> list[dict[str, Cell]]:
    return [row for row in selection.by_column if row["indicator_id"].text == number]


def _column(table: TableDefinition, name: str) -> ColumnDefinition:
    return next(column for column in table.columns if column.name == name)
