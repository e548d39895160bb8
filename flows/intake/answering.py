"""Hand the answer to a return over: the list, and the marked workbook, opened if it was sealed."""

import shutil
from pathlib import Path

from flows.common import clock
from flows.common.settings import Settings
from flows.warehouse import connection as door
from flows.warehouse import ledger
from flows.warehouse.encryption import key_of
from flows.warehouse.sealing import unseal

SEALED = ".sealed"


class NoAnswer(ValueError):
    """There is no answer to that return."""


def hand_over(settings: Settings, return_id: str, folder: Path) -> list[Path]:
    """Write the answer into `folder`, named after the sender's file; the paths.

    The workbook has the name of the sender's own, so that it can be mended and sent again. That one
    was opened which may hold people is put in the ledger. Raises NoAnswer where the return is not
    known, nothing was found in it, or a file of that name is there already.
    """
    with door.reading(settings) as connection:
        row = connection.execute(
            'select "return", filing_id, attempt, file_name from warehouse.ledger.returns '
            "where return_id = ? or filing_id = ? order by attempt desc limit 1",
            [return_id, return_id],
        ).fetchone()
    if row is None:
        raise NoAnswer(f"There is no return {return_id!r}: social-value findings names them.")
    return_name, filing_id, attempt, file_name = row
    base = filing_id if attempt == 1 else f"{filing_id}-{attempt}"
    found = sorted((settings.quarantine / return_name).glob(f"{base}.*"))
    if not found:
        raise NoAnswer(f"Nothing was found in {file_name} that its sender must be told.")
    written = [_write(path, folder, Path(file_name).stem, settings) for path in found]
    if any(path.suffix == SEALED for path in found):
        with door.scratch(settings) as connection, door.writing(settings, connection):
            detail = {"files": [path.name for path in written]}
            ledger.append(connection, "answered", return_id, detail, clock.now())
    return written


def _write(path: Path, folder: Path, stem: str, settings: Settings) -> Path:
    target = folder / (f"{stem}_answer.csv" if path.suffix == ".csv" else f"{stem}.xlsx")
    if target.exists():
        raise NoAnswer(f"{target} is there already: name another folder with --to.")
    with path.open("rb") as source, target.open("xb") as copy:
        if path.suffix == SEALED:
            unseal(source, copy, key_of(settings), path.suffixes[-2].lstrip("."))
        else:
            shutil.copyfileobj(source, copy)
    return target
