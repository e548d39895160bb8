"""The registry: what a second sending, a correction, a part and a replacement do."""

import hashlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.settings import Settings
from flows.intake.rules import Rules, read_rules
from flows.returns.identity import Hints
from flows.warehouse.archive import original
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.copies.reinstate import NothingToConfirm, confirm
from flows.warehouse.in_force import IN_FORCE
from tests.support.definitions import own_definitions

HEADER = "Date paid,Supplier name,Net amount,Transaction number\n"


def payments(*amounts: str, month: str = "04", supplier: str = "Acme Lifts Limited") -> str:
    rows = (
        f"{day:02d}/{month}/2022,{supplier},{amount},T{day}\n"
        for day, amount in enumerate(amounts, start=1)
    )
    return HEADER + "".join(rows)


A = payments("10.00", "20.00", "30.00")
B = payments("10.00", "20.00", "35.00")


def in_force(settings: Settings) -> list[tuple[str, str, str, Decimal]]:
    """Sender, period, part and sum of what is in force, from the rows themselves."""
    with reading(settings) as connection:
        return connection.execute(
            f"select s.sender, s.period, s.part, sum(p.amount) from ({IN_FORCE}) as s "
            "join warehouse.landed.finance_payments as p on p._return_id = s.return_id "
            "group by all order by all"
        ).fetchall()


def test_the_same_bytes_under_two_names_are_one_return(take, settings):
    first = take(A, "lcrca_2022-04.csv")
    second = take(A, "lcrca_2022-04_a-copy.csv")
    assert (first.outcome, second.outcome) == ("loaded", "duplicate")
    assert second.returns == first.returns
    assert in_force(settings) == [("lcrca", "2022-04", "", Decimal("60.00"))]


def test_a_duplicate_under_another_name_is_noted_once_in_the_ledger(take, settings):
    take(A, "lcrca_2022-04.csv")
    take(A, "lcrca_2022-04_a-copy.csv")
    take(A, "lcrca_2022-04_a-copy.csv")
    take(A, "lcrca_2022-04.csv")
    with reading(settings) as connection:
        kinds = connection.execute(
            "select kind from warehouse.ledger.events order by seq"
        ).fetchall()
    assert kinds == [("kept",), ("duplicate",)]


def test_two_senders_with_the_same_bytes_are_two_returns(take, settings):
    assert take(A, "lcrca_2022-04.csv").outcome == "loaded"
    assert take(A, "merseytravel_2022-04.csv").outcome == "loaded"
    assert in_force(settings) == [
        ("lcrca", "2022-04", "", Decimal("60.00")),
        ("merseytravel", "2022-04", "", Decimal("60.00")),
    ]


def test_a_correction_replaces_and_the_first_file_sent_again_is_put_back(take, settings):
    first = take(A)
    correction = take(B)
    assert in_force(settings) == [("lcrca", "2022-04", "", Decimal("65.00"))]
    again = take(A)
    assert (first.outcome, correction.outcome, again.outcome) == ("loaded", "loaded", "loaded")
    assert again.reason == "put back in force"
    assert again.returns == first.returns
    assert in_force(settings) == [("lcrca", "2022-04", "", Decimal("60.00"))]
    with reading(settings) as connection:  # nothing was loaded a second time
        rows = connection.execute("select count(*) from warehouse.landed.finance_payments")
        assert rows.fetchone() == (6,)
    assert take(A).outcome == "duplicate"


def test_rows_that_are_equal_are_all_kept(take, settings):
    shift = "01/04/2022,Agency Staff Limited,120.00,\n"
    assert take(HEADER + shift * 7).counts.loaded == 7


def test_two_parts_of_a_month_stand_beside_each_other(take, settings):
    take(A, "lcrca_2022-04_corporate.csv")
    take(B, "lcrca_2022-04_transport.csv")
    assert in_force(settings) == [
        ("lcrca", "2022-04", "corporate", Decimal("60.00")),
        ("lcrca", "2022-04", "transport", Decimal("65.00")),
    ]


def test_a_part_beside_a_whole_delivery_is_held(take, settings):
    take(A, "lcrca_2022-04.csv")
    part = take(B, "lcrca_2022-04_transport.csv")
    assert part.outcome == "held"
    assert "would be added to it" in (part.reason or "")
    assert in_force(settings) == [("lcrca", "2022-04", "", Decimal("60.00"))]


