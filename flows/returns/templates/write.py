"""Templates for senders: what the seeds list for their columns, and where they are written."""

import csv
from pathlib import Path

from flows.common import clock
from flows.common.files import scratch_folder
from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.returns.contract import Contract
from flows.returns.file import as_utf8, kind_of, look_at
from flows.returns.identity import sender_and_part, slug
from flows.returns.readers.csv_files import first_rows
from flows.returns.readers.sandbox import WorkbookReader
from flows.returns.readers.workbooks import open_sheets
from flows.returns.templates.draft import draft_layout
from flows.returns.templates.help import Listing
from flows.returns.templates.workbook import template_bytes

# Which columns of a seed a sender is shown, by their names there, and what they are called.
SHOWN = {"title": "What it is", "unit": "Unit", "counting_rule": "How it is counted"}

WRITTEN = {"month": "2022-04", "quarter": "2022-23-q1", "half": "2022-23-h1", "year": "2022-23"}


def write_template(
    contract: Contract,
    to: Path | None,
    sender: str | None,
    period: str | None,
    settings: Settings,
) -> Path:
    """Write the blank workbook of a return, and say where.

    Raises PeriodError where `period` is none.
    """
    name = file_name(contract, sender, period)
    target = to or Path(name if sender and period else f"{contract.return_name}_template.xlsx")
    target.write_bytes(template_bytes(contract, listings(contract, settings), name))
    return target


def draft_from(path: Path, contract: Contract, sender: str | None, settings: Settings) -> str:
    """A draft layout for a file whose headers the contract does not know, as YAML.

    Raises Rejected where the file is no table.
    """
    file = look_at(path, None, settings.largest_file_mb)
    whose = slug(sender) if sender else sender_and_part(path.name)[0] or "somebody"
    scratch, today = scratch_folder(settings), clock.now().date()
    if kind_of(file) == "workbook":
        with WorkbookReader() as reader:
            return draft_layout(contract, open_sheets(file, scratch, reader), whose, today)
    with as_utf8(file, scratch) as text:
        rows = first_rows(file, text, contract, whose, today)
    return draft_layout(contract, {"": rows}, whose, today)


def file_name(contract: Contract, sender: str | None, period: str | None) -> str:
    """What the sender should call the file, so that it says whose and for when it is."""
    whose = slug(sender) if sender else "<sender>"
    if period is None:
        every = contract.period.every
        return f"{whose}_<{every}>.xlsx, where the {every} is written as {WRITTEN[every]}"
    return f"{whose}_{read_period(period).slug.lower()}.xlsx"


def listings(contract: Contract, settings: Settings) -> dict[str, Listing]:
    """The seeds that the contract's columns are listed in, by name."""
    asked = [c.listed_in for table in contract.tables.values() for c in table.columns]
    return {seed: _listing(seed, settings) for seed in dict.fromkeys(asked) if seed is not None}


def _listing(seed: str, settings: Settings) -> Listing:
    """A seed as a sender is shown it: codes, what they stand for, and what else it says."""
    with (settings.seeds / f"{seed}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    header = rows[0]
    places = [0, *(header.index(name) for name in SHOWN if name in header)]
    places += [1] if len(places) == 1 else []
    headers = ["Code", *(SHOWN.get(header[place], "What it is") for place in places[1:])]
    return Listing(
        seed.replace("_", " ").capitalize(), headers, [[r[at] for at in places] for r in rows[1:]]
    )
