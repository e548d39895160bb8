"""What a template says of a return beside the rows: each column in plain words, and its lists."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.returns.column import Column, How
from flows.returns.column_help import HELP, how_to_write
from flows.returns.contract import Contract, Table

KEPT_AS: dict[How, str] = {
    "keyed hash": "a code that only says that it is the same person",
    "age band": "an age band",
    "aged 18": "whether the person was 18 on the pay date",
    "local authority": "a local authority",
    "deprivation decile": "how deprived the neighbourhood is, in tenths",
}
WORDS = "Words allowed"  # the sheet of the drop-downs
COLUMNS = ["Sheet", "Column", "What it is", "Unit", "Must be there", "How to write it", "Personal"]


@dataclass(frozen=True)
class Listing:
    """The values that a seed lists: headers, and a row for each value, its code first."""

    name: str
    headers: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class HelpSheet:
    """A sheet of help: a title, lines of text, and one table."""

    name: str
    title: str
    lines: Sequence[str]
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]


def columns_asked(table: Table) -> list[Column]:
    """The columns that a template asks for: never what would be dropped as it arrives."""
    return [c for c in table.columns if c.privacy != "personal" or c.becomes]


def sheet_names(contract: Contract) -> dict[str, str]:
    """What the sheet of each table is called, by the name that its rows land under."""
    words = ["HR" if word == "hr" else word for word in contract.return_name.split("_")]
    names = {contract.return_name: _sentence(" ".join(words))}
    return names | {name: one.sheets[0].capitalize() for name, one in contract.further.items()}


def help_sheets(
    contract: Contract, listings: dict[str, Listing], file_name: str
) -> Iterator[HelpSheet]:
    """The help sheets: the columns, the words allowed where there are any, and each list."""
    names = sheet_names(contract)
    tables = contract.tables
    lines = [
        f"Template of {contract.return_name}, contract version {contract.version}.",
        f"Save it as an Excel workbook (.xlsx) called {file_name}.",
        *(f"On the sheet {names[n]}, one row is {table.grain}." for n, table in tables.items()),
        "Leave the headers as they are, and write one row below another without totals.",
        "A column that must be there has its header in every file you send; leave a cell blank "
        "where you know nothing, and never write a formula's text, n/a or a dash.",
    ]
    rows = [
        [names[name], column.aliases[0], *_about(column, listings)]
        for name, table in tables.items()
        for column in columns_asked(table)
    ]
    title = f"{HELP}: {contract.title}"
    yield HelpSheet("Help", title, lines, COLUMNS, rows, [36, 28, 60, 20, 16, 60, 40])
    if words := list(words_allowed(contract)):
        lines = ["Choose one of these words in the column it belongs to."]
        headers = ["Sheet", "Column", "Word allowed"]
        yield HelpSheet(WORDS, f"{HELP}: words allowed", lines, headers, words, [36, 28, 40])
    for listing in listings.values():
        title, lines = f"{HELP}: {listing.name.lower()}", ["Write the code, not what it is called."]
        widths = [14, 50, 18, 90, *[30] * len(listing.headers)][: len(listing.headers)]
        yield HelpSheet(listing.name, title, lines, listing.headers, listing.rows, widths)


def words_allowed(contract: Contract) -> Iterator[list[str]]:
    """A row for each word that a column with agreed values allows."""
    for name, table in contract.tables.items():
        for column in columns_asked(table):
            for word in column.offered:
                yield [sheet_names(contract)[name], column.aliases[0], word]


def _about(column: Column, listings: dict[str, Listing]) -> list[str]:
    how = how_to_write(column) or "text"
    if column.listed_in in listings:
        how = f"a code from the sheet {listings[column.listed_in].name}"
    personal = "No"
    if column.privacy == "personal":
        kept = [KEPT_AS[derived.how] for derived in column.becomes.values()]
        personal = f"Yes: kept only as {' and '.join(kept)}"
    required = "Yes" if column.required else "No"
    return [column.meaning, column.unit or "none", required, _sentence(how), personal]


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
