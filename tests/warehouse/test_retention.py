"""What is past its retention goes, for good and by itself; a tombstone and all else stays."""

import csv
import json
from collections.abc import Callable

import pytest

from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.intake.submission import Ingested
from flows.warehouse.archive import NoLongerHeld, original
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.copies.reinstate import NothingToConfirm, confirm
from flows.warehouse.in_force import IN_FORCE
from flows.warehouse.proof.integrity import check
from flows.warehouse.retention import dispose, person_tables, read_retention
from flows.warehouse.slots import status
from tests.support.canaries import as_workbook

Take = Callable[..., Ingested]
PEOPLE = "Employer,Snapshot date,Employee number,FTE\n"
Q1 = PEOPLE + "lcrca,30/06/2022,E1,1\nlcrca,30/06/2022,E2,x\nlcrca,30/06/2022,E3,1\n"
Q2 = PEOPLE + "lcrca,30/09/2022,E1,1\n"
PAYMENTS = "Date paid,Supplier name,Net amount\n01/04/2022,Acme,10.00\n"


@pytest.fixture
def filled(settings: Settings, take: Take) -> Settings:
    assert take(Q1, "lcrca_2022-23-q1.csv", "hr_workforce").counts.loaded == 2
    assert take(Q2, "lcrca_2022-23-q2.csv", "hr_workforce").counts.loaded == 1
    assert take(PAYMENTS).outcome == "loaded"
    return settings


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda day: monkeypatch.setenv("SOCIAL_VALUE_NOW", f"{day}T09:00:00")


def went(settings: Settings, rules: Rules, **how: object) -> list[tuple]:
    due = dispose(settings, rules.contracts, "Data Protection Officer", **how)
    return [(one.what, one.kept.period, sum(one.rows.values())) for one in due]


def ask(settings: Settings, sql: str) -> list[tuple]:
    with reading(settings) as connection:
        return connection.execute(sql).fetchall()


def keys(settings: Settings) -> list[tuple]:
    return ask(settings, "select _return_id from warehouse.landed.hr_workforce")


def test_nothing_goes_before_its_time(filled: Settings, rules: Rules, on):
    on("2024-06-30")  # originals of the first quarter are due on 1 July 2024
    assert went(filled, rules) == []
    assert len(keys(filled)) == 3


def test_an_original_goes_first_and_its_rows_stay(filled: Settings, rules: Rules, on):
    on("2024-07-01")
    answers = list((filled.quarantine / "hr_workforce").iterdir())
    assert len(answers) == 1
    assert went(filled, rules, dry_run=True) == [("original", "2022-23 Q1", 0)]
    assert went(filled, rules) == [("original", "2022-23 Q1", 0)]
    assert went(filled, rules) == []
    assert len(keys(filled)) == 3
    assert check(filled) == []
    assert not answers[0].exists()
    sha256 = _tombstones(filled)[0]["sha256"]
    with pytest.raises(NoLongerHeld, match="no longer held"), original(filled, sha256):
        pass
    assert len([path for path in filled.archive.rglob("*") if path.is_file()]) == 2


def test_person_rows_go_and_leave_a_tombstone(filled: Settings, rules: Rules, on, take: Take):
    before = ask(filled, "select * from warehouse.ledger.returns order by return_id")
    filled.restricted.write_bytes(b"what the rows added to figures, of the last build")
    on("2025-07-01")
    gone = [("original", "2022-23 Q1", 0), ("original", "2022-23 Q2", 0)]
    assert went(filled, rules) == [*gone, ("person rows", "2022-23 Q1", 2)]
    assert not filled.restricted.exists()
    assert went(filled, rules) == []
    assert len(keys(filled)) == 1
    assert ask(filled, "select * from warehouse.ledger.returns order by return_id") == before
    stone = _tombstones(filled)[-1]
    assert stone["by"] == "Data Protection Officer"
    assert stone["rows"] == {"hr_workforce": 2}
    assert (
        stone["authority"] == read_retention(places_in_use(filled).seeds)["hr_workforce"].authority
    )
    assert check(filled) == []
    outcomes = {row["period"]: row["outcome"] for row in status(filled) if row["received_at"]}
    assert outcomes["2022-23 Q1"] == "disposed"
    assert outcomes["2022-23 Q2"] == "loaded"

    again = take(Q1, "lcrca_2022-23-q1.csv", "hr_workforce")
    assert again.outcome == "duplicate"
    assert "disposed of on 01 July 2025" in (again.reason or "")
    assert len(keys(filled)) == 1


