"""An explanation of a file, as lines for its reader."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from flows.common.periods import Period, read_period
from flows.intake.explain import Explanation, SeenHeader, UnreadColumn

FATES = {
    "row": "to take",
    "blank": "blank",
    "note": "of notes",
    "totals": "of totals",
    "header": "of headers",
    "title": "of titles",
    "other sheet": "on sheets left out",
}
SHOWN_CELLS = 3


def as_lines(found: Explanation) -> list[str]:
    """What was seen, a thought a line: headers and their columns, rows, bad cells, periods."""
    lines = [f"{found.file} as {found.return_name} of {found.sender or 'nobody named'}"]
    alike = groupby(found.headers, key=lambda h: (h.table, h.row, h.layout, h.columns, h.left_out))
    for _, headers in alike:
        lines += _header(list(headers))
    if found.sheets_left_out:
        lines.append(f"  Sheets left out, which have no header: {', '.join(found.sheets_left_out)}")
    if found.rows:
        lines.append(f"  Rows: {_counted(found.rows)}")
    if found.aside:
        lines.append(f"  Rows besides: {_counted(found.aside)}")
    lines += [_unread(one) for one in found.unreadable]
    if found.periods:
        lines.append(f"  For: {spans([read_period(label) for label in found.periods])}")
    if found.note:
        lines.append(f"  Note: {found.note}")
    if found.refused:
        lines.append(f"  Refused: {found.refused}")
    return lines


def _header(headers: Sequence[SeenHeader]) -> Iterator[str]:
    first = headers[0]
    sheets = [header.sheet for header in headers if header.sheet]
    where = f"Header in row {first.row}"
    if sheets:
        several = "sheets" if len(sheets) > 1 else "sheet"
        where += f" of {several} {', '.join(sheets)}"
    yield f"  {where}, read by the {first.layout} layout:"
    width = max((len(_quoted(one.header)) for one in first.columns), default=0)
    for one in first.columns:
        said = _quoted(one.header).ljust(width)
        yield f"    column {one.place:>2}  {said}  is {one.column} ({one.why})"
    if first.left_out:
        yield f"    left out: {', '.join(_quoted(name) for name in first.left_out)}"


def _quoted(header: str) -> str:
    return f'"{" ".join(header.split())}"'


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {FATES.get(fate, fate)}" for fate, count in counts.items())


def _unread(one: UnreadColumn) -> str:
    cells = [
        f"row {cell.row}"
        + (f" of {cell.sheet}" if cell.sheet else "")
        + (f' "{cell.value}"' if cell.value is not None else "")
        for cell in one.first[:SHOWN_CELLS]
    ]
    more = one.cells - len(cells)
    listed = ", ".join(cells) + (f" and {more:,} more" if more else "")
    word = "cell does" if one.cells == 1 else "cells do"
    return f"  {one.column}: {one.cells:,} {word} not read, {one.what_happens}: {listed}"


def spans(periods: Sequence[Period]) -> str:
    """Periods in words, those that follow each other as one span: `2022-04 to 2022-11, 2023-01`."""
    found: list[list[Period]] = []
    for period in sorted(periods):
        if found and found[-1][-1].end == period.first_day:
            found[-1].append(period)
        else:
            found.append([period])
    return ", ".join(
        run[0].label if len(run) == 1 else f"{run[0].label} to {run[-1].label}" for run in found
    )
