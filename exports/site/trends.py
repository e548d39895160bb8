"""An indicator over every published quarter: its line, its parts, one sentence, its numbers.

Nothing is compared across a change of the rule or of what is counted: the line is parted there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exports.edition.history import KnownQuarter
from exports.figures.unchecked import none_yet, not_yet
from exports.site.drawing.scale import scale_of
from exports.site.drawing.trend_svg import TrendPoint, trend
from exports.site.series import FEWEST, Observation, Series, spell_quarter
from flows.common.periods import Period

_FEWEST_RANKED = 4  # quarters of which one is called the lowest or the highest
_SMALL = 84  # pixels: the height of a small chart
_NOT_KNOWN = ("not known", "undisclosed", "unknown")  # parts that only the table shows


@dataclass(frozen=True)
class TrendView:
    """What a page shows of an indicator over time. `rows` are the numbers: a row a figure.

    `svg` is '' where every figure is nought: an empty picture says less than the sentence.
    """

    sentence: str
    title: str
    svg: str
    note: str
    small: Sequence[tuple[str, str]]
    quarters: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, Sequence[str]]]


def trend_view(series: Sequence[Series], name: str) -> TrendView | None:
    """The chart of the first series, small ones of the others; None if there is no line to draw."""
    if not series or len(series[0].known) < FEWEST:
        return None
    first, others = series[0], [one for one in series[1:] if _is_drawn(one, series[0])]
    quarters = _quarters(series)
    note, svg, starts_at_nought = "", "", True
    if any(one.value for one in first.known):
        svg, starts_at_nought = _drawn(first, f"{name}-trend", 190)
    if not starts_at_nought:
        note = "The scale does not start at 0. "
    shown = [one for each in (first, *others) for one in each.observations]
    note += _of_dots([*_shown(first, svg), *(of for one in others for of in one.observations)])
    if any(one.value is None and not one.unchecked for one in shown):
        note += (
            "A gap is a quarter without a figure, or with one that is hidden to protect people. "
        )
    if any(one.unchecked for one in shown):
        also = "also " if "A gap is" in note else ""
        note += (
            f"A gap is {also}a quarter of whose claims none is checked yet, or none has evidence"
            " yet: that is not 0. "
        )
    if any(one.has_steps for one in (first, *others)):
        note += "The dashed line is the target of each quarter. "
    if any(one.parting for one in shown):
        note += (
            "A dotted upright line is a change of the rule or of what is counted: do not compare"
            " across it. "
        )
    return TrendView(
        sentence=sentence_of(first),
        title=first.title,
        svg=svg,
        note=note.strip(),
        small=[
            (one.title, _drawn(one, f"{name}-trend-{number}", _SMALL)[0])
            for number, one in enumerate(others, start=2)
        ],
        quarters=[(one.period.label, one.release) for one in quarters],
        rows=[row for one in series for row in _numbers(one, quarters)],
    )


def _shown(first: Series, svg: str) -> Sequence[Observation]:
    return first.observations if svg else ()


def _of_dots(shown: Sequence[Observation]) -> str:
    """What an open dot is, where one is drawn."""
    kinds = []
    if any(one.status == "provisional" for one in shown if one.value is not None):
        kinds.append("a provisional figure")
    if any(one.is_partly for one in shown):
        kinds.append(
            "one of which only a part of the claims is checked: the thin line above it ends at what"
            " is claimed, and no line joins it"
        )
    return f"An open dot is {', or '.join(kinds)}. " if kinds else ""


def _is_drawn(one: Series, first: Series) -> bool:
    """Whether a further figure has a small chart: none of who is not known, none that repeats."""
    is_other = [of.reads for of in one.observations] != [of.reads for of in first.observations]
    not_known = {one.basis, one.part}.intersection(_NOT_KNOWN)
    return (
        len(one.known) >= FEWEST
        and any(of.value for of in one.known)
        and is_other
        and not not_known
    )


def sentence_of(series: Series) -> str:
    """What is seen: the newest figure, the one before, whether it is an extreme, and the target."""
    last, newest = series.known[-1], series.observations[-1]
    if len(series.known) > 1 and not newest.unchecked and not any(o.value for o in series.known):
        return f"{series.title}: {last.reads} in each of the {len(series.known)} quarters known."
    words = f"{series.title}: {last.reads} in {spell_quarter(last.quarter.period)}"
    if newest.unchecked:
        words = (
            f"{series.title}: {none_yet(series.basis)} of {newest.unchecked} claimed in"
            f" {spell_quarter(newest.quarter.period)}. Before: {last.reads} in"
            f" {spell_quarter(last.quarter.period)}"
        )
    if last.is_partly:
        words += f" (of {last.claimed} claimed; the rest is {not_yet(series.basis)})"
    if series.parting and len(series.comparable) < FEWEST:
        words += f". It is compared with nothing before: {series.parting.because}."
    else:
        before = series.comparable[-2]
        words += f", {_moved(before, last)} {before.reads}"
        words += f" in {spell_quarter(before.quarter.period)}"
        words += f" (of {before.claimed} claimed)." if before.is_partly else "."
    above, below = series.signs
    if last.value and (meant := above if last.value > 0 else below):
        words += f" {meant}"
    if extreme := extreme_of(series):
        words += f" {extreme}"
    return words + (f" {aim}" if (aim := _aim(series.direction, last)) else "")


def extreme_of(series: Series) -> str:
    """`That is the lowest of the 8 quarters known.`; '' if the newest is neither end, or may not be
    when all that is claimed is checked."""
    ranked = series.comparable
    if len(ranked) < _FEWEST_RANKED or any(one.is_partly for one in ranked):
        return ""
    values, last = [one.value for one in ranked if one.value is not None], ranked[-1]
    reads = [one.reads for one in ranked]
    since = f" since the change of {series.parting.kind}" if series.parting else ""
    for extreme, word in ((min, "lowest"), (max, "highest")):
        if last.value == extreme(values) and reads.count(last.reads) == 1:
            return f"That is the {word} of the {len(values)} quarters known{since}."
    return ""


def _aim(direction: str, last: Observation) -> str:
    if last.value is None or last.target is None:
        return ""
    value = last.value if last.judged is None else last.judged
    ends = {
        one < last.target if direction.startswith("higher") else one > last.target
        for one in (value, last.most or value)
    }
    if len(ends) > 1:
        return f"Whether the target of {last.target_reads} was met is not known yet."
    return f"The target of {last.target_reads} was {'missed' if ends.pop() else 'met'}."


def _moved(before: Observation, last: Observation) -> str:
    if before.is_partly or last.is_partly:
        return "after"
    if before.reads == last.reads or before.value is None or last.value is None:
        return "the same as" if before.reads == last.reads else "after"
    return "up from" if last.value > before.value else "down from"


def small_chart(series: Series, name: str) -> str:
    """The line of a series as a small chart."""
    return _drawn(series, name, _SMALL)[0]


def _drawn(series: Series, name: str, plot: int) -> tuple[str, bool]:
    shown = series.observations
    values = [
        one for each in shown for one in (each.value, each.most, each.target) if one is not None
    ]
    scale = scale_of(values, series.unit, 5 if plot > _SMALL else 2)
    points = [
        TrendPoint(
            _label(one.quarter.period, shown[at - 1].quarter.period if at else None),
            one.value,
            one.reads,
            one.status == "provisional",
            one.parting.kind if one.parting else "",
            one.target,
            one.target_reads,
            one.most,
            one.claimed,
        )
        for at, one in enumerate(shown)
    ]
    return trend(name, series.title, points, scale, plot), scale.starts_at_nought


def _label(period: Period, before: Period | None) -> tuple[str, str]:
    """`Q4`, and below it the year where it is another than that of the quarter before."""
    year, quarter = period.label.split(" ")
    return quarter, "" if before and before.label.startswith(year) else year


def _quarters(series: Sequence[Series]) -> list[KnownQuarter]:
    by_label = {
        one.quarter.period.label: one.quarter for each in series for one in each.observations
    }
    return [by_label[label] for label in sorted(by_label)]


def _numbers(
    series: Series, quarters: Sequence[KnownQuarter]
) -> Iterator[tuple[str, Sequence[str]]]:
    """The row of a figure, and one of its targets where they are not the same in all quarters."""
    by_label = {one.quarter.period.label: one for one in series.observations}
    found = [by_label.get(quarter.period.label) for quarter in quarters]
    newest = series.observations[-1].target_reads or "none"
    yield series.title, [*(_number(one) if one else "not available" for one in found), newest]
    if series.has_steps:
        aims = [(one.target_reads if one else "") or "none" for one in found]
        yield f"{series.title}: target", [*aims, newest]


def _number(one: Observation) -> str:
    marks = " (provisional)" if one.status == "provisional" and one.value is not None else ""
    marks += f" (of {one.claimed} claimed)" if one.is_partly else ""
    return f"{one.reads}{marks}{f' (by a new {one.parting.kind})' if one.parting else ''}"
