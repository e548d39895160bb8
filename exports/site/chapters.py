"""The chapters as pages show them: every picture drawn from published cells."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from exports.edition.facts import Edition
from exports.edition.history import DEFINITIONS, History
from exports.edition.not_known import notes_of
from exports.figures.display import spell_date, spoken
from exports.figures.selection import Selection
from exports.narrative.chapters import ChapterFigure, RenderedChapter
from exports.narrative.render import is_of
from exports.narrative.rendered import text_of
from exports.site.charts import ChartView, charts_of, estimates_of
from exports.site.drawing.beside_svg import Amount, Promise, beside, promises
from exports.site.people_lines import PeopleLine, people_lines

ADDITIONALITY, MEASURES = "additionality", "measures"
_ESTIMATED = ("gross", "net_low", "net_central", "net_high")
_PROMISED = ("due_to_date", "claimed_to_date", "evidenced_to_date", "validated_to_date")


@dataclass(frozen=True)
class FigureView:
    """A figure with its picture, what became of it in words, and the page of its indicator."""

    figure: ChapterFigure
    svg: str
    remark: str
    page: str


@dataclass(frozen=True)
class PromisesView:
    """Promise, evidence and validation by measure as one picture; `rows` are its numbers."""

    title: str
    svg: str
    indicators: tuple[str, ...]
    rows: Sequence[Promise]


@dataclass(frozen=True)
class ChapterView:
    """A chapter with its place in the book and its pictures."""

    chapter: RenderedChapter
    number: int
    page: str
    figures: Sequence[FigureView]
    charts: Sequence[ChartView]
    promise: PromisesView | None
    estimates: Sequence[ChartView]
    people: Sequence[PeopleLine] = ()
    cautions: Sequence[str] = ()


def chapter_views(
    edition: Edition,
    chapters: Sequence[RenderedChapter],
    selections: Sequence[Selection],
    history: History,
) -> list[ChapterView]:
    """Every chapter, in the order of the book."""
    by_name = {one.table.name: one for one in selections}
    definitions = by_name.get(DEFINITIONS)
    words = definitions.by_column if definitions else []
    promise = promised(edition, selections, history)
    drawn = [
        (chart, about)
        for one in selections
        for chart in charts_of(edition, one)
        if (about := set(chart.indicators or one.table.indicators))
    ]
    views = []
    for number, chapter in enumerate(chapters, start=1):
        of_chapter = [row for row in words if is_of(row, chapter.of)]
        own = {row["indicator_id"].text for row in of_chapter}
        has_promise = promise and set(promise.indicators) <= own
        shown = {one.indicator for one in chapter.figures}
        shown.update(promise.indicators if promise and has_promise else ())
        lines = people_lines(history, of_chapter, shown)
        views.append(
            ChapterView(
                chapter=chapter,
                number=number,
                page=f"chapters/{chapter.name}.html",
                figures=[_figure(one) for one in chapter.figures],
                charts=[chart for chart, about in drawn if about <= own],
                promise=promise if has_promise else None,
                estimates=list(_estimates(by_name.get(ADDITIONALITY), chapter)),
                people=lines,
                cautions=_cautions(edition, chapter, {one.indicator for one in lines}),
            )
        )
    return views


def _figure(one: ChapterFigure) -> FigureView:
    value, before, target = one.numbers
    name = f"{one.indicator.lower()}-beside"
    svg = beside(
        name,
        f"{one.title.text}: {one.figure.text}",
        Amount(value, one.value.text),
        Amount(before, one.before.text) if before is not None and one.before else None,
        Amount(target, one.target.text) if target is not None and one.target else None,
        one.unit == "per cent",
    )
    remarks = {"better": "Better than the year before.", "worse": "Worse than the year before."}
    alike = one.before is not None and one.before.text == one.value.text
    remark = "" if alike or one.is_partly else remarks.get(one.verdict, "")
    if one.is_met is not None:
        remark = f"{'Target met' if one.is_met else 'Target missed'}. {remark}"
    remark = f"{remark.strip()} {text_of(one.target_changed)}".strip()
    remark = f"{remark} {text_of(one.unchecked)}"
    return FigureView(one, svg, remark.strip(), f"indicators/{one.indicator.lower()}.html")


def _estimates(selection: Selection | None, chapter: RenderedChapter) -> list[ChartView]:
    found = estimates_of(selection, "measure", _ESTIMATED) if selection else ()
    return [view for row, view in found if is_of(row, chapter.of)]


def _cautions(edition: Edition, chapter: RenderedChapter, shown: Collection[str]) -> list[str]:
    """The chapter's, and those of the indicators `shown` in its other pictures: each once."""
    return list(dict.fromkeys([*chapter.cautions, *notes_of(edition.cautions, shown)]))


def promised(
    edition: Edition, selections: Sequence[Selection], history: History
) -> PromisesView | None:
    """Promise, evidence and validation by measure: of the quarter, or the last one of the year."""
    own = next((one for one in selections if one.table.name == MEASURES), None)
    table = own.table if own else next((o for o in history.tables if o.name == MEASURES), None)
    label, since = edition.facts.period.label, ""
    rows: Sequence[Mapping[str, str]] = own.texts_by_column if own else []
    if not own and history.quarters:
        last = history.quarters[-1]
        label, rows = last.period.label, last.tables.get(MEASURES, ())
        since = f" (as released on {spell_date(last.as_of)})" if last.as_of else ""
    drawn = [found for row in rows if (found := _promise(row))]
    if table is None or not drawn:
        return None
    drawn.sort(key=lambda one: one.validated.value / one.due.value)
    title = f"Promised by the end of {label}, claimed, with evidence, and accepted{since}"
    return PromisesView(title, promises("promises", title, drawn), tuple(table.indicators), drawn)


def _promise(row: Mapping[str, str]) -> Promise | None:
    """The measure with its four amounts; None where one is not shown, or nothing is due."""
    texts = [row.get(name, "") for name in _PROMISED]
    if any(not text.replace(".", "", 1).isdigit() for text in texts) or not Decimal(texts[0]):
        return None
    amounts = [Amount(Decimal(text), spoken(Decimal(text), row["unit"])) for text in texts]
    return Promise(row["title"], *amounts)
