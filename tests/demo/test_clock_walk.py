"""Every day of two years on the made-up authority: what the calendar asks for, and nothing else.

numpy's business days are the other opinion on the calendar, the sendings on what has come.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.resources import files

import duckdb
import numpy as np
import pytest

from flows.authority.places import places_in_use
from flows.common.due_dates import due_and_not_done, is_working_day, read_delays, read_holidays
from flows.common.settings import Settings
from flows.demo.made.authority.delivery import Sending
from flows.demo.made.authority.periods import last_day
from flows.demo.made.deliveries import sendings
from flows.demo.made.obligations import obligations
from flows.warehouse.slots import late_on, status_of

FIRST, LAST = date(2021, 4, 1), date(2023, 6, 30)
EIGHT = timedelta(hours=8)
Slot = tuple[str, str, str, str]


def days() -> Iterator[date]:
    return (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))


def asked_for(settings: Settings, publication: str, ends: list[date]) -> list[tuple[date, date]]:
    """For each last day of a period, the day its publication is due, as numpy counts."""
    holidays = np.array(sorted(read_holidays(places_in_use(settings).seeds)), dtype="datetime64[D]")
    delay = read_delays(places_in_use(settings).seeds)[publication]
    due = [
        np.busday_offset(np.datetime64(end), delay, roll="backward", holidays=holidays).item()
        for end in ends
    ]
    return [(day, end) for day, end in zip(due, ends, strict=True) if FIRST <= day <= LAST]


def month_ends(every: int) -> list[date]:
    """The last days of periods of so many months, counted from April, from 2020 to 2023."""
    firsts = [date(2020 + n // 12, n % 12 + 1, 1) for n in range(43)]
    return [day - timedelta(days=1) for day in firsts if (day.month - 4) % 12 % every == 0]


@pytest.mark.parametrize("outage", [0, 3, 6])
@pytest.mark.parametrize(
    ("publication", "every"), [("quarterly", 3), ("annual", 12), ("finance_close", 1)]
)
def test_each_report_goes_out_once_on_its_day_or_right_after_an_outage(
    publication: str, every: int, outage: int, settings: Settings
) -> None:
    wanted = asked_for(settings, publication, month_ends(every))
    down = {day + timedelta(days=n) for day, _ in wanted for n in range(outage)}
    seeds = places_in_use(settings).seeds
    delays, holidays = read_delays(seeds), read_holidays(seeds)
    done: set[str] = set()
    went: list[tuple[date, date]] = []
    for day in days():
        if day in down:
            continue
        due = due_and_not_done(publication, day, delays, holidays, done)
        if due is not None:
            done.add(due.label)
            went.append((day, due.end - timedelta(days=1)))
    assert went == [(day + timedelta(days=outage), end) for day, end in wanted]
    assert len(went) == {3: 9, 12: 3, 1: 27}[every]


@pytest.fixture
def registry() -> Iterator[duckdb.DuckDBPyConnection]:
    """The ledger's tables and nothing in them."""
    schema = files("flows.warehouse").joinpath("schema.sql").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as warehouse; use warehouse")
        connection.execute(schema)
        yield connection


def came(registry: duckdb.DuckDBPyConnection, number: int, one: Sending) -> None:
    """Put on record that a file came, and whether it is in force."""
    taken = one.outcome == "loaded"
    registry.execute(
        "insert into ledger.returns by name select $id as return_id, 1 as attempt, "
        '$id as filing_id, $name as "return", $sender as sender, $period as period, '
        "$part as part, $id as sha256, $file as file_name, $at as received_at, "
        "$outcome as outcome, '' as contract_version, '' as contract_digest, "
        "'' as suite_version, '' as suite_digest, 0 as rows_read, 0 as rows_loaded, "
        "0 as rows_quarantined, 0 as rows_dropped",
        {
            "id": str(number),
            "name": one.delivery.return_name,
            "sender": one.sender,
            "period": one.period,
            "part": one.part,
            "file": one.delivery.file_name,
            "at": one.delivery.at,
            "outcome": one.outcome,
        },
    )
    if taken:
        registry.execute(
            "insert into ledger.standing values (?, ?, true, ?, 'loaded')",
            [number, str(number), one.delivery.at],
        )


def owed() -> dict[Slot, date]:
    """Every return owed in the two years, and the last day on which it is in time."""
    return {
        (one.return_name, one.sender, period, one.part): last_day(period)
        + timedelta(days=one.due_days)
        for one in obligations()
        for period in one.periods()
    }


def test_whoever_is_late_is_chased_on_every_working_day_until_it_comes(
    settings: Settings, registry: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    holidays = read_holidays(places_in_use(settings).seeds)
    off = np.array(sorted(holidays), dtype="datetime64[D]")
    sent = [one for one in sendings() if one.outcome != "duplicate"]
    there: dict[Slot, datetime] = {}
    for one in sent:
        if one.outcome == "loaded":
            there[one.slot] = min(one.delivery.at, there.get(one.slot, one.delivery.at))
    due, waiting, chased, wanted = owed(), list(enumerate(sent)), 0, 0
    for day in days():
        morning = datetime.combine(day, datetime.min.time()) + EIGHT
        while waiting and waiting[0][1].delivery.at < morning:
            came(registry, *waiting.pop(0))
        if not is_working_day(day, holidays):
            assert not np.is_busday(np.datetime64(day), holidays=off)
            continue
        monkeypatch.setenv("SOCIAL_VALUE_NOW", morning.isoformat())
        found = late_on(day, status_of(registry, settings))
        slots = {
            (str(row["return"]), str(row["sender"]), str(row["period"]), str(row["part"]))
            for row in found
        }
        late = {slot for slot, last in due.items() if last < day}
        assert slots == {slot for slot in late if there.get(slot, morning) >= morning}, day
        chased, wanted = chased + len(slots), wanted + 1
    assert (waiting, wanted) == ([], int(np.busday_count(FIRST, LAST, holidays=off)) + 1)
    assert chased > 1000
