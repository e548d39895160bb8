"""The answer to a sender: what was not taken, or looks odd, cell by cell, and what to do.

A CSV beside the quarantine that a spreadsheet opens; rewritten whole, so a run that was killed
leaves nothing half done.
"""

import csv
import os
from pathlib import Path

import duckdb

from flows.settings import Settings
from flows.warehouse.folders import make_folders
from flows.warehouse.keep import Filing

COLUMNS = ["sheet", "row", "column", "value", "what happens", "what to do"]
FATE = """
    case severity when 'quarantine' then 'the row is not taken' when 'reject' then 'not taken'
    else 'taken; please look' end
"""


def write_answer(
    connection: duckdb.DuckDBPyConnection, settings: Settings, filing: Filing
) -> Path | None:
    """Write `kept_findings` of the scratch database as the answer; None if there are none."""
    if not connection.execute("select 1 from kept_findings limit 1").fetchone():
        return None
    target = _target(settings, filing)
    partial = target.with_suffix(f".{os.getpid()}.partial")
    names = ", ".join(
        f'{what} as "{name}"'
        for what, name in zip(
            ["_sheet", "_row", '"column"', _harmless('"value"'), FATE, "message"],
            COLUMNS,
            strict=True,
        )
    )
    quoted = str(partial).replace("'", "''")
    connection.execute(
        f"copy (select {names} from kept_findings order by _sheet, _row, rule) to '{quoted}' "
        "(format csv, header true)"
    )
    partial.chmod(0o600)
    partial.replace(target)
    return target


def write_refusal(settings: Settings, filing: Filing, reason: str) -> Path:
    """Write the one sentence why a file was rejected as the answer."""
    target = _target(settings, filing)
    partial = target.with_suffix(f".{os.getpid()}.partial")
    with partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerow(["", "", "", "", "the file is not taken", reason])
    partial.chmod(0o600)
    partial.replace(target)
    return target


def _target(settings: Settings, filing: Filing) -> Path:
    folder = settings.quarantine / filing.return_name
    make_folders(settings)
    folder.mkdir(exist_ok=True, mode=0o700)
    attempt = "" if filing.attempt == 1 else f"-{filing.attempt}"
    return folder / f"{filing.filing_id}{attempt}.csv"


def _harmless(column: str) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"case when regexp_matches({column}, '^[=+@-]') then '''' || {column} else {column} end"
