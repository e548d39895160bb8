"""What needs action: at most seven rows, the other missed targets in a line, and late returns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from exports.figures.selection import Selection
from exports.narrative.late_returns import late_returns, suppliers_of
from exports.narrative.missed_targets import CODE, MissedTarget, code_of, missed_targets
from exports.narrative.render import is_given
from exports.narrative.rendered import (
    Piece,
    RenderedSection,
    RenderedSentence,
    joined,
    piece_of,
    text_of,
)

EXCEPTIONS, AGREED, RETURNS, CONTRACTS = "exceptions", "actions", "returns_received", "contracts"
AT_MOST, TARGETS_AT_MOST = 7, 12
NOBODY, NO_DATE = (Piece("nobody is named"),), (Piece("no date is set"),)
NOT_REPORTED = (Piece("not reported"),)


@dataclass(frozen=True)
class Action:
    """Something to act on: each part made of cells. `code` is its number, for a muted tail."""

    what: RenderedSentence
    code: str
    who: RenderedSentence
    by_when: RenderedSentence
    how_far: RenderedSentence


@dataclass(frozen=True)
class RenderedActions:
    """The rows of a page, whether there are more in the table, and what is said beside them: of
    targets that are missed and have no row, and of returns."""

    rows: Sequence[Action]
    more: bool
    further: Sequence[RenderedSentence]

    @property
    def section(self) -> RenderedSection:
        """The same as a section of sentences."""
        said = [
            (*one.what, Piece(": "), *one.how_far,
             Piece(" Who: " if text_of(one.how_far).endswith(".") else ". Who: "), *one.who,
             Piece("; by when: "), *one.by_when, Piece("."))
            for one in self.rows
        ]  # fmt: skip
        return RenderedSection(
            "attention",
            "What needs action",
            "",
            (),
            [*said, *self.further],
            "Nothing needs action this quarter.",
        )


def render_actions(selections: Sequence[Selection]) -> RenderedActions | None:
    """None where the publication has no table of exceptions."""
    by_name = {one.table.name: one for one in selections}
    if EXCEPTIONS not in by_name:
        return None
    agreed = list(_agreed(by_name[AGREED])) if AGREED in by_name else []
    exceptions = by_name[EXCEPTIONS]
    missed = missed_targets(exceptions, selections)
    codes = {one.code for one in agreed}
    off_track = list(_off_track(exceptions))
    newer = {one.code: one for one in off_track}
    found = [_with_newer(one, newer.get(one.code)) for one in agreed]
    found += [one for one in off_track if one.code not in codes]
    firsts: dict[str, MissedTarget] = {}
    for one in missed:
        firsts.setdefault(one.code, one)
    shown = list(firsts.values())[: max(AT_MOST - len(found), 0)]
    rows = [*found, *(Action(one.what, one.code, NOBODY, NO_DATE, one.how_far) for one in shown)]
    further = list(_further([one for one in missed if one not in shown]))
    if returns := by_name.get(RETURNS):
        further += late_returns(returns, suppliers_of(by_name.get(CONTRACTS)))
    return RenderedActions(rows[:AT_MOST], len(found) > AT_MOST, further)


def _further(missed: Sequence[MissedTarget]) -> Iterator[RenderedSentence]:
    """`Other targets missed: Local spend (of all spend) 48.1%, target 60%; ...`"""
    if missed:
        listed = [(*one.what, Piece(" "), *one.how_far) for one in missed]
        named = joined(listed, "; ", TARGETS_AT_MOST)
        yield (Piece("Other targets missed: "), *named, Piece("."))


def _agreed(selection: Selection) -> Iterator[Action]:
    """What was agreed in an earlier quarter and is not done, what is overdue first."""
    for at, row in enumerate(selection.by_column):
        if row["state"].text == "done" or row["agreed_in"].text == row["quarter"].text:
            continue
        pieces = {name: piece_of(selection, at, name, row) for name in row}
        due = pieces["due"] if is_given(row["due"]) else Piece("no date is set")
        ended = Piece(" when the quarter ended.")
        late = [Piece(" Overdue by "), pieces["days_overdue"], ended]
        yield Action(
            what=(pieces["title"],),
            code=row["commitment_id"].text,
            who=(pieces["responsible_post"],),
            by_when=(due,),
            how_far=(pieces["action"], *(late if is_given(row["days_overdue"]) else [])),
        )


def _with_newer(agreed: Action, newer: Action | None) -> Action:
    """The action with what this quarter's report says of the same commitment."""
    if newer is None or newer.how_far == NOT_REPORTED:
        return agreed
    by = () if newer.by_when == NO_DATE else (Piece(" By "), *newer.by_when, Piece("."))
    return replace(agreed, how_far=(*agreed.how_far, Piece(" Now: "), *newer.how_far, *by))


def _off_track(selection: Selection) -> Iterator[Action]:
    """Commitments that are off track, or of which nothing was reported."""
    for at, row in enumerate(selection.by_column):
        if row["kind"].text not in ("Commitment off track", "Commitment not reported"):
            continue
        pieces = {name: piece_of(selection, at, name, row) for name in row}
        name = Piece(CODE.sub("", pieces["subject"].text), pieces["subject"].source)
        due = (pieces["action_due"],) if is_given(row["action_due"]) else NO_DATE
        action = (pieces["action"],) if is_given(row["action"]) else NOT_REPORTED
        code = code_of(row["subject"].text)
        yield Action((name,), code, (pieces["about"],), due, action)
