"""The answer of `trace` as a workbook that an auditor can file."""

from pathlib import Path

from exports.files.listing import Folder, Listing, folder_workbook
from flows.common import clock
from flows.modelling.analysts import BadQuestion
from flows.warehouse.slots import Row

LISTS = {
    "made_of": "One row is a row of the relation, or a cell, that the rule names.",
    "contributions": "One row is a sender's row that counts in it.",
    "rows": "One row is a sender's row that counts in it.",
    "returns": "One row is a return that rows about people stand in.",
    "checks": "One row is what a check said of such a return.",
    "ledger": "One row is an event of the ledger about a return behind it.",
}


def write_trace(found: Row, target: Path) -> None:
    """Write the answer as FILE.xlsx. Raises BadQuestion where the name says otherwise."""
    if target.suffix != ".xlsx":
        raise BadQuestion(f"{target.name}: a trace is written as a workbook, FILE.xlsx.")
    if not target.absolute().parent.is_dir():
        raise BadQuestion(f"There is no folder {target.absolute().parent}: make it first.")
    facts: list[Row] = [
        {"what": name.replace("_", " "), "says": None if value is None else str(value)}
        for name, value in found.items()
        if name not in LISTS
    ]
    listings = [
        Listing("Figure", "The figure", "One row is a fact of it.", ["what", "says"], facts)
    ]
    for name, about in LISTS.items():
        rows = found.get(name)
        if isinstance(rows, list):
            columns = list(dict.fromkeys(column for row in rows for column in row))
            title = name.replace("_", " ").capitalize()
            listings.append(Listing(title, title, about, columns, rows))
    what = ", ".join(str(row["says"]) for row in facts[:4] if row["says"])
    folder = Folder("Trace of a figure", what, clock.now(), [what], listings)
    target.write_bytes(folder_workbook(folder))
