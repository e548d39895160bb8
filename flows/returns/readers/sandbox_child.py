"""Read workbooks in processes of their own, with bounded memory and time; rows become JSON lines.

Old and binary formats cannot be looked at beforehand, so a damaged one must not take the pipeline
with it. Run as `python -m flows.returns.readers.sandbox_child MEGABYTES SECONDS`: for each line of
`{"workbook": PATH, "output": PATH}` it forks, which costs a tenth of starting Python anew, and
answers with a line of `{"status": N, "message": TEXT}`.
"""

import datetime
import gc
import json
import os
import resource
import signal
import sys
from decimal import Decimal
from pathlib import Path

import orjson
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from flows.returns.readers.open_document import Range, merged_ranges

DONE, LOCKED, UNREADABLE = 0, 4, 5


def as_text(value: object) -> str:
    """A cell's value as the text that would stand for it in a CSV file."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return format(Decimal(repr(value)), "f")
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def write_sheets(workbook: Path, output: Path) -> None:
    """Write a line about each sheet, and one for each of its rows, from the first on."""
    book = CalamineWorkbook.from_path(str(workbook))
    of_open_document: dict[str, list[Range]] | None = None
    with output.open("wb") as stream:
        for one in book.sheets_metadata:
            if one.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(one.name)
            rows = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges
            if merged is None:  # of an OpenDocument spreadsheet the reader does not tell
                if of_open_document is None:
                    of_open_document = merged_ranges(workbook)
                merged = of_open_document.get(one.name, [])
            about = {
                "sheet": one.name,
                "is_hidden": one.visible != SheetVisibleEnum.Visible,
                "merged": merged,
            }
            stream.write(orjson.dumps(about) + b"\n")
            for row in rows:
                texts = [value if type(value) is str else as_text(value) for value in row]
                stream.write(orjson.dumps(texts) + b"\n")


def read(workbook: Path, output: Path) -> int:
    """The exit status: done, locked with a password, or not a workbook that can be read."""
    try:
        write_sheets(workbook, output)
    except PasswordError:
        return LOCKED
    except (CalamineError, OSError, ValueError, MemoryError) as error:
        print(" ".join(str(error).split())[:160], file=sys.stderr, flush=True)
        return UNREADABLE
    return DONE


def read_apart(workbook: Path, output: Path, seconds: int) -> dict[str, int | str]:
    """Read in a fork of this process: how it ended (minus the signal, if by one), what it said."""
    readable, writable = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(readable)
            os.dup2(writable, sys.stderr.fileno())
            signal.alarm(seconds)
            gc.disable()  # rows are no garbage, and this process ends with them
            os._exit(read(workbook, output))
        finally:  # whatever it was, only the parent goes on
            os._exit(UNREADABLE)
    os.close(writable)
    with os.fdopen(readable, "rb") as stream:
        message = stream.read().decode(errors="replace")
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return {"status": status, "message": (message.strip().splitlines() or [""])[-1]}


def main(megabytes: str, seconds: str) -> None:
    """Answer until nobody asks any more."""
    limit = int(megabytes) << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for line in sys.stdin:
        asked = json.loads(line)
        answer = read_apart(Path(asked["workbook"]), Path(asked["output"]), int(seconds))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