def test_a_suppliers_deliveries_stay_when_its_people_go(
    settings: Settings, rules: Rules, on, take: Take
):
    deliveries = [["Contract reference", "Measure", "Quantity"], ["C-1", "M01", "2"]]
    people = [
        ["Contract reference", "Person ref", "Start date", "FTE"],
        ["C-1", "P1", "01/04/2022", "1"],
    ]
    book = as_workbook({"Return": deliveries, "People": people})
    assert take(book, "s400101_2022-23-q1.xlsx", "supplier_returns").counts.loaded == 2
    on("2025-07-01")
    assert went(settings, rules)[1:] == [("person rows", "2022-23 Q1", 1)]
    assert ask(settings, "select count(*) from warehouse.landed.supplier_returns") == [(1,)]
    assert ask(settings, "select count(*) from warehouse.landed.supplier_returns_people") == [(0,)]
    assert ask(settings, f"select count(*) from ({IN_FORCE})") == [(1,)]
    assert check(settings) == []


def test_nothing_of_the_rows_is_left_in_the_warehouses_file(filled: Settings, rules: Rules, on):
    (key,) = ask(
        filled,
        "select employee_key from warehouse.landed.hr_workforce where _row = 4",
    )[0]
    assert key.encode() in filled.warehouse.read_bytes()
    on("2025-07-01")
    went(filled, rules)
    assert key.encode() not in filled.warehouse.read_bytes()


def test_a_held_return_that_is_gone_cannot_be_confirmed(
    filled: Settings, rules: Rules, on, take: Take
):
    fewer = PEOPLE + "lcrca,30/06/2022,E1,1\n"
    held = take(fewer, "lcrca_2022-23-q1.csv", "hr_workforce")
    assert held.outcome == "held"
    on("2025-07-01")
    went(filled, rules)
    with (
        open_scratch(filled) as connection,
        writing(filled, connection),
        pytest.raises(NothingToConfirm),
    ):
        confirm(connection, held.returns[0], "somebody", "why not", clock.now())


def test_answers_go_where_the_original_was_never_kept(
    settings: Settings, rules: Rules, on, take: Take, monkeypatch
):
    monkeypatch.setattr(settings, "keep_originals", "none")
    take(Q1, "lcrca_2022-23-q1.csv", "hr_workforce")
    take(PAYMENTS + "02/04/2022,Acme,TBC\n")
    folder = settings.quarantine / "hr_workforce"
    assert len(list(folder.iterdir())) == 1
    on("2024-07-01")
    assert went(settings, rules) == [("answers", "2022-23 Q1", 0)]
    assert list(folder.iterdir()) == []
    assert len(list((settings.quarantine / "finance_payments").iterdir())) == 1
    assert went(settings, rules) == []
    assert check(settings) == []


def test_what_a_run_of_before_has_left_goes_once(filled: Settings, rules: Rules, on):
    """An earlier version took the original first, and did not say that rows were forgotten."""
    on("2025-07-01")
    (answer,) = (filled.quarantine / "hr_workforce").iterdir()
    quoted = answer.read_bytes()
    went(filled, rules)
    before = len(_tombstones(filled))
    with open_scratch(filled) as connection, writing(filled, connection):
        connection.execute("delete from warehouse.ledger.events where kind = 'forgotten'")
    answer.write_bytes(quoted)
    left = dispose(filled, rules.contracts, "Data Protection Officer", dry_run=True)
    assert [(one.as_row()["what"], one.as_row()["rows"]) for one in left] == [
        ("left of original", 0),
        ("left of person rows", 2),
    ]
    assert answer.exists()
    assert [one.kept for one in dispose(filled, rules.contracts, "somebody")] == [
        one.kept for one in left
    ]
    assert not answer.exists()
    for _ in range(2):
        assert went(filled, rules) == []
    assert ask(filled, "select count(*) from warehouse.ledger.events where kind = 'forgotten'") == [
        (1,)
    ]
    assert len(_tombstones(filled)) == before
    assert check(filled) == []


def test_every_return_has_its_retention(settings: Settings, rules: Rules):
    assert read_retention(places_in_use(settings).seeds).keys() == rules.contracts.keys()


def test_every_return_with_people_says_how_long_their_rows_are_kept(
    settings: Settings, rules: Rules
):
    retention = read_retention(places_in_use(settings).seeds)
    with_people = {name for name, contract in rules.contracts.items() if person_tables(contract)}
    assert with_people == {name for name, rule in retention.items() if rule.keep_person_rows_months}
    assert {"hr_workforce", "supplier_returns"} <= with_people
    with (places_in_use(settings).seeds / "retention.csv").open(
        encoding="utf-8", newline=""
    ) as stream:
        assert all(row["authority"] for row in csv.DictReader(stream))


def _tombstones(settings: Settings) -> list[dict]:
    rows = ask(
        settings, "select detail from warehouse.ledger.events where kind = 'disposed' order by seq"
    )
    return [json.loads(row[0]) for row in rows]
