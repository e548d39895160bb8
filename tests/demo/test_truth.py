"""The truth adds up, in itself and against what the bytes say."""

import csv
import io
from decimal import Decimal

import pytest
from demo_reading import day, money, payments_of, rows_of

from flows.demo import deliveries, truth
from flows.demo.authority import DISTRICTS, EXCLUDED, REDACTIONS, places, suppliers
from flows.demo.ledger import ledger
from flows.demo.truth import (
    ELSEWHERE,
    EXCLUDED_GROUP,
    GROUPS,
    QUARANTINED,
    REDACTED,
    UNKNOWN,
    clean_name,
    find_vendor,
    percent,
)

TRUTH = truth()
SEEDS = (2022, 1, 2)
AUTHORITIES = {
    place.postcode.replace(" ", ""): DISTRICTS.get(place.code, ELSEWHERE)
    for place in places().values()
}


@pytest.mark.parametrize("seed", SEEDS)
def test_known_unknown_and_redacted_add_up_to_all(seed: int) -> None:
    for spend in truth(seed).periods.values():
        assert spend.known + spend.unknown + spend.redacted == spend.all
        assert sum(spend.by_district.values()) + spend.groups[ELSEWHERE].amount == spend.known
        assert spend.in_region == sum(spend.by_district.values())
        assert set(spend.groups) == set(GROUPS)
        assert all(spend.groups[group].payments for group in GROUPS)


@pytest.mark.parametrize("seed", SEEDS)
def test_control_totals_are_loaded_and_quarantined(seed: int) -> None:
    for load in truth(seed).loads.values():
        assert load.loaded + load.quarantined == load.control


def test_places_add_up_to_what_is_loaded() -> None:
    groups = TRUTH.periods["2022-23 Q1"].groups
    loads = TRUTH.loads.values()
    assert sum(s.payments for g, s in groups.items() if g != QUARANTINED) == sum(
        load.loaded.payments for load in loads
    )
    assert sum(s.amount for s in groups.values()) == sum(load.control.amount for load in loads)
    assert groups[QUARANTINED].payments == 1


def test_the_bytes_alone_lead_to_the_same_places() -> None:
    sent = {(d.return_name, d.file_name): d for d in deliveries() if "copy" not in d.file_name}
    amounts = dict.fromkeys(GROUPS, Decimal(0))
    for (return_name, file_name), delivery in sent.items():
        if return_name != "finance_payments":
            continue
        vendors = rows_of(sent["finance_vendors", f"{file_name[:13]}.csv"])[1:]
        postcodes = {row[0]: row[4].upper().replace(" ", "") for row in vendors}
        numbers = {clean_name(row[1]): row[0] for row in vendors}
        for line in payments_of(delivery):
            number = line["number"] or numbers.get(clean_name(line["name"]), "")
            postcode = postcodes.get(number, "")
            group = AUTHORITIES[postcode] if postcode else UNKNOWN
            if line["name"] in REDACTIONS:
                group = REDACTED
            elif line["name"] in EXCLUDED:
                group = EXCLUDED_GROUP
            elif day(line["date"]) is None:
                group = QUARANTINED
            amounts[group] += money(line["amount"]) or Decimal(0)
    assert amounts == {g: s.amount for g, s in TRUTH.periods["2022-23 Q1"].groups.items()}


def test_the_half_and_the_year_hold_the_quarter_so_far() -> None:
    quarter = TRUTH.periods["2022-23 Q1"].groups
    assert TRUTH.periods["2022-23 H1"].groups == TRUTH.periods["2022-23"].groups == quarter


def test_outcomes_say_what_the_bytes_say() -> None:
    for delivery, outcome in zip(deliveries(), TRUTH.outcomes, strict=True):
        assert (delivery.at, delivery.file_name) == (outcome.at, outcome.file_name)
        if outcome.outcome == "duplicate":
            assert outcome.loaded.payments == outcome.dropped_rows == 0
            continue
        rows = len(rows_of(delivery)) - 1  # the header
        counted = outcome.loaded.payments + outcome.quarantined.payments + outcome.dropped_rows
        assert counted == rows
        if delivery.return_name == "finance_payments":
            read = [(day(p["date"]), money(p["amount"])) for p in payments_of(delivery)]
            good = [amount for when, amount in read if when and amount is not None]
            held = [amount for when, amount in read if not (when and amount is not None)]
            assert (outcome.loaded.payments, outcome.loaded.amount) == (len(good), sum(good))
            told = sum((amount for amount in held if amount is not None), Decimal(0))
            assert (outcome.quarantined.payments, outcome.quarantined.amount) == (len(held), told)


def test_control_total_files_tie_with_the_bytes_in_the_end() -> None:
    last = {d.file_name: d for d in deliveries() if d.return_name == "finance_payments"}
    for delivery in deliveries():
        if delivery.return_name != "finance_control_totals":
            continue
        for row in csv.DictReader(io.StringIO(delivery.content.decode())):
            lines = payments_of(last[f"lcrca_{row['Month']}_{row['Part']}.csv"])
            assert len(lines) == int(row["Payment count"])
            total = sum((money(line["amount"]) or Decimal(0) for line in lines), Decimal(0))
            assert total == Decimal(row["Control total"])


def test_the_first_may_file_does_not_tie() -> None:
    first = next(o for o in TRUTH.outcomes if o.replaced)
    assert (first.month, first.part, first.quarantined.payments) == ("2022-05", "corporate", 3)
    assert first.loaded + first.quarantined != TRUTH.loads["2022-05", "corporate"].control


def test_one_delivery_is_late_one_a_duplicate_and_one_replaced() -> None:
    late = {o.file_name: o.late_days for o in TRUTH.outcomes if o.late_days}
    assert late == {"lcrca_2022-06_transport.csv": 5}
    duplicates = [o.file_name for o in TRUTH.outcomes if o.outcome == "duplicate"]
    assert duplicates == ["lcrca_2022-04_corporate-copy.csv"]
    assert sum(o.replaced for o in TRUTH.outcomes) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_number_and_cleaned_name_lead_to_the_supplier_that_was_meant(seed: int) -> None:
    for (month, _), lines in ledger(seed).items():
        for line in lines:
            if line.supplier:
                meant = line.supplier if line.supplier.in_master(month) else None
                assert find_vendor(line) == meant


def test_percentages_are_rounded_half_up_to_six_decimals() -> None:
    assert percent(Decimal(1), Decimal(3)) == Decimal("33.333333")
    assert percent(Decimal("0.01"), Decimal("2000000")) == Decimal("0.000001")
    assert percent(Decimal(5), Decimal(0)) is None
    spend = TRUTH.periods["2022-23 Q1"]
    parts = [spend.percent_of_known(name) or Decimal(0) for name in DISTRICTS.values()]
    assert abs(sum(parts) - (spend.percent_of_known() or Decimal(0))) <= Decimal("0.000006")


def test_every_supplier_postcode_is_in_the_list() -> None:
    assert {s.postcode for s in suppliers()} - set(places()) == {""}
