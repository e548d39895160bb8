"""The answer to a sender: what was not taken, or looks odd, and what to do.

A CSV that a spreadsheet opens, worst first; what many rows have alike is one line, with the first
of them. Where it does not name every row, a second one has every cell. Beside these, where rows
were lost from an .xlsx, a copy of the sender's own workbook with the bad cells marked, which is
sealed where the return may hold people. Each is written whole, so a run that was killed leaves
nothing half done.
"""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from exports.figures.cell import harmless_sql
from flows.common import clock
from flows.common.errors import InputError
from flows.common.files import scratch_folder, written_whole
from flows.common.settings import Settings
from flows.intake.answers.letter import LETTER, letter
from flows.intake.answers.marked_copy import Mark, NotMarked, marked_copy
from flows.returns.contract import Contract
from flows.returns.file import File
from flows.warehouse import ledger
from flows.warehouse.archive import original
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.encryption import key_of, seal, unseal
from flows.warehouse.filing import Filing
from flows.warehouse.findings import FIRST_ROWS, FIRST_VALUES, WORST_FIRST
from flows.warehouse.home import make_folders

COLUMNS = ["sheet", "row", "how many", "column", "value", "what happens", "what to do"]
WHAT_HAPPENS = """
    case severity when 'quarantine' then 'the row is not taken' when 'reject' then 'not taken'
    else 'taken; please look' end
"""
EVERY_CELL = ".cells.csv"
ALL_NAMED = "Every row is listed in the file that ends in _cells.csv."


def write_answer(
    connection: duckdb.DuckDBPyConnection, settings: Settings, filing: Filing, note: str = ""
) -> Path | None:
    """Write `kept_findings` of the scratch database as the answer; None if there are none.

    `note`: a line at its end, about the answer itself.
    """
    row = connection.execute(f"select max(number) from ({_alike()})").fetchone()
    most = row[0] if row else None
    if most is None:
        return None
    each = """
        select _sheet, cast(_row as varchar) as places, _row as first, 1 as number, "column",
               "value", severity, message
        from kept_findings
    """
    notes = [note] if note else []
    if most > FIRST_ROWS:
        _write_list(connection, _path(settings, filing, EVERY_CELL), each, [])
        notes = [ALL_NAMED, *notes]
    target = _path(settings, filing, ".csv")
    _write_list(connection, target, _alike(), notes)
    return target


def _alike() -> str:
    """What many rows have alike as one row, in SQL: the first of the rows and of the values."""
    rows, values = "list(distinct _row order by _row)", 'list(distinct "value" order by "value")'
    return f"""
        select _sheet, array_to_string({rows}[:{FIRST_ROWS}], '; ')
                   || case when count(distinct _row) > {FIRST_ROWS} then '; ...' else '' end
                   as places,
               min(_row) as first, count(distinct _row) as number, "column",
               array_to_string({values}[:{FIRST_VALUES}], '; ') as "value", severity, message
        from kept_findings group by _sheet, "column", severity, message
    """


