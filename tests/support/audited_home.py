"""What a small authority sent for its first quarter, and the clock that it came by."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from flows.common import clock
from flows.common.periods import read_period
from flows.common.settings import Settings, settings_for
from flows.intake.across import judge_across
from flows.intake.rules import Rules
from flows.intake.submission import Submission
from flows.intake.take_in import take_in
from flows.modelling import build as modelling
from flows.modelling.build import build
from flows.modelling.dbt_runner import Workplace
from flows.modelling.node import Node
from flows.publishing.release import release
from flows.returns.identity import Hints
from tests.support.once import alone

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


def send(settings: Settings, rules: Rules, name: str, return_name: str, content: str) -> None:
    """A file comes and is taken in."""
    path = settings.home.parent / name
    path.write_text(content, encoding="utf-8")
    done = take_in(Submission(path, return_name, Hints(), False), rules, settings)
    assert done.outcome == "loaded", done.reason


def first_quarter(settings: Settings, rules: Rules) -> None:
    """What came for April to June 2022: one row of May cannot be taken."""
    for day, month in (("05-09", "2022-04"), ("06-09", "2022-05"), ("07-08", "2022-06")):
        with clock.set_to(datetime.fromisoformat(f"2022-{day}T10:00:00")):
            bad = f"{month}-20,Acme Ltd,TBC,{month}/9,S1,L3 1BP\n" if month == "2022-05" else ""
            text = paid(month, "1000.00", "3000.00") + bad
            count = 3 if bad else 2
            send(settings, rules, f"lcrca_{month}_corporate.csv", "finance_payments", text)
            send(settings, rules, f"lcrca_{month}.csv", "finance_vendors", VENDORS)
            control = totals(month, count, "4000.00")
            send(settings, rules, f"lcrca_{month}.csv", "finance_control_totals", control)
            judge_across(rules, settings)
    with clock.set_to(datetime.fromisoformat("2022-07-11T10:00:00")):
        send(settings, rules, "lcrca_2022-23-q1.csv", "hr_workforce", STAFF)


def publish(settings: Settings, moment: str) -> None:
    """Build and publish the quarter."""
    with clock.set_to(datetime.fromisoformat(moment)):
        built = build(settings)
        release(settings, "quarterly", read_period(QUARTER), built.as_of, inputs=built.known)


NOT_COPIED = shutil.ignore_patterns("dbt", "scratch")


def made_once(shared: Path, rules: Rules, postcodes: Path) -> Path:
    """The home whose first quarter went out twice, made by whichever worker is first.

    Beside it are its key, `before` (the home when its correction had come and was not modelled)
    and `models-made` (what was then made of it).
    """
    with alone(shared / "audited") as folder:
        folder.mkdir(exist_ok=True)
        if not (folder / "done").exists():
            _make(settings_for(folder / "home"), rules, postcodes)
            (folder / "done").touch()
    return folder / "home"


def _make(settings: Settings, rules: Rules, postcodes: Path) -> None:
    settings.reference.parent.mkdir(parents=True)
    os.link(postcodes, settings.reference)
    first_quarter(settings, rules)
    publish(settings, FIRST)
    with clock.set_to(datetime.fromisoformat("2022-08-22T10:00:00")):
        text = paid("2022-05", "1500.00", "3000.00")
        send(settings, rules, "lcrca_2022-05_corporate.csv", "finance_payments", text)
        control = totals("2022-05", 2, "4500.00")
        send(settings, rules, "lcrca_2022-05.csv", "finance_control_totals", control)
        judge_across(rules, settings)
    shutil.copytree(settings.home, settings.home.with_name("before"), ignore=NOT_COPIED)
    with _models_kept(settings.home.with_name("models-made")):
        publish(settings, CORRECTED)


@contextmanager
def _models_kept(to: Path) -> Iterator[None]:
    """Keep what is made in the block, before it is handed over."""
    make = modelling.make_models

    def keep(
        settings: Settings, work: Workplace, as_of: datetime, locks: Sequence[int], with_dbt: bool
    ) -> list[Node]:
        nodes = make(settings, work, as_of, locks, with_dbt)
        to.mkdir()
        shutil.copy(work.model, to / "model.duckdb")
        text = json.dumps([asdict(node) for node in nodes])
        (to / "nodes.json").write_text(text, encoding="utf-8")
        return nodes

    modelling.make_models = keep
    try:
        yield
    finally:
        modelling.make_models = make
