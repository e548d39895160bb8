"""The made-up awards, their returns and their truth; and the reference return of deprivation."""

from collections import Counter
from decimal import Decimal

import pytest

from flows.demo.made.authority.periods import QUARTERS, first_day, last_day, months_of
from flows.demo.made.deliveries import DEFAULT_SEED, sendings
from flows.demo.made.finance.awards import PROGRAMMES
from flows.demo.made.finance.investments import OTHER, USUAL, AwardsSent
from flows.demo.made.obligations import due
from flows.demo.made.workforce.staff_rows import true_rows
from tests.oracle.truth.figures import Key
from tests.oracle.truth.truth import truth
from tests.support.demo_reading import day, money, rows_of

SENT = [s for s in sendings() if isinstance(s, AwardsSent)]
IN_FORCE = {s.period: s for s in SENT}
FIGURES = truth().figures


def _read(sending: AwardsSent) -> list[dict[str, str]]:
    rows = rows_of(sending.delivery)
    at = next(n for n, row in enumerate(rows) if {"Amount", "Amount awarded"} & set(row))
    columns = [(OTHER | USUAL)[name] for name in rows[at]]
    return [dict(zip(columns, row, strict=True)) for row in rows[at + 1 :]]


def test_every_quarter_has_its_return() -> None:
    assert list(IN_FORCE) == list(QUARTERS)
    days = {q: due("finance_investments", "lcrca", q) for q in QUARTERS}
    first = [s for s in SENT if not s.corrects]
    late = [s.period for s in first if (until := days[s.period]) and s.delivery.at.date() > until]
    assert late == ["2022-23 Q3"]


def test_a_file_holds_what_is_said_of_it() -> None:
    for sending in SENT:
        read = _read(sending)
        assert len(read) == sending.loaded.rows + sending.quarantined.rows
        total = sum((money(cells["amount"]) or Decimal(0) for cells in read), Decimal(0))
        assert total == sending.loaded.amount + sending.quarantined.amount
        for cells in read:
            when = day(cells["day"])
            assert when
            assert first_day(sending.period) <= when <= last_day(sending.period)


def test_each_fault_is_planted() -> None:
    kinds = Counter(p.kind for s in SENT for p in s.planted if p.kind != "title row")
    assert kinds == {
        "award twice": 1,
        "negative award": 1,
        "award without amount": 1,
        "unreadable and not needed": 1,
    }
    (corrected,) = [s for s in SENT if s.corrects]
    (first,) = [s for s in SENT if s.period == corrected.period and not s.corrects]
    assert first.loaded.amount > corrected.loaded.amount


@pytest.mark.parametrize("period", ["2021-22 Q2", "2022-23 H1", "2022-23"])
def test_the_figures_are_sums_of_the_awards(period: str) -> None:
    quarters = [q for q in QUARTERS if set(months_of(q)) <= set(months_of(period))]
    taken = [award for q in quarters for award in IN_FORCE[q].awards]
    invested = FIGURES[Key("I01", "invested", period)]
    leveraged = sum((a.leveraged or Decimal(0) for a in taken), Decimal(0))
    assert invested.numerator == sum(a.amount for a in taken)
    assert FIGURES[Key("I01", "leveraged", period)].numerator == leveraged
    assert FIGURES[Key("I01", "leverage", period)].value == (
        leveraged / invested.numerator
    ).quantize(Decimal("0.000001"))
    parts = [FIGURES[Key("I01", "invested", period, "programme", p)].numerator for p in PROGRAMMES
             if Key("I01", "invested", period, "programme", p) in FIGURES]  # fmt: skip
    assert sum(parts) == invested.numerator


def test_an_award_without_a_place_is_in_no_share_of_the_known() -> None:
    known, every = (FIGURES[Key("I03", basis, "2021-22")] for basis in ("known", "all"))
    assert known.numerator == every.numerator
    assert (known.denominator or 0) < (every.denominator or 0)


def test_the_reference_return_has_a_decile_for_every_home_in_england() -> None:
    first, second = [s for s in sendings() if s.delivery.return_name == "reference_deprivation"]
    rows = {row[0]: row[2] for row in rows_of(second.delivery)[1:]}
    assert all(1 <= int(decile) <= 10 for decile in rows.values())
    for quarter in QUARTERS:
        for row in true_rows(quarter, DEFAULT_SEED):
            home = row.employee.home
            if home and home.code.startswith("E"):
                assert rows[home.postcode] == str(home.decile)
    assert len(rows_of(first.delivery)) < len(rows_of(second.delivery))
    assert [p.text for p in first.planted] == ["0"]
