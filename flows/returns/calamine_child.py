"""Read a workbook in a process of its own, with bounded memory; its rows become JSON lines.

Old and binary formats cannot be looked at beforehand, so a damaged one must not take the pipeline
with it. Run as `python -m flows.returns.calamine_child WORKBOOK OUTPUT MEGABYTES`.
"""

import datetime
import resource
import sys
from decimal import Decimal
from pathlib import Path

import orjson
from python_calamine import CalamineError, CalamineWorkbook, PasswordError


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
    """Write a line for each sheet's name, and one for each of its rows, from the first on."""
    book = CalamineWorkbook.from_path(str(workbook))
    with output.open("wb") as stream:
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            stream.write(orjson.dumps({"sheet": name}) + b"\n")
            for row in rows:
                stream.write(orjson.dumps([as_text(value) for value in row]) + b"\n")


def main(workbook: str, output: str, megabytes: str) -> int:
    """The exit status: 0 done, 4 locked with a password, 5 not a workbook that can be read."""
    limit = int(megabytes) << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        write_sheets(Path(workbook), Path(output))
    except PasswordError:
        return 4
    except (CalamineError, OSError, ValueError, MemoryError) as error:
        print(" ".join(str(error).split())[:160], file=sys.stderr)
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
