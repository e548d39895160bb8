"""Which column a heading that nobody knows may be: by its words, and by what its cells read as."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from flows.returns.contract import Table
from flows.returns.layout import plain

LIKE_ENOUGH = 0.66

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


def kind_of_cells(cells: Sequence[str]) -> tuple[str, set[str]]:
    """What most cells of a column read as, and the types that may be so."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return "nothing, they are empty", {"text", "code", "money", "number", "date", "boolean"}
    for kind, pattern, types in KINDS:
        if sum(bool(re.fullmatch(pattern, cell)) for cell in filled) >= 0.8 * len(filled):
            return kind, types
    return "text", {"text", "code"}


def likely_columns(
    names: dict[int, str],
    kinds: dict[int, tuple[str, set[str]]],
    table: Table,
    taken: set[str],
) -> dict[int, tuple[str, str]]:
    """The column and the word that each header is most like: the best pairs first, each once."""
    pairs = sorted(
        (
            (_likeness(name, word), place, column.name, word)
            for place, name in names.items()
            for column in table.columns
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


def likely_heading(
    wanted: str, names: dict[int, str], below: Sequence[Sequence[str]], table: Table
) -> str | None:
    """The heading, of those that nobody knows, that may be the column `wanted`; None if none is.

    It is like the column's words, or is the only one whose cells read as that column's values.
    """
    kinds = {
        place: kind_of_cells([row[place] for row in below if place < len(row)]) for place in names
    }
    others = {column.name for column in table.columns} - {wanted}
    if likely := likely_columns(names, kinds, table, others):
        return names[next(iter(likely))]
    type_of_it = table.column(wanted).type
    fitting = [
        place
        for place, (kind, types) in kinds.items()
        if type_of_it in types and not kind.startswith("nothing")
    ]
    return names[fitting[0]] if len(fitting) == 1 else None
