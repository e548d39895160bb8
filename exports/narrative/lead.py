"""What a release opens with: a headline chosen by rule, sentences of it, and the cards.

The rule: first what got worse and misses its target, then what got worse, then what got better; of
these the figure that moved furthest, as a share of the larger of now and then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from exports.definitions.narrative import Lead, News
from exports.figures.cell import Cell
from exports.figures.judged import misses
from exports.figures.selection import Selection
from exports.narrative.render import NarrativeError, is_given
from exports.narrative.rendered import (
    Piece,
    RenderedHeadline,
    RenderedSection,
    RenderedSentence,
    piece_of,
)
from exports.narrative.words_file import HEADLINE

BETTER, WORSE = "better", "worse"
_INDICATOR = "indicator_id"


@dataclass(frozen=True)
class RenderedCard:
    """A figure with its target in words; `row` says which of the table it is."""

    news: News
    value: Piece | None
    label: str
    target: Piece | None
    is_met: bool | None


@dataclass(frozen=True)
class RenderedLead:
    """The headline with its sentences, as a section, and the cards; `told` are the figures that the
    sentences tell, by the texts of columns."""

    section: RenderedSection
    cards: Sequence[RenderedCard]
    told: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True)
class _Figure:
    news: News
    at: int
    row: Mapping[str, Cell]
    verdict: str
    is_met: bool | None
    size: Decimal

    @property
    def order(self) -> tuple[bool, bool, Decimal]:
        """The largest news has the largest."""
        worse = self.verdict == WORSE
        return worse and self.is_met is False, worse, self.size


def render_lead(lead: Lead, selections: Sequence[Selection]) -> RenderedLead:
    """Raises NarrativeError if its table is not published."""
    selection = next((one for one in selections if one.table.name == lead.table), None)
    if selection is None:
        raise NarrativeError(f"The lead names the table {lead.table}, which is not published.")
    figures = {id(news): _find(lead, news, selection) for news in lead.news}
    moved = [one for one in figures.values() if one and one.verdict in (BETTER, WORSE)]
    chosen = max(moved, key=lambda one: one.order, default=None)
    good = [one for one in moved if one.verdict == BETTER and one is not chosen]
    second = max(good, key=lambda one: (one.is_met is not False, one.size), default=None)
    said = [one for one in (chosen, second) if one]
    sentences = [_sentence(lead, selection, one) for one in said]
    cards = [_card(lead, selection, news, figures[id(news)]) for news in lead.news]
    is_compared = any(one and _number(one.row[lead.before]) is not None for one in figures.values())
    title = lead.steady if is_compared or not lead.first else lead.first
    if chosen:
        title = chosen.news.worse if chosen.verdict == WORSE else chosen.news.better
    section = RenderedSection(
        name=HEADLINE,
        title=title,
        about="",
        figures=[RenderedHeadline(one.value, one.label) for one in cards],
        sentences=sentences,
        if_none="",
    )
    named = (_INDICATOR, lead.value)
    told = [{name: one.row[name].text for name in named} for one in said if _INDICATOR in one.row]
    return RenderedLead(section, cards, told)


def _find(lead: Lead, news: News, selection: Selection) -> _Figure | None:
    """The row of the figure, if it has a value."""
    for at, row in enumerate(selection.by_column):
        if all(row[name].text == text for name, text in news.row.items()):
            if not is_given(row[lead.value]):
                return None
            return _Figure(
                news, at, row, row[lead.verdict].text, _is_met(lead, row), _size(lead, row)
            )
    return None


def _is_met(lead: Lead, row: Mapping[str, Cell]) -> bool | None:
    """Whether the target is reached; None where none is set."""
    value, target = _number(row[lead.value]), _number(row[lead.target])
    if value is None or target is None:
        return None
    return not misses(value, target, row[lead.direction].text)


def _size(lead: Lead, row: Mapping[str, Cell]) -> Decimal:
    now, then = _number(row[lead.value]), _number(row[lead.before])
    if now is None or then is None:
        return Decimal(0)
    most = max(abs(now), abs(then))
    return abs(now - then) / most if most else most


def _number(cell: Cell) -> Decimal | None:
    return Decimal(cell.value) if isinstance(cell.value, int | Decimal) else None


def _sentence(lead: Lead, selection: Selection, one: _Figure) -> RenderedSentence:
    """`48.1% of all spend stayed here, down from 54% the quarter before. The target is 60%.`"""
    value = piece_of(selection, one.at, lead.value, one.row)
    words = [value, Piece(f" {one.news.label}")]
    now, then = _number(one.row[lead.value]), _number(one.row[lead.before])
    if now is not None and then is not None:
        before = piece_of(selection, one.at, lead.before, one.row)
        words += [Piece(f", {'up' if now > then else 'down'} from "), before]
        words.append(Piece(f" {lead.since}"))
    words.append(Piece("."))
    if one.is_met is not None:
        target = piece_of(selection, one.at, lead.target, one.row)
        words += [Piece(" The target of "), target]
        words.append(Piece(" is met." if one.is_met else " is missed."))
    return tuple(words)


def _card(lead: Lead, selection: Selection, news: News, one: _Figure | None) -> RenderedCard:
    if one is None:
        return RenderedCard(news, None, f"It is not known what share {news.label}", None, None)
    target = piece_of(selection, one.at, lead.target, one.row) if one.is_met is not None else None
    value = piece_of(selection, one.at, lead.value, one.row)
    return RenderedCard(news, value, news.label, target, one.is_met)
