"""The front page's own parts: cards with a small line, the map, actions, what changed."""

from collections.abc import Collection
from dataclasses import dataclass

from exports.edition.history import History
from exports.narrative.lead import RenderedCard, RenderedLead
from exports.site.drawing.trend_svg import spark
from exports.site.series import Series, series_of
from exports.site.trends import extreme_of


@dataclass(frozen=True)
class CardView:
    """A figure with its target in words, its line, what the line shows, and the page of it."""

    card: RenderedCard
    badge: str
    line: str
    remark: str
    page: str


def cards_of(lead: RenderedLead, history: History, pages: Collection[str]) -> list[CardView]:
    """A card for each figure of the lead; `pages` are those that there are of indicators."""
    views = []
    for card in lead.cards:
        number, basis = card.news.row.get("indicator_id", ""), card.news.row.get("basis", "")
        own = [one for one in series_of(history, number, {}) if one.basis == basis]
        series = next((one for one in own if one.table == "indicators"), None)
        badge = {True: "On target", False: "Off target", None: ""}[card.is_met]
        line = _line(series) if series and len(series.comparable) > 1 else ""
        remark = extreme_of(series) if series and _is_its_last(series, card) else ""
        if series and line and not _is_its_last(series, card):
            remark = _of_quarters(series)
        page = f"indicators/{number.lower()}.html"
        views.append(CardView(card, badge, line, remark, page if page in pages else ""))
    return views


def _is_its_last(series: Series, card: RenderedCard) -> bool:
    """Whether the line ends with the card's figure: a year's is none of its quarters'."""
    return card.value is not None and series.observations[-1].reads == card.value.text


def _of_quarters(series: Series) -> str:
    """What the dot at the end of a line is, where it is not the card's figure."""
    last = series.observations[-1]
    if last.value is None:
        return "The line is by quarter."
    return f"The dot is {last.quarter.period.label}: {last.reads}."


def _line(series: Series) -> str:
    """Of the quarters since the last change of rule or definition: no line runs across one."""
    shown = series.observations[series.parted_at :]
    return spark([one.value for one in shown], [one.target for one in shown])
