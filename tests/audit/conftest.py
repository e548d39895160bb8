"""A small authority whose first quarter went out twice: once as sent, once corrected."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from flows.across import judge_across
from flows.clock import NOW_VARIABLE
from flows.intake import Rules, take_in
from flows.intake_result import Sent
from flows.modelling import build
from flows.periods import read_period
from flows.releasing import release
from flows.returns.identity import Told
from flows.settings import Settings, settings_for

FIRST, CORRECTED = "2022-07-28T09:00:00", "2022-08-30T09:00:00"
QUARTER = "2022-23 Q1"
PAID = "Payment date,Supplier name,Net amount,Transaction number,Supplier ID,Supplier postcode\n"
VENDORS = (
    "Supplier ID,Supplier name,Postcode,Location basis\n"
    "S1,Acme Ltd,L3 1BP,order site\nS2,Roses & Co,M1 1AE,order site\n"
)
STAFF = "Employer,Snapshot date,Employee number,FTE,Sex\n" + "".join(
    f"lcrca,30/06/2022,E{n},1,{'Female' if n % 2 else 'Male'}\n" for n in range(12)
)


def paid(month: str, *amounts: str) -> str:
    """A month's payments: the first to a supplier in Liverpool, the others to Manchester."""
    lines = [
        f"{month}-{n + 1:02d},{'Acme Ltd,' if n == 0 else 'Roses & Co,'}{amount},{month}/{n},"
        + ("S1,L3 1BP\n" if n == 0 else "S2,M1 1AE\n")
        for n, amount in enumerate(amounts)
    ]
    return PAID + "".join(lines)


def totals(month: str, count: int, amount: str) -> str:
    """The ledger's total of a month's part."""
    return f"Month,Part,Payment count,Amount\n{month},corporate,{count},{amount}\n"


@contextmanager
def clock_at(moment: str) -> Iterator[None]:
    """The clock stands at a moment."""
    before = os.environ.get(NOW_VARIABLE)
    os.environ[NOW_VARIABLE] = moment
    try:
        yield
    finally:
        os.environ.pop(NOW_VARIABLE) if before is None else os.environ.update(
            {NOW_VARIABLE: before}
        )


def send(settings: Settings, rules: Rules, name: str, return_name: str, content: str) -> None:
    """A file comes and is taken in."""
    path = settings.home.parent / name
    path.write_text(content, encoding="utf-8")
    done = take_in(Sent(path, return_name, Told(), False), rules, settings)
    assert done.outcome == "loaded", done.reason


def first_quarter(settings: Settings, rules: Rules) -> None:
    """What came for April to June 2022: one row of May cannot be taken."""
    for day, month in (("05-09", "2022-04"), ("06-09", "2022-05"), ("07-08", "2022-06")):
        with clock_at(f"2022-{day}T10:00:00"):
            bad = f"{month}-20,Acme Ltd,TBC,{month}/9,S1,L3 1BP\n" if month == "2022-05" else ""
            text = paid(month, "1000.00", "3000.00") + bad
            count = 3 if bad else 2
            send(settings, rules, f"lcrca_{month}_corporate.csv", "finance_payments", text)
            send(settings, rules, f"lcrca_{month}.csv", "finance_vendors", VENDORS)
            control = totals(month, count, "4000.00")
            send(settings, rules, f"lcrca_{month}.csv", "finance_control_totals", control)
            judge_across(rules, settings)
    with clock_at("2022-07-11T10:00:00"):
        send(settings, rules, "lcrca_2022-23-q1.csv", "hr_workforce", STAFF)


def publish(settings: Settings, moment: str) -> None:
    """Build and publish the quarter."""
    with clock_at(moment):
        built = build(settings)
        release(settings, "quarterly", read_period(QUARTER), built.as_of, known=built.known)


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory, postcodes: Path, rules: Rules) -> Path:
    """The home, made once for all workers; only to be copied."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if base.name.startswith("popen-") else base) / "audited"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (shared / "done").exists():
            _make(settings_for(shared / "home"), rules, postcodes)
            (shared / "done").touch()
    return shared / "home"


def _make(settings: Settings, rules: Rules, postcodes: Path) -> None:
    settings.reference.parent.mkdir(parents=True)
    os.link(postcodes, settings.reference)
    first_quarter(settings, rules)
    publish(settings, FIRST)
    with clock_at("2022-08-22T10:00:00"):
        text = paid("2022-05", "1500.00", "3000.00")
        send(settings, rules, "lcrca_2022-05_corporate.csv", "finance_payments", text)
        control = totals("2022-05", 2, "4500.00")
        send(settings, rules, "lcrca_2022-05.csv", "finance_control_totals", control)
        judge_across(rules, settings)
    publish(settings, CORRECTED)


@pytest.fixture
def home(audited: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of that home, for a test to do with as it likes, on 1 September 2022."""
    shutil.copytree(audited, tmp_path / "home", ignore=shutil.ignore_patterns("dbt", "scratch"))
    shutil.copy(audited.with_name("home.key"), tmp_path / "home.key")
    monkeypatch.setenv(NOW_VARIABLE, "2022-09-01T09:00:00")
    return settings_for(tmp_path / "home")


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    """Let the clock stand on a day."""

    def stand(day: str) -> datetime:
        monkeypatch.setenv(NOW_VARIABLE, f"{day}T09:00:00")
        return datetime.fromisoformat(f"{day}T09:00:00")

    return stand
