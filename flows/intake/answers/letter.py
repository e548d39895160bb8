"""The letter beside an answer: what was taken, what to mend first, how, by when, whom to ask."""

from collections.abc import Sequence
from datetime import date, datetime

import duckdb

from flows.authority.declaration import Authority, read_authority
from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.settings import Settings
from flows.intake.rules import read_rules
from flows.warehouse.connection import Row, as_rows
from flows.warehouse.findings import WORST_FIRST
from flows.warehouse.slots import status_of

LETTER = "_letter.txt"
FIRST = 5  # things to mend that a letter names; the list has all
HAPPENED = {
    "reject": "the file is not taken",
    "hold": "the file waits until you or we confirm it",
    "quarantine": "not in the figures until mended",
}
RETURNS = """
    select return_id, "return", sender, period, part, outcome, reason, received_at, file_name,
           rows_read, rows_loaded, rows_quarantined
    from warehouse.ledger.returns where filing_id = ? and attempt = ? order by period
"""
FINDINGS = f"""
    select message, severity, count(distinct (sheet, "row")) as rows, min("row") as first,
           any_value("column") as "column"
    from warehouse.ledger.findings as f
    where list_contains(?, return_id) and attempt = ? and cleared_at is null
    group by message, severity order by {WORST_FIRST}, rows desc, message
"""


def letter(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    filing_id: str,
    attempt: int,
    beside: Sequence[str],
    called: str = "",
) -> str:
    """The letter to the sender of a file; `beside` names the files that lie beside it.

    It shows no cell. `called`: what it calls the file instead of by its name. Raises
    DeclarationError.
    """
    returns = as_rows(connection.execute(RETURNS, [filing_id, attempt]))
    ids = [row["return_id"] for row in returns]
    found = as_rows(connection.execute(FINDINGS, [ids, attempt]))
    due = _due(returns, status_of(connection, settings))
    authority = read_authority(places_in_use(settings).authority)
    contract = read_rules(settings).contracts.get(str(returns[0]["return"]))
    title = contract.title if contract else str(returns[0]["return"]).replace("_", " ")
    to_mend = _to_mend(returns, found)
    how = [_how(beside, bool(found)), *_by_when(due, clock.now().date())] if to_mend else []
    return (
        "\n\n".join(
            [
                f"{title}, {_periods(returns)}: {called or returns[0]['file_name']}",
                _opening(returns),
                *to_mend,
                *how,
                _to_whom(authority),
            ]
        ).rstrip()
        + "\n"
    )


def _periods(returns: Sequence[Row]) -> str:
    labels = list(dict.fromkeys(str(row["period"]) for row in returns if row["period"]))
    if not labels:
        return "for a period that could not be told"
    return labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"


def _opening(returns: Sequence[Row]) -> str:
    came = returns[0]["received_at"]
    day = f" on {_day(came)}" if isinstance(came, datetime) else ""
    if any(row["outcome"] == "rejected" for row in returns):
        return (
            f"Thank you for the file that came{day}. It could not be taken, so none of it counts."
        )
    read, lost = (_sum(returns, name) for name in ("rows_read", "rows_quarantined"))
    taken = _sum(returns, "rows_loaded")
    if any(row["outcome"] == "held" for row in returns):
        return f"Thank you for the file that came{day}. It waits: nothing of it counts yet."
    if not lost:
        return f"Thank you for the file that came{day}. All {taken:,} rows were taken."
    return (
        f"Thank you for the file that came{day}. Of {read:,} rows {taken:,} were taken; "
        f"{lost:,} {'is' if lost == 1 else 'are'} not in the figures until mended."
    )


def _to_mend(returns: Sequence[Row], found: Sequence[Row]) -> list[str]:
    waits = [] if found else ["held"]  # else a finding says why
    refused = [str(r["reason"]) for r in returns if r["outcome"] in ("rejected", *waits)]
    lines = [f"- {reason}" for reason in dict.fromkeys(refused)]
    found = [row for row in found if row["message"] not in refused]
    for row in found[:FIRST]:
        happened = HAPPENED.get(str(row["severity"]), "taken; please look")
        column = str(row["column"] or "the file").replace("_", " ")
        rows = "1 row" if row["rows"] == 1 else f"{row['rows']:,} rows"
        where = f", {rows} from row {row['first']}" if row["first"] else ""
        lines.append(f"- {column}{where} ({happened}): {row['message']}")
    if len(found) > FIRST:
        lines.append(f"- and {len(found) - FIRST} more, in the list.")
    return ["\n".join(["What to mend first", *lines])] if lines else []


def _how(beside: Sequence[str], has_list: bool) -> str:
    marked = [name for name in beside if name.endswith(".xlsx")]
    lists = [name for name in beside if name.endswith(".csv")]
    lines = ["How"]
    if marked:
        lines.append(f"Mend the marked cells in {marked[0]}, which is your own workbook.")
    else:
        lines.append("Mend these in your own file.")
    if has_list and lists:
        lines.append(f"Every one of them is listed in {' and '.join(lists)}.")
    lines.append("Send the whole file again under the name it had: it takes the place of this one.")
    return "\n".join(lines)


def _due(returns: Sequence[Row], status: Sequence[Row]) -> date | None:
    slots = {tuple(row[n] for n in ("return", "sender", "period", "part")) for row in returns}
    days = [
        date.fromisoformat(str(row["due"]))
        for row in status
        if row["due"] is not None
        and tuple(row[n] for n in ("return", "sender", "period", "part")) in slots
    ]
    return min(days, default=None)


def _by_when(due: date | None, today: date) -> list[str]:
    if due is None:
        return []
    if due < today:
        return [f"By when\nIt was due on {_day(due)}: please send it as soon as you can."]
    return [f"By when\nIt is due on {_day(due)}."]


def _to_whom(authority: Authority) -> str:
    contact = authority.contact
    phone = f", {contact.phone}" if contact.phone else ""
    return f"Whom to ask\n{contact.name}, {authority.name}: {contact.email}{phone}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _sum(rows: Sequence[Row], name: str) -> int:
    return sum(int(str(row[name] or 0)) for row in rows)
