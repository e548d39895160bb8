"""`ingest --explain`: what was seen in a file, column by column, and what would become of it.

Nothing is kept. It reads as far as it can, and says why it went no further.
"""

from flows.intake import Rules, identify, read
from flows.intake_result import Sent
from flows.listings import Row
from flows.returns.contract import Column, Contract, plain
from flows.returns.file import look_at
from flows.returns.header import Header
from flows.returns.period import cover
from flows.returns.rejection import Rejected
from flows.returns.rows import RawRows
from flows.returns.typing import type_rows
from flows.settings import Settings
from flows.warehouse import door


def explain(sent: Sent, rules: Rules, settings: Settings) -> Row:
    """What was seen in the file: its headers, each column and why, fates, bad cells, periods.

    `refused` says why it cannot be taken, where it cannot.
    """
    contract = rules.contracts[sent.return_name]
    found: Row = {"file": sent.file_name, "return": sent.return_name}
    try:
        file = look_at(sent.path, sent.file_name, settings.largest_file_mb)
        owner, stranger = identify(sent, contract)
        found["sender"] = owner.sender or None
        if stranger is not None:
            found["note"] = stranger.reason
        with door.scratch(settings) as connection:
            raw = read(connection, file, contract, owner, settings)
            found |= _seen(raw, contract)
            type_rows(connection, contract, raw, file.name)
            found["rows"] = dict(
                connection.execute(
                    "select _fate, count(*) from typed_rows group by _fate order by _fate"
                ).fetchall()
            )
            found["unreadable"] = [
                {"sheet": sheet or None, "row": row, "column": column, "value": said}
                for sheet, row, column, said in connection.execute(
                    'select _sheet, _row, "column", said from unread_cells '
                    "order by _sheet, _row limit 20"
                ).fetchall()
            ]
            found["periods"] = cover(connection, contract, owner, file.name).periods
    except Rejected as rejected:
        found["refused"] = rejected.reason
    return found


def _seen(raw: RawRows, contract: Contract) -> Row:
    return {
        "reader": raw.how,
        "encoding": raw.encoding,
        "headers": [
            {
                "sheet": header.sheet or None,
                "row": header.row,
                "layout": header.layout,
                "columns": [
                    _column(contract.column(name), header, place)
                    for name, place in sorted(header.columns.items(), key=lambda pair: pair[1])
                ],
                "left out": header.unknown,
                "not found": [
                    column.name for column in contract.columns if column.name not in header.columns
                ],
            }
            for header in raw.headers
        ],
        "aside": _counted([aside.why for aside in raw.aside]),
        "sheets left out": raw.left_out,
    }


def _column(column: Column, header: Header, place: int) -> Row:
    said = header.names[place]
    if plain(said) == plain(column.name):
        why = "the contract's own name"
    elif plain(said) in {plain(alias) for alias in column.aliases}:
        why = f"alias {[plain(a) for a in column.aliases].index(plain(said)) + 1} of the contract"
    else:
        why = f"layout {header.layout}"
    return {"place": place + 1, "header": said, "column": column.name, "why": why}


def _counted(words: list[str]) -> dict[str, int]:
    return {word: words.count(word) for word in sorted(set(words))}


def as_lines(found: Row) -> list[str]:
    """The explanation as lines for a reader."""
    lines = [f"{found['file']} as {found['return']} of {found.get('sender') or 'nobody named'}"]
    for header in found.get("headers", []):  # type: ignore[attr-defined]
        sheet = f"sheet {header['sheet']}, " if header["sheet"] else ""
        lines.append(f"  Header in {sheet}row {header['row']} ({header['layout']}):")
        lines += [
            f"    column {one['place']:>2}  {one['header']!r} is {one['column']}: {one['why']}"
            for one in header["columns"]
        ]
        if header["left out"]:
            lines.append(f"    left out: {', '.join(repr(name) for name in header['left out'])}")
    for what in ("rows", "aside"):
        if counted := found.get(what):
            shown = ", ".join(f"{n} {word}" for word, n in counted.items())  # type: ignore[attr-defined]
            lines.append(f"  {what.capitalize()}: {shown}")
    for cell in found.get("unreadable", []):  # type: ignore[attr-defined]
        lines.append(f"  Row {cell['row']}, {cell['column']}: {cell['value']!r} does not read")
    if periods := found.get("periods"):
        lines.append(f"  For: {', '.join(periods)}")  # type: ignore[arg-type]
    for what in ("note", "refused"):
        if found.get(what):
            lines.append(f"  {what.capitalize()}: {found[what]}")
    return lines
