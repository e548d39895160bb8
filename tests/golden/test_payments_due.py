"""Procurement Regulations 2024, regulation 38(2)(d): three invoices, and the months that pay them.

*In respect of sums which became payable during the reporting period, the percentage of those
payments which were not made within the reporting period.* Payments are counted, not their money.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.in_memory import World
from tests.support.tiny_warehouse import Return, Row

# All three were received in March 2026 and fell due by 30 April; the first two by 31 March.
RECEIVED_AND_PAID = [
    ("2026-03-01", "2026-03-31", "10.00"),  # due 31 March and paid that day
    ("2026-03-01", "2026-04-01", "990.00"),  # due 31 March and paid a day after the half-year
    ("2026-03-31", "2026-04-30", "500.00"),  # due 30 April: of the next half-year
]
FIGURES = """
    select period, numerator, denominator, value, status from marts.fct_indicator_values
    where basis = 'due-not-paid' and period in ('2025-26 H2', '2025-26') order by period desc
"""
PAID = """
    select value, status from marts.fct_indicator_values
    where basis = 'days-1-30' and period = '2025-26 H2'
"""


def _sent(month: str) -> Return:
    rows: list[Row] = [
        {
            "payment_date": paid,
            "supplier_name": "Acme Limited",
            "amount": Decimal(amount),
            "invoice_received_date": received,
        }
        for received, paid, amount in RECEIVED_AND_PAID
        if paid.startswith(month)
    ]
    rows.append({"payment_date": f"{month}-02", "supplier_name": "Acme Limited", "amount": 1})
    return Return("finance_payments", month, f"{month}-28T09:00:00", rows)


@pytest.mark.parametrize(
    ("until", "figure"),
    [
        # the half-year has ended: none of its payments can have been made after it yet
        ("2026-03", (None, None, None, "not available")),
        # one of two, by number: of their money it would be 99 per cent
        ("2026-04", (1, 2, 50, "provisional")),
        ("2026-05", (1, 2, 50, "provisional")),
        # three months of payments have come
        ("2026-06", (1, 2, 50, "final")),
    ],
)
def test_what_was_not_paid_within_the_reporting_period(
    built: Path, tmp_path: Path, until: str, figure: tuple[object, ...]
) -> None:
    months = ["2025-10", "2026-03", "2026-04", "2026-05", "2026-06"]
    returns = [_sent(month) for month in months if month <= until]
    then = World(built, returns, tmp_path, "2026-07-31 12:00:00").connection
    assert then.execute(FIGURES).fetchall() == [("2025-26 H2", *figure), ("2025-26", *figure)]
    assert then.execute(PAID).fetchall() == [(100, "final")]  # of the half's own payments