def _write_list(
    connection: duckdb.DuckDBPyConnection, target: Path, rows: str, notes: Sequence[str]
) -> None:
    """Write a list as CSV, worst first, with these lines about it at its end."""
    cells = ["_sheet", "places", '"column"', '"value"', "message"]
    shown = {name: harmless_sql(name) for name in cells}
    shown |= {"number": "number", "fate": WHAT_HAPPENS}
    order = ["_sheet", "places", "number", '"column"', '"value"', "fate", "message"]
    names = ", ".join(
        f'{shown[name]} as "{heading}"' for name, heading in zip(order, COLUMNS, strict=True)
    )
    with written_whole(target) as partial:
        quoted = str(partial).replace("'", "''")
        connection.execute(
            f"copy (select {names} from ({rows}) as f order by {WORST_FIRST}, _sheet, first, "
            f"\"column\", message) to '{quoted}' (format csv, header true)"
        )
        if notes:
            with partial.open("a", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                writer.writerows([*[""] * (len(COLUMNS) - 1), one] for one in notes)


def write_refusal(settings: Settings, filing: Filing, reason: str, note: str = "") -> Path:
    """Write the one sentence why a file was rejected as the answer."""
    target = _path(settings, filing, ".csv")
    with (
        written_whole(target) as partial,
        partial.open("w", encoding="utf-8", newline="") as stream,
    ):
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerow(["", "", "", "", "", "the file is not taken", reason])
        if note:
            writer.writerow(["", "", "", "", "", "", note])
    return target


def write_marked(
    settings: Settings,
    filing: Filing,
    contract: Contract,
    file: File,
    marks: Sequence[Mark],
    summary: str,
) -> str:
    """Write the marked copy of an .xlsx, if there can be one; else why there is none, or ''."""
    if contract.has_personal and settings.keep_originals == "none":
        return ""
    try:
        # from the archive: another run may have taken the file out of the inbox meanwhile
        with original(settings, filing.sha256) as path:
            kept, scratch = replace(file, path=path), scratch_folder(settings)
            copy = marked_copy(kept, marks, summary, scratch, filing.received_at)
    except NotMarked as none:
        return str(none)
    if not contract.has_personal:
        with written_whole(_path(settings, filing, ".xlsx")) as partial:
            partial.write_bytes(copy)
        return ""
    sha256 = hashlib.sha256(copy).hexdigest()
    with (
        written_whole(_path(settings, filing, f".{sha256}.sealed")) as partial,
        partial.open("wb") as sealed,
    ):
        seal(io.BytesIO(copy), sealed, key_of(settings), sha256)
    return ""


def _path(settings: Settings, filing: Filing, ending: str) -> Path:
    folder = settings.quarantine / filing.return_name
    make_folders(settings)
    folder.mkdir(exist_ok=True, mode=0o700)
    attempt = "" if filing.attempt == 1 else f"-{filing.attempt}"
    return folder / f"{filing.filing_id}{attempt}{ending}"


SEALED = ".sealed"


class NoAnswer(InputError):
    """There is no answer to that return."""


def hand_over(settings: Settings, return_id: str, folder: Path) -> list[Path]:
    """Write the answer into `folder` with a letter, named after the sender's file; the paths.

    The workbook has the name of the sender's own, so that it can be mended and sent again. That one
    was opened which may hold people is put in the ledger. Raises NoAnswer where the return is not
    known, nothing was found in it, or a file of that name is there already.
    """
    with reading(settings) as connection:
        row = connection.execute(
            'select "return", filing_id, attempt, file_name from warehouse.ledger.returns '
            "where return_id = ? or filing_id = ? order by attempt desc limit 1",
            [return_id, return_id],
        ).fetchone()
    if row is None:
        raise NoAnswer(f"There is no return {return_id!r}: social-value findings names them.")
    return_name, filing_id, attempt, file_name = row
    found = answer_paths(settings, return_name, filing_id, attempt)
    if not found:
        raise NoAnswer(f"Nothing was found in {file_name} that its sender must be told.")
    stem = Path(file_name).stem
    written = []
    for name, content in (opened(path, stem, settings) for path in found):
        written.append(_new(folder / name))
        written[-1].write_bytes(content)
    with reading(settings) as connection:
        names = [path.name for path in written]
        told = letter(connection, settings, filing_id, attempt, names)
    written.append(_new(folder / f"{stem}{LETTER}"))
    written[-1].write_text(told, encoding="utf-8")
    if any(path.suffix == SEALED for path in found):
        with open_scratch(settings) as connection, writing(settings, connection):
            detail = {"files": [path.name for path in written]}
            ledger.append(connection, "answered", return_id, detail, clock.now())
    return written


def _new(target: Path) -> Path:
    if target.exists():
        raise NoAnswer(f"{target} is there already: name another folder with --to.")
    return target


def answer_paths(settings: Settings, return_name: str, filing_id: str, attempt: int) -> list[Path]:
    """The files of an answer as they lie in `quarantine`, some of them sealed; none: none found."""
    base = filing_id if attempt == 1 else f"{filing_id}-{attempt}"
    return sorted((settings.quarantine / return_name).glob(f"{base}.*"))


def opened(path: Path, stem: str, settings: Settings) -> tuple[str, bytes]:
    """A file of an answer, unsealed, and the name that its sender is given it under."""
    ending = "_answer.csv" if path.suffix == ".csv" else ".xlsx"
    if path.name.endswith(EVERY_CELL):
        ending = "_cells.csv"
    if path.suffix != SEALED:
        return f"{stem}{ending}", path.read_bytes()
    copy = io.BytesIO()
    with path.open("rb") as source:
        unseal(source, copy, key_of(settings), path.suffixes[-2].lstrip("."))
    return f"{stem}{ending}", copy.getvalue()
