"""Counts of people in a chapter: the lines of their published cells, as their own pages show them.

They stand in no table of figures beside the year before, for each is protected in its own table.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from exports.edition.history import History
from exports.figures.cell import Cell
from exports.site.series import FEWEST, WHOLE, Series, series_of
from exports.site.trends import sentence_of, small_chart

AT_MOST = 8


@dataclass(frozen=True)
class PeopleLine:
    """What is seen of an indicator of people, its small chart, and its page."""

    indicator: str
    title: str
    sentence: str
    svg: str
    page: str


def people_lines(
    history: History, words: Sequence[Mapping[str, Cell]], shown: Collection[str]
) -> list[PeopleLine]:
    """Of the indicators that the definitions `words` are of, those with a line in a table that
    protects people and not among those `shown`; figures of the whole come before those of a part.
    """
    protected = {table.name for table in history.tables if table.disclosure}
    titles: dict[str, dict[str, str]] = {}
    names: dict[str, str] = {}
    for row in words:
        number = row["indicator_id"].text
        names[number] = row["title"].text
        titles.setdefault(number, {})[row["basis"].text] = row["figure"].text
    found: dict[str, Series] = {}
    for number in sorted(names.keys() - set(shown)):
        first = next(iter(series_of(history, number, titles[number])), None)
        if first is None or first.table not in protected or len(first.known) < FEWEST:
            continue
        if any(one.value for one in first.known):  # a line of noughts is no picture
            found[number] = first
    by_whole = sorted(found, key=lambda number: found[number].part not in WHOLE)
    return [_line(number, names[number], found[number]) for number in sorted(by_whole[:AT_MOST])]


def _line(number: str, title: str, series: Series) -> PeopleLine:
    return PeopleLine(
        indicator=number,
        title=title,
        sentence=sentence_of(series),
        svg=small_chart(series, f"{number.lower()}-people"),
        page=f"indicators/{number.lower()}.html",
    )
