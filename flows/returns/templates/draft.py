"""A draft of layouts for a file whose headers the contract does not know, to be pasted into it.

A header that is like one of the contract's words is guessed, if its cells read as that column's
values; the others are asked about. Nothing of a cell but its kind is ever written down.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flows.common.errors import Rejected
from flows.returns.contract import Contract
from flows.returns.header import KINDS_OF, LOOK_DOWN, match
from flows.returns.layout import plain
from flows.returns.likely_columns import kind_of_cells, likely_columns

NAMED = 2  # how many columns a further sheet's header must name to be one
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Guess:
    """A header of the file, the contract's column it may be, and why; '' where nobody knows."""

    header: str
    column: str
    why: str


def draft_layout(contract: Contract, sheets: Mapping[str, Rows], sender: str, on: date) -> str:
    """Layouts of the sender's as YAML, from the first rows of the file's sheets ('' in a CSV).

    One for the row that most looks like a header, and one for each other sheet with a header of
    other words. Raises Rejected where no row of them reads as a header.
    """
    tops = {name: header_place(rows, contract, sender, on) for name, rows in sheets.items() if rows}
    ranked = sorted(tops, key=lambda name: -_worth(sheets[name][tops[name]], contract, sender, on))
    if not ranked or not _may_be_header(sheets[ranked[0]][tops[ranked[0]]], contract, sender, on):
        raise Rejected(
            "match",
            f"None of the first {LOOK_DOWN} rows reads as a header: write one above the rows, with "
            "a word for each column, and ask again.",
        )
    lines: list[str] = []
    drafted: list[set[str]] = []
    for sheet in ranked:
        row, rows = tops[sheet], sheets[sheet]
        words = {plain(cell) for cell in rows[row] if cell.strip()}
        known = match(rows[row], contract, sender, on, row + 1).columns
        if words in drafted or (drafted and len(known) < NAMED):
            continue
        drafted.append(words)
        where = f"sheet {sheet}, row {row + 1}" if sheet else f"row {row + 1}"
        guesses = list(_guesses(rows[row], rows[row + 1 :], contract, sender, on))
        name = sender if len(drafted) == 1 else f"{sender}-{len(drafted)}"
        lines += _lines(guesses, contract, sender, name, where)
    return "\n".join(lines) + "\n"


def header_place(rows: Rows, contract: Contract, sender: str, on: date) -> int:
    """Which of the first rows most looks like a header; there is one at least."""
    return max(
        range(min(len(rows), LOOK_DOWN)), key=lambda at: _worth(rows[at], contract, sender, on)
    )


def _worth(cells: Sequence[str], contract: Contract, sender: str, on: date) -> int:
    """How much a row looks like a header: it names columns, and has words where rows have sums."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    wordy = len({cell for cell in filled if not re.search(r"\d{2}", cell)})
    known = len(match(cells, contract, sender, on, 1).columns)
    return 3 * known + wordy - 2 * (len(filled) - wordy)


def _may_be_header(cells: Sequence[str], contract: Contract, sender: str, on: date) -> bool:
    """Whether the row names a column that is known, or has words alone."""
    valued = [kind for kind, _ in (kind_of_cells([cell]) for cell in cells if cell.strip())]
    return bool(match(cells, contract, sender, on, 1).columns) or set(valued) == {"text"}


def _guesses(
    names: Sequence[str], below: Rows, contract: Contract, sender: str, on: date
) -> Iterator[Guess]:
    header = match(names, contract, sender, on, 1)
    known = {place: name for name, place in header.columns.items()}
    kinds = {
        place: kind_of_cells([r[place] for r in below[:KINDS_OF] if place < len(r)])
        for place in range(len(names))
    }
    open_places = [p for p, name in enumerate(names) if name.strip() and p not in known]
    likely = likely_columns(
        {p: names[p] for p in open_places}, kinds, contract, set(known.values())
    )
    for place, name in enumerate(names):
        if place in known:
            yield Guess(name, known[place], "known to the contract")
        elif place in likely:
            column, word = likely[place]
            yield Guess(
                name,
                column,
                f"a guess: it is like {word!r}, and its cells read as {kinds[place][0]}",
            )
        elif name.strip():
            yield Guess(name, "", f"its cells read as {kinds[place][0]}")


def _lines(
    guesses: Sequence[Guess], contract: Contract, sender: str, name: str, where: str
) -> Iterator[str]:
    found = {guess.column for guess in guesses}
    lacks = [column.name for column in contract.required_columns if column.name not in found]
    yield f"# A draft, from the header in {where}. Check each guess, answer each question, and"
    yield f"# let it stand under `layouts:` of contracts/{contract.return_name}.yaml in your own"
    yield "# folder."
    yield f"- name: {name}"
    yield f"  senders: [{sender}]"
    yield "  columns:"
    for guess in guesses:
        header = json.dumps(guess.header, ensure_ascii=False)
        if guess.column:
            yield f"    {guess.column}: {header}  # {guess.why}"
        else:
            yield f"    # which column is this? {header}: {guess.why}"
    if lacks:
        yield f"  lacks: [{', '.join(lacks)}]  # required and not found: name their headers above"
