"""Templates for senders: what the seeds list for their columns, and where they are written."""

import csv
from pathlib import Path

from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.files import scratch_folder, slug
from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.returns.contract import Contract
from flows.returns.file import look_at
from flows.returns.identity import sender_and_part
from flows.returns.readers.any_kind import look_at_sheets
from flows.returns.templates.draft import draft_layout
from flows.returns.templates.help import Listing
from flows.returns.templates.workbook import template_bytes

# Which columns of a seed a sender is shown, by their names there, and what they are called.
LISTED = {"title": "What it is", "unit": "Unit", "counting_rule": "How it is counted"}
MEASURES = "measures"  # beside each stands what other frameworks call it
NONE = "none"

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
    owner = slug(sender) if sender else sender_and_part(path.name)[0] or "somebody"
    today = clock.now().date()
    sheets = look_at_sheets(file, scratch_folder(settings), contract, owner, today)
    return draft_layout(contract, sheets, owner, today)


def file_name(contract: Contract, sender: str | None, period: str | None) -> str:
    """What the sender should call the file, so that it says whose and for when it is."""
    owner = slug(sender) if sender else "<sender>"
    if period is None:
        every = contract.period.every
        return f"{owner}_<{every}>.xlsx, where the {every} is written as {WRITTEN[every]}"
    return f"{owner}_{read_period(period).slug.lower()}.xlsx"


def listings(contract: Contract, settings: Settings) -> dict[str, Listing]:
    """The seeds that the contract's columns are listed in, by name."""
    asked = [c.listed_in for table in contract.tables.values() for c in table.columns]
    return {seed: _listing(seed, settings) for seed in dict.fromkeys(asked) if seed is not None}


def _listing(seed: str, settings: Settings) -> Listing:
    """A seed as a sender is shown it: codes, what they stand for, and what else it says."""
    seeds = places_in_use(settings).seeds
    rows = _rows(seeds, seed)
    header = rows[0]
    places = [0, *(header.index(name) for name in LISTED if name in header)]
    places += [1] if len(places) == 1 else []
    headers = ["Code", *(LISTED.get(header[place], "What it is") for place in places[1:])]
    listed = [[row[at] for at in places] for row in rows[1:]]
    if seed == MEASURES:
        known_by = _codes_elsewhere(seeds)
        for framework in known_by:
            headers.append(f"Code of {framework}")
            listed = [[*row, "; ".join(known_by[framework].get(row[0], [NONE]))] for row in listed]
    return Listing(seed.replace("_", " ").capitalize(), headers, listed)


def _codes_elsewhere(seeds: Path) -> dict[str, dict[str, list[str]]]:
    """The codes by which other frameworks know a measure: by framework and measure."""
    known_by: dict[str, dict[str, list[str]]] = {}
    framework_of = {row[0]: row[1] for row in _rows(seeds, "framework_codes")[1:]}
    for measure, code, *_ in _rows(seeds, "measure_frameworks")[1:]:
        known_by.setdefault(framework_of[code], {}).setdefault(measure, []).append(code)
    return known_by


def _rows(seeds: Path, seed: str) -> list[list[str]]:
    with (seeds / f"{seed}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))
