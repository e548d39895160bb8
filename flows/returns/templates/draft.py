"""A draft of a layout for a file whose headers the contract does not know, to be pasted into it.

A header that is like one of the contract's words is guessed, if its cells read as that column's
values; the others are asked about. Nothing of a cell but its kind is ever written down.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from flows.common.errors import Rejected
from flows.returns.contract import Contract
from flows.returns.header import LOOK_DOWN, match
from flows.returns.layout import plain

LIKE_ENOUGH = 0.66
Rows = Sequence[Sequence[str]]

# What the cells of a column read as, tried in this order, and the types that may be so.
KINDS: list[tuple[str, str, set[str]]] = [
    ("yes or no", r"(?i)(yes|no|y|n|true|false)", {"boolean", "text"}),
    ("postcodes", r"(?i)[a-z]{1,2}\d[a-z0-9]? *\d[a-z]{2}", {"postcode", "text"}),
    (
        "dates",
        r"(?i)\d{1,4}[-/. ](\d{1,2}|[a-z]{3,9})[-/. ]\d{2,5}( \d{1,2}:\d{2}.*)?",
        {"date", "moment", "month"},
    ),
    (
        "sums or numbers",
        r"[-(£]*[\d,. ]*\d(\.\d*)?[-)]?( ?(CR|DR))?",
        {"money", "number", "integer", "code"},
    ),
    ("text", r"(?s).*", {"text", "code"}),
]


@dataclass(frozen=True)
class Guess:
    """A header of the file, the contract's column it may be, and why; '' where nobody knows."""

    header: str
    column: str
    why: str


def draft_layout(contract: Contract, sheets: Mapping[str, Rows], sender: str, on: date) -> str:
    """A layout of the sender's as YAML, from the first rows of the file's sheets ('' in a CSV).

    Raises Rejected where no row of them reads as a header.
    """
    sheet, row = max(
        ((name, at) for name, rows in sheets.items() for at in range(min(len(rows), LOOK_DOWN))),
        key=lambda place: _worth(sheets[place[0]][place[1]], contract, sender, on),
    )
    rows = sheets[sheet]
    if not _may_be_header(rows[row], contract, sender, on):
        raise Rejected(
            "match",
            f"None of the first {LOOK_DOWN} rows reads as a header: write one above the rows, with "
            "a word for each column, and ask again.",
        )
    guesses = list(_guesses(rows[row], rows[row + 1 :], contract, sender, on))
    where = f"sheet {sheet}, row {row + 1}" if sheet else f"row {row + 1}"
    return "\n".join(_lines(guesses, contract, sender, where)) + "\n"


def _worth(cells: Sequence[str], contract: Contract, sender: str, on: date) -> int:
    """How much a row looks like a header: it names columns, and has words where rows have sums."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    wordy = len({cell for cell in filled if not re.search(r"\d{2}", cell)})
    known = len(match(cells, contract, sender, on, 1).columns)
    return 3 * known + wordy - 2 * (len(filled) - wordy)


def _may_be_header(cells: Sequence[str], contract: Contract, sender: str, on: date) -> bool:
    """Whether the row names a column that is known, or has words alone."""
    valued = [kind for kind, _ in (_kind([cell]) for cell in cells if cell.strip())]
    return bool(match(cells, contract, sender, on, 1).columns) or set(valued) == {"text"}


def _guesses(
    names: Sequence[str], below: Rows, contract: Contract, sender: str, on: date
) -> Iterator[Guess]:
    header = match(names, contract, sender, on, 1)
    known = {place: name for name, place in header.columns.items()}
    kinds = {
        place: _kind([r[place] for r in below[:200] if place < len(r)])
        for place in range(len(names))
    }
    open_places = [p for p, name in enumerate(names) if name.strip() and p not in known]
    likely = _likely({p: names[p] for p in open_places}, kinds, contract, set(known.values()))
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


def _kind(cells: Sequence[str]) -> tuple[str, set[str]]:
    """What most cells of a column read as, and the types that may be so."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return "nothing, they are empty", {"text", "code", "money", "number", "date", "boolean"}
    for kind, pattern, types in KINDS:
        if sum(bool(re.fullmatch(pattern, cell)) for cell in filled) >= 0.8 * len(filled):
            return kind, types
    return "text", {"text", "code"}


def _likely(
    names: dict[int, str],
    kinds: dict[int, tuple[str, set[str]]],
    contract: Contract,
    taken: set[str],
) -> dict[int, tuple[str, str]]:
    """The column and the word that each header is most like: the best pairs first, each once."""
    pairs = sorted(
        (
            (_likeness(name, word), place, column.name, word)
            for place, name in names.items()
            for column in contract.columns
            if column.name not in taken and (column.type in kinds[place][1] or column.one_of)
            for word in [column.name.replace("_", " "), *column.aliases]
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    found: dict[int, tuple[str, str]] = {}
    for likeness, place, column, word in pairs:
        if likeness < LIKE_ENOUGH:
            break
        if place not in found and column not in taken:
            found[place] = column, word
            taken = {*taken, column}
    return found


def _likeness(header: str, word: str) -> float:
    """How alike two headers are, from 0 to 1: their letters, or the words that they share."""
    letters = SequenceMatcher(None, plain(header), plain(word)).ratio()
    header_words, alias_words = (
        set(re.findall(r"[a-z]{3,}", text.lower())) for text in (header, word)
    )
    common = header_words & alias_words
    shared = len(common) / len(header_words | alias_words) if common else 0.0
    return max(letters, shared)


def _lines(guesses: Sequence[Guess], contract: Contract, sender: str, where: str) -> Iterator[str]:
    found = {guess.column for guess in guesses}
    lacks = [column.name for column in contract.required_columns if column.name not in found]
    yield f"# A draft, from the header in {where}. Check each guess, answer each question, and"
    yield f"# paste it under `layouts:` in flows/returns/contracts/{contract.return_name}.yaml."
    yield f"- name: {sender}"
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
