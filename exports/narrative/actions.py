"""What needs action: at most seven rows of the exceptions, and late returns by name and money."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from exports.figures.cell import Cell
from exports.figures.display import spoken
from exports.figures.selection import Selection
from exports.narrative.render import is_given, within
from exports.narrative.rendered import Piece, RenderedSection, RenderedSentence, piece_of, text_of

EXCEPTIONS, AGREED, RETURNS, CONTRACTS = "exceptions", "actions", "returns_received", "contracts"
AT_MOST, NAMES_AT_MOST = 7, 6
SUPPLIERS = "supplier_returns"
NOBODY = (Piece("nobody is named"),)
_CODE = re.compile(r"^[A-Z]{1,2}\d{2} ")
_Row = Mapping[str, Cell]


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
    """The rows of a page, whether there are more in the table, and what is said of returns."""

    rows: Sequence[Action]
    more: bool
    returns: Sequence[RenderedSentence]

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
            [*said, *self.returns],
            "Nothing needs action this quarter.",
        )


def render_actions(selections: Sequence[Selection]) -> RenderedActions | None:
    """None where the publication has no table of exceptions."""
    by_name = {one.table.name: one for one in selections}
    if EXCEPTIONS not in by_name:
        return None
    agreed = list(_agreed(by_name[AGREED])) if AGREED in by_name else []
    codes = {one.code for one in agreed}
    found = [*agreed, *(one for one in _actions(by_name[EXCEPTIONS]) if one.code not in codes)]
    returns = by_name.get(RETURNS)
    said = list(_returns(returns, _suppliers(by_name.get(CONTRACTS)))) if returns else []
    return RenderedActions(found[:AT_MOST], len(found) > AT_MOST, said)


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


def _actions(selection: Selection) -> Iterator[Action]:
    """Commitments first, then targets: one row an indicator, the worst rated of it."""
    spoken_of: set[str] = set()
    for at, row in enumerate(selection.by_column):
        kind, subject = row["kind"].text, row["subject"].text
        code = found[0].strip() if (found := _CODE.match(subject)) else ""
        if kind not in ("Commitment off track", "Commitment not reported", "Target missed"):
            continue
        if kind == "Target missed" and code in spoken_of:
            continue
        spoken_of.add(code)
        pieces = {name: piece_of(selection, at, name, row) for name in row}
        source = pieces["subject"].source
        name = Piece(_CODE.sub("", subject), source)
        if kind == "Target missed":
            title, _, figure_is = name.text.partition(": ")
            about = pieces["about"] if row["about"].text != "all" else Piece(figure_is, source)
            what = (Piece(title, source), Piece(" ("), within(about), Piece(")"))
            target = [Piece(", target "), pieces["compared_with"]]
            figure = (
                pieces["figure"] if is_given(row["figure"]) else Piece("hidden, to protect people")
            )
            yield Action(what, code, NOBODY, (Piece("no date is set"),), (figure, *target))
        else:
            due = pieces["action_due"] if is_given(row["action_due"]) else Piece("no date is set")
            action = pieces["action"] if is_given(row["action"]) else Piece("not reported")
            yield Action((name,), code, (pieces["about"],), (due,), (action,))


@dataclass(frozen=True)
class _Supplier:
    """A supplier by name, with the cells of what its contracts are worth."""

    name: Piece
    values: Sequence[Piece]
    worth: Decimal


def _suppliers(contracts: Selection | None) -> dict[str, _Supplier]:
    """Suppliers by the name under which they send returns; a withheld name is not among them."""
    found: dict[str, _Supplier] = {}
    # a release keeps its tables, and early ones did not say who sends what
    if contracts is None or all(column.name != "sends_as" for column in contracts.table.columns):
        return found
    for at, row in enumerate(contracts.by_column):
        value = row["value"].value
        if not is_given(row["sends_as"]) or not isinstance(value, Decimal):
            continue
        sender, piece = row["sends_as"].text, piece_of(contracts, at, "value", row)
        before = found.get(sender)
        found[sender] = _Supplier(
            before.name if before else piece_of(contracts, at, "supplier", row),
            [*(before.values if before else ()), piece],
            value + (before.worth if before else 0),
        )
    return found


def _returns(
    selection: Selection, suppliers: Mapping[str, _Supplier]
) -> Iterator[RenderedSentence]:
    """What did not come and what came late, most money first."""
    for lead, late in (("Not in the figures, for no sound return came: ", False), ("Late: ", True)):
        listed = []
        for at, row in enumerate(selection.by_column):
            if _is_listed(row, late):
                of_suppliers = row["return"].text == SUPPLIERS
                supplier = suppliers.get(row["sender"].text) if of_suppliers else None
                worth = supplier.worth if supplier else Decimal(0)
                pieces = list(_named(selection, at, row, supplier, late))
                listed.append(((-worth, at), pieces))
        if listed:
            listed.sort(key=lambda one: one[0])
            items: list[Piece] = []
            for _, pieces in listed[:NAMES_AT_MOST]:
                items += [Piece("; ")] if items else []
                items += pieces
            if len(listed) > NAMES_AT_MOST:
                items.append(Piece("; and others"))
            yield (Piece(lead), *items, Piece("."))


def _is_listed(row: _Row, late: bool) -> bool:
    """Whether a return is one that did not come, or that came `late`."""
    days, stands = row["late_days"].value, row["outcome"].text == "loaded"
    return (stands and isinstance(days, int) and days > 0) if late else not stands


def _named(
    selection: Selection, at: int, row: _Row, supplier: _Supplier | None, late: bool
) -> Iterator[Piece]:
    """`Total Tidewater Lifts Limited (contracts worth £7 million)`; others by return and period."""
    if supplier:
        yield supplier.name
        worth = spoken(supplier.worth, "GBP")
        yield Piece(" (contracts worth ")
        yield Piece(worth, supplier.values[0].source, True)
        yield from (Piece("", one.source) for one in supplier.values[1:])  # a sum is of all of them
    else:
        part = (
            []
            if row["part"].text == "whole period"
            else [Piece(", "), piece_of(selection, at, "part", row)]
        )
        yield piece_of(selection, at, "return", row)
        yield Piece(" for ")
        yield piece_of(selection, at, "period", row)
        yield Piece(" (")
        yield piece_of(selection, at, "sender", row)
        yield from part
    if late:
        yield Piece(", ")
        yield piece_of(selection, at, "late_days", row)
    yield Piece(")")
