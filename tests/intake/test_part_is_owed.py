"""A file whose name names a part that nobody owes is taken, and its sender hears what is owed."""

import pytest

from flows.common.settings import Settings
from flows.warehouse.connection import reading
from flows.warehouse.findings import findings_of
from tests.conftest import Take
from tests.support.small_files import VENDORS, payments, vendors

PARTS = "lcrca owes the part corporate and the part transport, and that stays missing"


@pytest.mark.parametrize(
    ("name", "content", "return_name", "said"),
    [
        (
            "lcrca_2022-04_payments.csv",
            payments(),
            "finance_payments",
            f"The file's name names the part payments, and {PARTS}: call the file "
            "lcrca_2022-04_corporate.csv or lcrca_2022-04_transport.csv, or let an obligation name "
            "that part.",
        ),
        (
            "lcrca_2022-04_all.csv",
            vendors(),
            VENDORS,
            "The file's name names the part all, and lcrca owes the whole, and that stays missing: "
            "call the file lcrca_2022-04.csv, or let an obligation name that part.",
        ),
        ("lcrca_2022-04_transport.csv", payments(), "finance_payments", ""),
        ("lcrca_2022-04.csv", payments(), "finance_payments", ""),
        ("dale_2022-04_payments.csv", payments(), "finance_payments", ""),
    ],
)
def test_a_part_that_nobody_owes_is_said(
    name: str, content: str, return_name: str, said: str, take: Take, settings: Settings
) -> None:
    taken = take(content, name, return_name)
    assert taken.outcome == "loaded"
    with reading(settings) as connection:
        found = [
            one["message"]
            for one in findings_of(connection, taken.returns)
            if one["rule"] == "part_is_owed"
        ]
    assert found == ([said] if said else [])
