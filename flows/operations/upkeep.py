"""Upkeep: the monthly finance close, the backfill of past quarters, and house-keeping."""

import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from exports.edition.clearance import ReleaseBlocked
from exports.release.inputs import NothingToPublish
from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.due_dates import due_and_not_done, read_delays, read_holidays
from flows.common.errors import SocialValueError
from flows.common.periods import Kind, Period, period_of, read_period
from flows.common.settings import Settings, settings_for
from flows.operations.artifacts import RunRecord
from flows.operations.own_flow import own_flow
from flows.operations.prefect_flows import PUBLICATIONS, ingest
from flows.warehouse import ledger
from flows.warehouse.connection import Row, open_scratch, reading, writing
from flows.warehouse.disposed import finish
from flows.warehouse.findings import list_findings
from flows.warehouse.home import tidy
from flows.warehouse.proof.integrity import check
from flows.warehouse.slots import status
from flows.warehouse.store.chosen import store_of

SNAPSHOTS_KEPT = timedelta(days=30)
LARGEST_LOG = 20_000_000  # bytes; a larger one is set aside, and the one before that goes
KINDS: dict[str, Kind] = {"finance_close": "month", "quarterly": "quarter", "annual": "year"}


class NotAsRecorded(SocialValueError):
    """The ledger, the archive or a release is not as it was recorded."""

    notice = "something is not as recorded: social-value audit check names it."


@own_flow("finance close")
def finance_close(home: Path | None = None) -> list[Row]:
    """On the day the calendar says: take in what waits, and look over the month's finance returns.

    A month is closed once; a run after an outage closes it late.
    """
    settings = settings_for(home)
    month = closes_on(settings, clock.now().date())
    if month is None:
        RunRecord().call("no month's finance is to be closed today, or it is closed")
        return []
    ingest(None, home)
    rows = close(settings, month)
    record = RunRecord()
    closed = f"The finance of {month.label} is closed."
    record.say("closed", closed, period=month.label, rows=len(rows))
    described = f"The finance returns of {month.label}, and the findings open about them."
    record.show("finance-close", rows, described)
    record.call(closed.removesuffix("."))
    return rows


@own_flow("backfill")
def backfill(
    first: str | None = None, last: str | None = None, home: Path | None = None
) -> list[Row]:
    """Do what the calendar asked for in the periods from `first` to `last` and nobody did.

    Finance is closed for each month in the range, a report published for each quarter and an Annual
    Review for each year that lie whole in it, in the order of their ends. Either end may be a
    month, a quarter, a half or a year; without `last` up to the newest that is over, without
    `first` the newest quarter alone. What is blocked, or has nothing to publish, keeps no other
    back; its row says why.
    """
    settings = settings_for(home)
    closed = closed_months(settings)
    asked = asked_for(first, last)
    record = RunRecord()
    steps = record.progress("periods", asked, len(asked), "How far it is.")
    rows = [fill(settings, publication, period, closed, home) for publication, period in steps]
    record.show("backfill", rows, "Each period, and what became of it.")
    became = Counter(str(row["outcome"]) for row in rows)
    listed = ", ".join(f"{count} {outcome}" for outcome, count in became.items())
    record.call(listed or "no period in the range is over")
    return rows


def asked_for(first: str | None, last: str | None) -> list[tuple[str, Period]]:
    """What the calendar asks for in a range of periods that are over. Raises PeriodError."""
    today = clock.now().date()
    newest = period_of(period_of(today, "quarter").first_day - timedelta(days=1), "quarter")
    if not first:
        one = read_period(last) if last else newest
        begin, end = one.first_day, one.end
    else:
        begin = read_period(first).first_day
        end = read_period(last).end if last else today
    found = []
    for publication, kind in KINDS.items():
        period = period_of(begin, kind)
        while period.end <= min(end, today):
            if period.first_day >= begin:
                found.append((publication, period))
            period = period_of(period.end, kind)
    return sorted(found, key=lambda one: (one[1].end, list(KINDS).index(one[0])))


def fill(
    settings: Settings, publication: str, period: Period, closed: set[str], home: Path | None
) -> Row:
    """Close the month or publish the period, unless it is in `closed` or out; what became of it."""
    row: Row = {"what": publication, "period": period.label}
    if publication == "finance_close":
        if period.label in closed:
            return {**row, "outcome": "there already", "why": ""}
        missing = sum(one["outcome"] != "loaded" for one in close(settings, period))
        return {**row, "outcome": "closed", "why": f"{missing} returns are not loaded"}
    if (settings.published / publication / period.slug).exists():
        return {**row, "outcome": "there already", "why": ""}
    try:
        done = PUBLICATIONS[publication](period.label, home)
    except (ReleaseBlocked, NothingToPublish) as error:
        return {**row, "outcome": "not published", "why": str(error)}
    return {**row, "outcome": "published", "why": done.name}


@own_flow("house-keeping")
def house_keeping(home: Path | None = None) -> list[str]:
    """Remove what killed runs left and old snapshots; prove ledger, archive and every release.

    Returns what was removed. Raises NotAsRecorded where something was touched.
    """
    settings = settings_for(home)
    removed = [str(path.relative_to(settings.home)) for path in keep_house(settings)]
    RunRecord().say(
        "kept house",
        f"Left-overs and old snapshots that are gone: {len(removed)}.",
        rows=len(removed),
    )
    if faults := check(settings):
        listed = "; ".join(f"{one.what}: {one.where}" for one in faults[:5])
        raise NotAsRecorded(f"{len(faults)} things are not as recorded: {listed}.")
    RunRecord().call(f"all is as recorded; left-overs that are gone: {len(removed)}")
    return removed


def keep_house(settings: Settings) -> list[Path]:
    """Remove left-overs, snapshots as of past moments that nobody made lately, and old logs."""
    removed = tidy(settings)
    store = store_of(settings)
    if store.exists():
        finish(settings, "house-keeping")  # a disposal that was killed
        store.compact()
    if settings.log_file.exists() and settings.log_file.stat().st_size > LARGEST_LOG:
        settings.log_file.replace(settings.log_file.with_suffix(".before.jsonl"))
    oldest = clock.now() - SNAPSHOTS_KEPT
    for folder in sorted((settings.warehouse.parent / "as-of").glob("*")):
        if folder.stat().st_mtime < oldest.timestamp():
            shutil.rmtree(folder)
            removed.append(folder)
    return removed


def closes_on(settings: Settings, today: date) -> Period | None:
    """The month whose finance is to be closed today, if one is and nobody has closed it."""
    closed = closed_months(settings)
    seeds = places_in_use(settings).seeds
    delays, holidays = read_delays(seeds), read_holidays(seeds)
    return due_and_not_done("finance_close", today, delays, holidays, closed)


def closed_months(settings: Settings) -> set[str]:
    """The months whose finance was closed."""
    with reading(settings) as connection:
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
    with open_scratch(settings) as connection, writing(settings, connection):
        ledger.append(connection, "closed", month.label, detail, clock.now())
    return rows


def _blocking(settings: Settings, month: Period) -> Counter[tuple[object, object]]:
    """How many findings that block a release are open, by return and sender."""
    with reading(settings) as connection:
        rows = connection.execute(
            'select distinct return_id, "return", sender from warehouse.ledger.returns '
            "where period = ?",
            [month.label],
        ).fetchall()
    slots = {return_id: (name, sender) for return_id, name, sender in rows}
    return Counter(
        slots[one["return_id"]]
        for one in list_findings(settings)
        if one["return_id"] in slots
        and one["severity"] == "block release"
        and one["accepted_by"] is None
    )
