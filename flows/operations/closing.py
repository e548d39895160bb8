"""The monthly finance close: which finance returns of a month are in force, and what is open."""

from collections import Counter
from datetime import date

from flows.common import clock
from flows.common.due_dates import due_and_not_done, read_delays, read_holidays
from flows.common.periods import Period
from flows.common.settings import Settings
from flows.warehouse import connection as door
from flows.warehouse import ledger
from flows.warehouse.slots import Row, findings, status


def closes_on(settings: Settings, today: date) -> Period | None:
    """The month whose finance is to be closed today, if one is and nobody has closed it."""
    closed = closed_months(settings)
    delays, holidays = read_delays(settings.seeds), read_holidays(settings.seeds)
    return due_and_not_done("finance_close", today, delays, holidays, closed)


def closed_months(settings: Settings) -> set[str]:
    """The months whose finance was closed."""
    with door.reading(settings) as connection:
        rows = connection.execute(
            "select subject from warehouse.ledger.events where kind = 'closed'"
        ).fetchall()
    return {str(label) for (label,) in rows}


def close(settings: Settings, month: Period) -> list[Row]:
    """Look over the month's finance returns and put it on record; one row a return owed.

    Each row says what became of the return, and how many findings that block a release are open.
    """
    blocking = _blocking(settings, month)
    rows = [
        {
            **{name: row[name] for name in ("return", "sender", "part", "outcome", "rows_loaded")},
            "open_findings": blocking[row["return"], row["sender"]],
        }
        for row in status(settings)
        if str(row["return"]).startswith("finance_") and row["period"] == month.label
    ]
    missing = sum(row["outcome"] != "loaded" for row in rows)
    detail = {"returns": len(rows), "not_loaded": missing}
    with door.scratch(settings) as connection, door.writing(settings, connection):
        ledger.append(connection, "closed", month.label, detail, clock.now())
    return rows


def _blocking(settings: Settings, month: Period) -> Counter[tuple[object, object]]:
    """How many findings that block a release are open, by return and sender."""
    with door.reading(settings) as connection:
        rows = connection.execute(
            'select distinct return_id, "return", sender from warehouse.ledger.returns '
            "where period = ?",
            [month.label],
        ).fetchall()
    whose = {return_id: (name, sender) for return_id, name, sender in rows}
    return Counter(
        whose[one["return_id"]]
        for one in findings(settings)
        if one["return_id"] in whose
        and one["severity"] == "block release"
        and one["accepted_by"] is None
    )
