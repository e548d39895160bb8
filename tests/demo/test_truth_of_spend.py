"""The truth about spend and prompt payment adds up, in itself and against what the bytes say."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from flows.demo.made.authority.authority import DISTRICTS, EXCLUDED, REDACTIONS, places, suppliers
from flows.demo.made.authority.periods import HALVES, MONTHS, QUARTERS, YEARS, months_of
from flows.demo.made.deliveries import sendings
from flows.demo.made.finance.finance import PaymentsSent, VendorsSent
from tests.oracle.truth.figures import Key
from tests.oracle.truth.spend.invoices import invoices
from tests.oracle.truth.spend.spend import (
    ELSEWHERE,
    EXCLUDED_GROUP,
    GROUPS,
    QUARANTINED,
    REDACTED,
    UNKNOWN,
    clean_name,
    placed,
)
from tests.oracle.truth.standing import Standing
from tests.oracle.truth.truth import truth
from tests.support.demo_reading import day, money, payments_of, rows_of

TRUTH = truth()
STANDING = Standing(sendings())
LINES = placed(STANDING)
GRANTS = ("Grants to Providers", "Capital Grants")
AUTHORITIES = {
    place.postcode.replace(" ", ""): DISTRICTS.get(place.code, ELSEWHERE)
    for place in places().values()
}


def _value(indicator: str, basis: str, period: str) -> Decimal | None:
    return TRUTH.figures[Key(indicator, basis, period)].value


def test_there_is_a_spend_for_every_period() -> None:
    assert set(TRUTH.spend) == {*MONTHS, *QUARTERS, *HALVES, *YEARS}


def test_known_unknown_and_redacted_add_up_to_all() -> None:
    for spend in TRUTH.spend.values():
        assert spend.known + spend.unknown + spend.redacted == spend.all
        assert sum(spend.by_district.values()) + spend.groups[ELSEWHERE].amount == spend.known
        assert set(spend.groups) == set(GROUPS)


def test_months_add_up_to_quarters_halves_and_years() -> None:
    for period in (*QUARTERS, *HALVES, *YEARS):
        for group in GROUPS:
            parts = [TRUTH.spend[month].groups[group] for month in months_of(period)]
            assert TRUTH.spend[period].groups[group].amount == sum(p.amount for p in parts)


def test_control_totals_are_loaded_and_quarantined() -> None:
    for load in TRUTH.loads.values():
        assert load.loaded + load.quarantined == load.control


def test_local_spend_is_the_spend_by_place_divided() -> None:
    for period in ("2021-22 Q3", "2022-23 H1", "2022-23"):
        spend = TRUTH.spend[period]
        assert _value("C01", "known", period) == spend.percent_of_known()
        assert _value("C01", "all", period) == spend.percent_of_all()
        for name in DISTRICTS.values():
            figure = TRUTH.figures[Key("C01", "known", period, "district", name)]
            assert figure.numerator == spend.by_district[name]
            assert figure.value == spend.percent_of_known(name)


@pytest.mark.parametrize("indicator", ["C01", "C02", "C03", "C04"])
@pytest.mark.parametrize("basis", ["known", "all"])
def test_directorates_add_up_to_the_whole(indicator: str, basis: str) -> None:
    whole = TRUTH.figures[Key(indicator, basis, "2022-23")]
    parts = [
        figure
        for key, figure in TRUTH.figures.items()
        if (key.indicator, key.basis, key.period) == (indicator, basis, "2022-23")
        and key.breakdown == "directorate"
    ]
    assert sum(part.numerator for part in parts) == whole.numerator
    assert sum(part.denominator or 0 for part in parts) == whole.denominator


def test_the_bytes_alone_lead_to_the_same_places() -> None:
    months = months_of("2022-23 Q1")
    postcodes, numbers = {}, {}
    for sending in sendings():
        if isinstance(sending, VendorsSent) and sending.period in months:
            rows = rows_of(sending.delivery)[1:]
            for row in rows:
                postcodes[sending.period, row[0]] = row[4].upper().replace(" ", "")
                numbers[sending.period, clean_name(row[1])] = row[0]
    amounts = dict.fromkeys(GROUPS, Decimal(0))
    last = {s.slot: s for s in sendings() if isinstance(s, PaymentsSent) and s.period in months}
    for sending in last.values():
        for line in payments_of(sending.delivery):
            number = line["number"] or numbers.get((sending.period, clean_name(line["name"])), "")
            postcode = postcodes.get((sending.period, number), "")
            group = AUTHORITIES[postcode] if postcode else UNKNOWN
            if line["name"] in EXCLUDED or line["expense"] in GRANTS:
                group = EXCLUDED_GROUP
            elif line["name"] in REDACTIONS:
                group = REDACTED
            elif day(line["date"]) is None:
                group = QUARANTINED
            amounts[group] += money(line["amount"]) or Decimal(0)
    assert amounts == {g: s.amount for g, s in TRUTH.spend["2022-23 Q1"].groups.items()}


def test_a_supplier_that_moves_counts_where_it_was_in_the_month() -> None:
    mover = next(s for s in suppliers() if s.supplier_id == "400451")  # Manchester to Liverpool
    groups = {
        line.month: group
        for line, group in ((each.line, each.group) for each in LINES)
        if line.supplier == mover and group not in (QUARANTINED, EXCLUDED_GROUP)
    }
    assert groups["2022-01"] == ELSEWHERE
    assert groups["2022-02"] == "Liverpool"


def test_without_a_vendor_master_the_month_before_serves() -> None:
    assert STANDING.master_month("2021-12") == "2021-11"
    assert STANDING.master_month("2021-04") == "2021-04"


def test_the_figures_of_the_default_seed_stay_what_they_are() -> None:
    spend = TRUTH.spend["2022-23 Q1"]
    assert (spend.in_region, spend.known, spend.all) == (
        Decimal("9836442.18"),
        Decimal("17317629.74"),
        Decimal("18922332.10"),
    )
    assert _value("C05", "within-30-days", "2022-23") == Decimal("72.574317")


def test_a_correction_shows_only_after_it_came() -> None:
    before = truth(at=datetime(2023, 2, 1)).spend["2022-23 Q3"]  # noqa: DTZ001
    after = TRUTH.spend["2022-23 Q3"]
    assert before.all - after.all == Decimal("12000.00")
    assert "2023-02" not in truth(at=datetime(2023, 2, 1)).spend  # noqa: DTZ001


def test_number_and_cleaned_name_lead_to_the_supplier_that_was_meant() -> None:
    for each in LINES:
        if each.line.supplier and each.is_purchase:
            served = STANDING.master_month(each.line.month)
            meant = each.line.supplier if each.line.supplier.in_master(served) else None
            assert each.vendor == meant


BANDS = ("days-1-30", "days-31-60", "days-61-on")


def test_every_invoice_is_in_one_band() -> None:
    for period in (*QUARTERS, *HALVES, *YEARS):
        bands = [TRUTH.figures[Key("C05", b, period)] for b in BANDS]
        mean = TRUTH.figures[Key("C05", "mean-days", period)]
        assert sum(band.numerator for band in bands) == mean.denominator
        assert {band.denominator for band in bands} == {mean.denominator}


def test_every_payment_line_stands_in_one_row_of_prompt_payment() -> None:
    for month in MONTHS:
        kinds = TRUTH.invoice_lines[month].values()
        loads = [TRUTH.loads[month, part] for part in ("corporate", "transport")]
        assert sum(k.rows for k in kinds) == sum(x.control.rows for x in loads)
        assert sum(k.amount for k in kinds) == sum(x.control.amount for x in loads)


def test_day_one_is_the_day_after_the_invoice_came() -> None:
    found = invoices(LINES)
    thirty = [i for i in found if i.days == 30 and i.counts_as == "undisputed"]
    assert thirty
    assert all((i.paid - i.received).days == 30 for i in thirty)
    assert (date(2023, 3, 31) - date(2023, 3, 1)).days == 30


def test_invoices_that_fall_due_outside_the_two_years_are_in_no_figure_of_payments_due() -> None:
    due = TRUTH.figures[Key("C05", "due-not-paid", "2021-22")]
    counted = [i for i in invoices(LINES) if i.counts_as in ("undisputed", "dispute not said")]
    assert (due.denominator or 0) < len(counted)
    assert 0 < due.numerator < (due.denominator or 0) / 10


def test_what_was_not_paid_in_its_half_year_is_known_once_later_payments_have_come() -> None:
    known = {key.period for key in TRUTH.figures if key.basis == "due-not-paid"}
    assert {"2021-22 H1", "2021-22 H2", "2021-22", "2022-23 H1", "2022-23 Q2"} <= known
    assert not {"2022-23 H2", "2022-23 Q3", "2022-23 Q4", "2023-03", "2022-23"} & known


def test_grants_buy_nothing_and_are_in_no_figure_of_spend() -> None:
    grants = [each for each in LINES if each.line.expense in GRANTS]
    left = sum(e.line.amount for e in grants if e.line.month in months_of("2022-23 Q4"))
    assert {e.group for e in grants} == {EXCLUDED_GROUP}
    spend = TRUTH.spend["2022-23 Q4"]
    assert round(100 * left / (spend.all + left), 1) == Decimal("16.8")


def test_every_supplier_postcode_is_in_the_list() -> None:
    used = {s.postcode for s in suppliers()} | {s.moved_to for s in suppliers()}
    assert used - set(places()) == {""}
