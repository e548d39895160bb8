"""Targets that are missed: as the exceptions list them, and of people as their tables show it.

A figure about people is judged by the cells that are published: whether the true one misses its
target would tell which way a hidden one went.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exports.figures.judged import judged, misses
from exports.figures.selection import Selection
from exports.narrative.render import is_given, within
from exports.narrative.rendered import Piece, RenderedSentence, joined, piece_of

MISSED = "Target missed"
CODE = re.compile(r"^[A-Z]{1,2}\d{2} ")
_WHOLE = ("all", "All")


@dataclass(frozen=True)
class MissedTarget:
    """What it is of, in words; its indicator's number and the part; the figure and the target."""

    what: RenderedSentence
    code: str
    part: str
    how_far: RenderedSentence


def missed_targets(exceptions: Selection, others: Sequence[Selection]) -> list[MissedTarget]:
    """Those of the exceptions, the worst rated first, then those of people as `others` show."""
    found = list(_listed(exceptions))
    told = {(one.code, one.part) for one in found}
    of_people = [one for table in others for one in _of_people(table)]
    return found + [one for one in of_people if (one.code, one.part) not in told]


def code_of(subject: str) -> str:
    """`C01` of `C01 Local spend: of all spend`; '' where it has no number."""
    return found[0].strip() if (found := CODE.match(subject)) else ""


def _listed(selection: Selection) -> Iterator[MissedTarget]:
    for at, row in enumerate(selection.by_column):
        if row["kind"].text != MISSED:
            continue
        pieces = {name: piece_of(selection, at, name, row) for name in row}
        source = pieces["subject"].source
        title, _, figure_is = CODE.sub("", pieces["subject"].text).partition(": ")
        about = pieces["about"] if row["about"].text not in _WHOLE else Piece(figure_is, source)
        hidden = Piece("hidden, to protect people")  # releases of before judged hidden figures too
        figure = pieces["figure"] if is_given(row["figure"]) else hidden
        yield MissedTarget(
            (Piece(title, source), Piece(" ("), within(about), Piece(")")),
            code_of(row["subject"].text),
            row["about"].text,
            (figure, Piece(", target "), pieces["compared_with"]),
        )


def _of_people(selection: Selection) -> Iterator[MissedTarget]:
    table, over = selection.table, selection.table.over_time
    if table.disclosure is None or over is None or over.target is None:
        return
    for at, row in enumerate(selection.by_column):
        figure, target = judged(table, over.value, row), row[over.target].figure
        direction = row["direction"].text if "direction" in row else ""
        if figure is None or target is None or not misses(figure, target, direction):
            continue
        pieces = {name: piece_of(selection, at, name, row) for name in row}
        part = row[over.parts].text if over.parts else ""
        inside = [within(pieces["figure"])] if "figure" in row else []
        inside += [Piece(over.says)] if over.says else []
        if over.parts and over.parts != "title" and part not in _WHOLE:
            inside.append(pieces[over.parts])
        named = joined([(one,) for one in inside], ": ")
        within_brackets = [Piece(" ("), *named, Piece(")")] if inside else []
        yield MissedTarget(
            (pieces["title"], *within_brackets),
            row["indicator_id"].text if "indicator_id" in row else table.indicators[0],
            part,
            (pieces[over.value], Piece(", target "), pieces[over.target]),
        )
