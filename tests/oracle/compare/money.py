"""The tables of payments: where they went, to whom, how promptly, and whether they tie."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from flows.demo.made.authority.authority import DISTRICTS, REGION, SENDER
from flows.demo.made.authority.delivery import Sum
from flows.demo.made.authority.periods import (
    HALVES,
    QUARTERS,
    YEARS,
    first_day,
    last_day,
    months_of,
)
from tests.oracle.compare.edition import Edition, Row, Value
from tests.oracle.truth.figures import Figure, Key, percent
from tests.oracle.truth.spend.invoices import DUE
from tests.oracle.truth.spend.spend import EXCLUDED_GROUP, GROUPS, QUARANTINED

PAYMENTS, LINES = "finance_payments", "payment lines"
NOTHING = Decimal(0)
SUMS = ("interest-paid", "interest-liable")


def local_spend(edition: Edition) -> Iterator[Row]:
    """Of the region and each district, in every period that the quarter's report shows."""
    for period, months in report_periods(edition):
        spends = [edition.truth.spend[month] for month in months if month in edition.truth.spend]
        known = sum((spend.known for spend in spends), NOTHING)
        every = sum((spend.all for spend in spends), NOTHING)
        for place in (REGION, *DISTRICTS.values()):
            here = sum(
                (s.in_region if place == REGION else s.by_district[place] for s in spends), NOTHING
            )
            yield (
                (period, place),
                {
                    "amount_in_place": here,
                    "amount_known": known,
                    "amount_all": every,
                    "percent_of_known": percent(here, known),
                    "percent_of_all": percent(here, every),
                    **_months(edition, months),
                },
            )


def spend_by_place(edition: Edition) -> Iterator[Row]:
    """Every group of places, also what is in no figure."""
    spend = edition.truth.spend[edition.quarter]
    for group in GROUPS:
        added = spend.groups[group]
        share = None if group in (EXCLUDED_GROUP, QUARANTINED) else percent(added.amount, spend.all)
        yield (
            (group,),
            {"payments": added.rows, "amount": added.amount, "percent_of_all": share},
        )


def location_basis(edition: Edition) -> Iterator[Row]:
    """What the places of all spend rest on."""
    spend = edition.truth.spend[edition.quarter]
    for basis, added in spend.bases.items():
        yield (
            (basis,),
            {
                "payments": added.rows,
                "amount": added.amount,
                "amount_in_region": spend.bases_in_region[basis],
                "percent_of_all": percent(added.amount, spend.all),
            },
        )


def supplier_kinds(edition: Edition) -> Iterator[Row]:
    """Small and medium-sized enterprises, and voluntary and community ones."""
    spend = edition.truth.spend[edition.quarter]
    for indicator in ("C02", "C03"):
        known, every = (
            edition.truth.figures[Key(indicator, basis, edition.quarter)]
            for basis in ("known", "all")
        )
        answered, whole = known.denominator or NOTHING, every.denominator or NOTHING
        yield (
            (indicator,),
            {
                "amount_of_kind": known.numerator,
                "amount_not_of_kind": answered - known.numerator,
                "amount_unknown": whole - answered - spend.redacted,
                "amount_redacted": spend.redacted,
                "amount_excluded": spend.excluded,
                "amount_quarantined": held_back(edition, edition.quarter),
                "percent_of_known": known.value,
                "percent_of_all": every.value,
                **edition.counts(PAYMENTS, edition.quarter),
            },
        )


def prompt_payment(edition: Edition) -> Iterator[Row]:
    """Every figure of both regulations, and what payment lines are to them."""
    for period, months in (*report_periods(edition), *_half_before(edition)):
        for rule in edition.registry.rows("prompt_payment_rules"):
            basis = rule["basis"]
            if period in HALVES and last_day(period) < first_day(edition.quarter) and basis != DUE:
                continue  # of a half-year that has ended only what later months complete
            lines = rule["measure"] == "lines"
            columns = _lines(edition, basis, months) if lines else _prompt(edition, basis, months)
            columns["unit"] = LINES if lines else edition.registry.by_key["C05", basis].unit
            yield (period, basis), {**columns, **_months(edition, months)}


def control_totals(edition: Edition) -> Iterator[Row]:
    """Each month and part with a control total or payments."""
    for (month, part), load in edition.truth.loads.items():
        if month not in months_of(edition.quarter):
            continue
        control, both = load.control, load.loaded + load.quarantined
        yield (
            (SENDER, month, part),
            {
                "control_payments": control.rows if control else None,
                "loaded_payments": load.loaded.rows,
                "quarantined_payments": load.quarantined.rows,
                "control_amount": control.amount if control else None,
                "loaded_amount": load.loaded.amount,
                "quarantined_amount": load.quarantined.amount,
                "difference": both.amount - control.amount if control else None,
                "ties": "no control total" if not control else "yes" if both == control else "no",
            },
        )


def held_back(edition: Edition, period: str) -> Decimal:
    """The money of the payment lines of a period that are quarantined."""
    return sum(
        (
            load.quarantined.amount
            for (month, _), load in edition.truth.loads.items()
            if month in months_of(period)
        ),
        Decimal("0.00"),
    )


def report_periods(edition: Edition) -> Iterator[tuple[str, Sequence[str]]]:
    """The periods that a quarter's report shows, each with its months up to the quarter's end.

    The quarter, those of the year before it that have payments, and its half and year to date.
    """
    first, last = first_day(edition.quarter), last_day(edition.quarter)
    for label in QUARTERS:
        of_the_year = first.replace(year=first.year - 1) <= first_day(label) <= first
        if of_the_year and (label == edition.quarter or label in edition.truth.spend):
            yield label, months_of(label)
    for label in (*HALVES, *YEARS):
        if first_day(label) <= first and last <= last_day(label):
            yield label, [month for month in months_of(label) if last_day(month) <= last]


def _half_before(edition: Edition) -> Iterator[tuple[str, Sequence[str]]]:
    """The half-year that had ended when the quarter began, where it has payments."""
    ended = [half for half in HALVES if last_day(half) < first_day(edition.quarter)]
    for half in ended[-1:]:
        if half in edition.truth.spend:
            yield half, months_of(half)


def _months(edition: Edition, months: Sequence[str]) -> dict[str, Value]:
    """How many months are in, with every payments return that is owed for them."""
    counts = [edition.received(PAYMENTS, month) for month in months]
    expected = [(here, owed) for here, owed in counts if owed]
    whole = sum(here == owed for here, owed in expected)
    return {"months_received": whole, "months_expected": len(expected)}


def _prompt(edition: Edition, basis: str, months: Sequence[str]) -> dict[str, Value]:
    figures = [f for month in months if (f := edition.figure("C05", basis, month))]
    if not figures or (basis == DUE and len(figures) < len(months)):
        return {"value": None, "numerator": None, "denominator": None, "amount": None}
    above = sum((figure.numerator for figure in figures), NOTHING)
    below = None
    if basis not in SUMS:
        below = sum((figure.denominator or NOTHING for figure in figures), NOTHING)
    whole = Figure(above, below, figures[0].rule)
    return {"value": whole.value, "numerator": above, "denominator": below, "amount": None}


def _lines(edition: Edition, kind: str, months: Sequence[str]) -> dict[str, Value]:
    lines_by_month = edition.truth.invoice_lines
    added = sum((lines_by_month[month][kind] for month in months if month in lines_by_month), Sum())
    lines = Decimal(added.rows)
    return {"value": lines, "numerator": None, "denominator": None, "amount": added.amount}
