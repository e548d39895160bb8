"""Small charts of a chapter: a figure beside the year before and its target; a range; a promise.

They are sized in per cent and pixels like the others, and say in words all that they show.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from exports.site.drawing.svg import svg_of, text_of

_THICK, _THIN, _LINE = 20, 12, 18  # heights in pixels: the main bar, one beside it, a line of text
_LETTERS = 38  # of a label, on one line at the narrowest
_ROOM = Decimal("1.04")  # so that a target at the very end is seen


@dataclass(frozen=True)
class Amount:
    """A figure in a chart, and how it reads."""

    value: Decimal
    reads: str


@dataclass(frozen=True)
class Promise:
    """A measure: what is due by now, and what of it is claimed, evidenced and validated."""

    label: str
    due: Amount
    claimed: Amount
    evidenced: Amount
    validated: Amount


def beside(
    name: str, title: str, now: Amount, before: Amount | None, target: Amount | None, percent: bool
) -> str:
    """This year's bar over that of the year before, with an upright line at the target."""
    given = [one.value for one in (now, before, target) if one]
    whole = Decimal(100) if percent and max(given) <= 100 else max(given) * _ROOM or Decimal(1)
    top = _LINE + 4 if target else 0
    parts = [
        *_bar(top, _THICK, now.value / whole, "bar"),
        *(_bar(top + _THICK + 4, _THIN, before.value / whole, "bar past") if before else []),
    ]
    height = top + _THICK + (4 + _THIN if before else 0)
    said = [f"This year: {now.reads}"]
    if before:
        said.append(f"the year before: {before.reads}")
    if target:
        at = f"{_share(target.value / whole):.2f}%"
        parts.append(f'<line class="aim" x1="{at}" y1="{top - 3}" x2="{at}" y2="{height + 3}"/>')
        anchor = "end" if target.value * 2 > whole else "start"
        parts.append(text_of(at, 13, f"target {target.reads}", anchor, "aim-label"))
        said.append(f"target: {target.reads}")
    return svg_of(name, title, f"Bars. {'; '.join(said)}.", height + 4, parts)


def estimate(name: str, title: str, gross: Amount, low: Amount, net: Amount, high: Amount) -> str:
    """What is additional, of all that was delivered: a bar with its range on the whole's track."""
    whole = gross.value or Decimal(1)
    parts = [*_bar(0, _THICK, net.value / whole, "bar")]
    ends = [f"{_share(one.value / whole):.2f}%" for one in (low, high)]
    y = _THICK + 10
    parts.append(f'<line class="line" x1="{ends[0]}" y1="{y}" x2="{ends[1]}" y2="{y}"/>')
    parts += [
        f'<line class="line" x1="{end}" y1="{y - 5}" x2="{end}" y2="{y + 5}"/>' for end in ends
    ]
    said = (
        f"Bar. Of {gross.reads} in all, about {net.reads} would not have happened anyway;"
        f" somewhere from {low.reads} to {high.reads}."
    )
    return svg_of(name, title, said, y + 8, parts)


def promises(name: str, title: str, rows: Sequence[Promise]) -> str:
    """A track a measure for what is due, and on it what is claimed, evidenced and validated."""
    parts: list[str] = []
    said = []
    y = 0
    for one in rows:
        for line in textwrap.wrap(one.label, _LETTERS):
            parts.append(text_of("0", y + 14, line, "start", "label"))
            y += _LINE
        y += 2
        reads = f"{one.validated.reads} of {one.due.reads}"
        parts.append(text_of("0", y + 12, reads, "start", "tick"))
        y += _LINE
        parts += _bar(y, _THICK, one.claimed.value / one.due.value, "bar claimed")
        parts += _bar(y, _THICK, one.evidenced.value / one.due.value, "bar past")[1:]
        parts += _bar(y, _THICK, one.validated.value / one.due.value, "bar")[1:]
        y += _THICK + 14
        said.append(
            f"{one.label}: {one.due.reads} due, {one.claimed.reads} claimed,"
            f" {one.evidenced.reads} with evidence, {one.validated.reads} checked and accepted"
        )
    return svg_of(name, title, f"Bars. {'; '.join(said)}.", max(y - 14, _THICK), parts)


def _bar(y: float, height: int, share: Decimal, kind: str) -> list[str]:
    """A track, and the bar on it."""
    return [
        f'<rect class="track" x="0" y="{y}" width="100%" height="{height}"/>',
        f'<rect class="{kind}" x="0" y="{y}" width="{_share(share):.2f}%" height="{height}"/>',
    ]


def _share(part: Decimal) -> Decimal:
    """As per cent of the chart's width, within it."""
    return max(Decimal(0), min(part, Decimal(1))) * 100