def test_a_whole_delivery_over_parts_is_held_and_replaces_them_once_confirmed(take, settings):
    take(A, "lcrca_2022-04_corporate.csv")
    take(B, "lcrca_2022-04_transport.csv")
    whole = take(payments("60.00", "65.00", "1.00"), "lcrca_2022-04.csv")
    assert whole.outcome == "held"
    say_yes(settings, whole.returns[0])
    assert in_force(settings) == [("lcrca", "2022-04", "", Decimal("126.00"))]


def say_yes(settings: Settings, return_id: str) -> list[str]:
    with open_scratch(settings) as connection, writing(settings, connection):
        return confirm(connection, return_id, "A. Officer", "the ledger agrees", clock.now())


def test_a_replacement_with_half_the_rows_waits_until_it_is_confirmed(take, settings):
    take(payments("10.00", "20.00", "30.00", "40.00"))
    half = take(payments("60.00", "40.00"))
    assert half.outcome == "held"
    assert "2 rows where the return in force has 4" in (half.reason or "")
    assert in_force(settings) == [("lcrca", "2022-04", "", Decimal("100.00"))]
    assert take(payments("60.00", "40.00")).outcome == "held"  # sending it again is no yes
    assert say_yes(settings, half.returns[0]) == half.returns
    assert in_force(settings) == [("lcrca", "2022-04", "", Decimal("100.00"))]
    with reading(settings) as connection:
        assert connection.execute(f"select return_id from ({IN_FORCE})").fetchall() == [
            (half.returns[0],)
        ]


def test_a_replacement_that_loses_money_is_held(take, settings):
    take(payments("100.00", "200.00", "300.00"))
    poorer = take(payments("100.00", "200.00", "30.00"))
    assert poorer.outcome == "held"
    assert "GBP 330.00" in (poorer.reason or "")


def test_one_at_the_edge_of_the_share_is_not_held(take, settings):
    take(payments(*["10.00"] * 10))
    assert take(payments(*["12.50"] * 8)).outcome == "loaded"  # 20 % fewer rows, not more
    assert take(payments(*["10.00"] * 10)).outcome == "loaded"  # put back


def test_confirming_what_does_not_wait_says_so(take, settings):
    loaded = take(A)
    with pytest.raises(NothingToConfirm, match="waits for a confirmation"):
        say_yes(settings, loaded.returns[0])


def test_the_wrong_slot_is_refused_and_the_right_one_takes_the_file(take, settings):
    wrong = take(A, return_name="finance_vendors")
    assert wrong.outcome == "rejected"
    assert "no column for supplier_id or postcode" in (wrong.reason or "")
    assert take(A, return_name="finance_payments").outcome == "loaded"


def test_a_rejected_file_is_taken_once_its_contract_is_mended(take, settings, tmp_path):
    strange = "Day of the deed,Supplier name,Net amount\n01/04/2022,Acme,10.00\n"
    refused = take(strange)
    assert refused.outcome == "rejected"
    again = take(strange)  # the same contract gives the same answer, and no second attempt
    assert (again.outcome, again.returns) == ("rejected", refused.returns)
    assert again.reason == refused.reason

    mended = take(strange, use=with_alias(settings, tmp_path, "Day of the deed"))
    assert mended.outcome == "loaded"
    assert mended.counts.amount_total == Decimal("10.00")


def with_alias(settings: Settings, folder: Path, alias: str) -> Rules:
    """The rules, with one more word for the date of a payment in the contract's YAML."""
    mended = own_definitions(settings, folder / "definitions")
    for path in places_in_use(mended).contracts.glob("*.yaml"):
        text = path.read_text().replace(
            "aliases: [Payment date,", f"aliases: [{alias}, Payment date,"
        )
        path.write_text(text)
    return read_rules(mended)


def test_a_return_in_force_is_judged_anew_only_when_told_to(take, settings):
    first = take(A)
    anew = take(A, again=True)
    assert anew.outcome == "loaded"
    assert anew.returns == [f"{first.returns[0]}#2"]
    assert in_force(settings) == [("lcrca", "2022-04", "", Decimal("60.00"))]


def test_the_same_vendor_master_may_be_sent_for_two_months(take, settings):
    vendors = "Supplier ID,Supplier name,Postcode\n7,Acme,L3 1BP\n"
    april = take(vendors, "lcrca_2022-04.csv", "finance_vendors")
    may = take(vendors, "lcrca_2022-05.csv", "finance_vendors")
    assert (april.outcome, may.outcome) == ("loaded", "loaded")
    assert take(vendors, "lcrca_2022-05.csv", "finance_vendors").outcome == "duplicate"


def test_a_file_of_three_months_is_a_return_for_each(take, settings):
    text = HEADER + "".join(
        payments("5.00", "7.00", month=m).removeprefix(HEADER) for m in ("04", "05", "06")
    )
    quarter = take(text, "anything.csv", hints=Hints(sender="lcrca"))
    assert quarter.period == "2022-04 to 2022-06"
    assert len(quarter.returns) == 3
    assert [row[1] for row in in_force(settings)] == ["2022-04", "2022-05", "2022-06"]
    one_month = take(payments("5.00", "8.00", month="05"))
    assert one_month.outcome == "loaded"
    assert [(row[1], row[3]) for row in in_force(settings)] == [
        ("2022-04", Decimal("12.00")),
        ("2022-05", Decimal("13.00")),
        ("2022-06", Decimal("12.00")),
    ]


def test_every_step_of_every_return_is_on_record_good_or_bad(take, settings):
    take(A)
    take("nothing like it\n1\n", "lcrca_2022-05.csv")
    with reading(settings) as connection:
        steps = connection.execute(
            "select r.outcome, list(o.step || ' ' || o.outcome order by o.rowid) "
            "from warehouse.ledger.outcomes as o join warehouse.ledger.returns as r "
            "using (return_id, attempt) group by all order by 1"
        ).fetchall()
    assert steps == [
        ("loaded", [f"{s} done" for s in ("land", "read", "match", "type", "judge", "keep")]),
        ("rejected", ["land done", "match failed"]),
    ]


def test_read_is_loaded_and_quarantined_and_dropped(take, settings):
    text = "Report of payments\n\n" + A + "04/04/2022,Acme,TBC,T4\n,,,\n,Total,60.00,\n"
    counts = take(text).counts
    assert (counts.read, counts.loaded, counts.quarantined, counts.dropped) == (8, 3, 1, 4)
    assert counts.amount_total == Decimal("60.00")


def test_an_ill_will_name_stays_inside_the_home(take, settings, tmp_path):
    """A sender's file name never becomes a path."""
    before = {p for p in tmp_path.rglob("*") if "home" not in p.parts and p.is_file()}
    take(A, "lcrca_2022-04.csv", hints=Hints(sender="lcrca", part="up"))
    assert take(A, "lcrca_2022-04.csv", hints=Hints(sender="../../etc")).sender == "etc"
    assert take(A, hints=Hints(sender="lcrca", part="../up")).outcome == "duplicate"
    after = {p for p in tmp_path.rglob("*") if "home" not in p.parts and p.is_file()}
    after.discard(settings.key_path)
    assert after - before == {tmp_path / "sent" / "lcrca_2022-04.csv"}


def test_a_warehouse_row_is_never_changed_by_a_rejected_file(take, settings):
    take(A)
    before = _fingerprint(settings)
    take(A.replace("Net amount", "Nothing"))
    assert _fingerprint(settings) == before


def _fingerprint(settings: Settings) -> object:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(
            "select count(*), sum(amount), max(_received_at) from landed.finance_payments"
        ).fetchone()


def test_the_archive_has_the_bytes_sealed_and_read_only(take, settings):
    kept = take(A)
    files = [path for path in settings.archive.rglob("*") if path.is_file()]
    assert [path.name for path in files] == [hashlib.sha256(A.encode()).hexdigest()]
    assert A.encode()[:20] not in files[0].read_bytes()
    with original(settings, files[0].name) as path:
        assert path.read_text() == A
    assert files[0].stat().st_mode & 0o777 == 0o400
    assert replace(kept).outcome == "loaded"
