"""A cell that does not read is a finding; the value of a person's cell is in none."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from expectations.suite import Suite
from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.intake.submission import Ingested
from flows.warehouse.connection import reading
from tests.support.sent_files import landed
from tests.support.small_contract import contract

PAYMENTS = "Payment date,Supplier name,Net amount,Invoice received date\n"


def test_a_cell_that_does_not_read_is_a_finding_and_its_row_is_quarantined(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    taken = take(
        f"{PAYMENTS}01/04/2022,Good,1.00,\n02/04/20019,Year,2.00,\n31/02/2022,Day,4.00,\n"
        "03/04/2022,Sum,TBC,\n04/04/2022,Formula,=31484/40,\n05/04/2022,Blank it,8.00,soon\n"
    )
    found = landed(settings)

    assert [row[:2] for row in found.rows] == [(2, "Good"), (7, "Blank it")]
    assert found.quarantined == dict.fromkeys([3, 4, 5, 6], "cell_reads")
    assert taken.counts.amount_quarantined == Decimal("6.00")  # as far as it can be read
    left_out = "; the row is left out until then."
    day = f"The cell does not read as a date: write it as dd/mm/yyyy{left_out}"
    assert found.findings == [
        ("cell_reads", 3, "payment_date", "02/04/20019", day),
        ("cell_reads", 4, "payment_date", "31/02/2022", day),
        (
            "cell_reads",
            5,
            "amount",
            "TBC",
            "The cell does not read as a sum of money: write pounds and pence as 1234.50, a "
            f"credit as -1234.50{left_out}",
        ),
        (
            "cell_reads",
            6,
            "amount",
            "=31484/40",
            f"The cell holds a formula, not a value: send what it comes to{left_out}",
        ),
        (
            "cell_reads",
            7,
            "invoice_received_date",
            "soon",
            "The cell does not read as a date: write it as dd/mm/yyyy.",
        ),
    ]


def test_a_day_in_an_impossible_year_is_quarantined_and_harms_no_other_row(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    years = ["0000", "0022", "1954", "9999"]
    odd = "".join(f"31/12/{year},Odd,1.00,\n" for year in years)

    taken = take(f"{PAYMENTS}01/04/2022,Good,1.00,\n{odd}", "lcrca_2022-04.csv")

    assert (taken.outcome, taken.period) == ("loaded", "2022-04")
    assert (taken.counts.loaded, taken.counts.quarantined) == (1, 4)
    assert set(landed(settings).quarantined.values()) == {"payment_date_is_believable"}


SECRETS = ["E-4711", "13/04/1981", "L3 1BX", "soonish", "04/28/1990", "Nobody Known"]
PEOPLE = contract(
    {
        "name": "employee",
        "type": "code",
        "required": True,
        "privacy": "personal",
        "becomes": {"employee_key": {"how": "keyed hash"}},
    },
    {"name": "birth_date", "type": "date", "required": True, "privacy": "personal"},
    {"name": "home", "type": "postcode", "privacy": "personal", "if_unreadable": "blank"},
    {"name": "grade", "type": "integer"},
    **{"return": "people", "title": "People"},
)
PEOPLE_SUITE = Suite.model_validate(
    {
        "suite": "people",
        "version": "1",
        "rules": [
            {
                "id": f"{column}_is_not_so",
                "version": 1,
                "severity": "warn",
                "dimension": "validity",
                "fixed_by": "sender",
                "owner": "Head of HR",
                "because": "Look again.",
                "fails_when": f"{judged} is not null",
                "column": column,
            }
            for column, judged in [("employee", "employee_key"), ("grade", "grade")]
        ],
    }
)


def everything_told(settings: Settings) -> str:
    """Every word of the ledger, and of the answers to senders."""
    with reading(settings) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'ledger' "
            "and database_name = 'warehouse'"
        ).fetchall()
        ledger = [
            str(connection.execute(f"select * from warehouse.ledger.{table}").fetchall())
            for (table,) in tables
        ]
    answers = [path.read_text(encoding="utf-8") for path in settings.quarantine.rglob("*.csv")]
    assert answers
    return "\n".join([*ledger, *answers])


@pytest.mark.parametrize(
    ("why", "outcome", "text"),
    [
        (
            "cells that do not read and rules that point to them",
            "loaded",
            "employee,birth date,home,grade\nE-4711,13/04/1981,L3 1BX,9876\nE-4711,soonish,"
            "Nobody Known,tenth\n",
        ),
        (
            "dates that contradict each other",
            "rejected",
            "employee,birth date,home,grade\nE-4711,13/04/1981,L3 1BX,1\nE-4711,04/28/1990,,2\n",
        ),
        ("a file without a header", "rejected", "E-4711,13/04/1981,L3 1BX\nE-4711,soonish,\n"),
    ],
)
def test_the_value_of_a_personal_cell_is_in_no_finding_and_no_answer(
    why: str, outcome: str, text: str, take: Callable[..., Ingested], settings: Settings
) -> None:
    rules = Rules({"people": PEOPLE}, {"people": PEOPLE_SUITE})

    taken = take(text, return_name="people", use=rules)
    told = everything_told(settings) + str(taken)

    assert taken.outcome == outcome
    assert [secret for secret in SECRETS if secret in told] == []
    if outcome == "loaded":  # of a row that is a person no cell is shown
        assert landed_findings(settings) == [
            ("employee_is_not_so", 2, "employee", None),
            ("grade_is_not_so", 2, "grade", None),
            ("cell_reads", 3, "birth_date", None),
            ("cell_reads", 3, "grade", None),
            ("cell_reads", 3, "home", None),
        ]


def test_a_person_whose_name_has_a_loose_comma_is_left_out(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    text = "employee,birth date,home,grade\nE-1,13/04/1981,,1\nE-4711,Nobody, Known,,13/04/1981,2\n"
    rules = Rules({"people": PEOPLE}, {"people": PEOPLE_SUITE})

    taken = take(text, return_name="people", use=rules)

    assert (taken.counts.loaded, taken.counts.quarantined) == (1, 1)
    assert ("row_fits_its_header", 3, None, None) in landed_findings(settings)
    assert "4711" not in everything_told(settings)


def landed_findings(settings: Settings) -> list[Any]:
    with reading(settings) as connection:
        return connection.execute(
            'select rule, "row", "column", "value" from warehouse.ledger.findings '
            'order by "row", rule, "column"'
        ).fetchall()


def test_the_answer_to_the_sender_cannot_run_as_a_formula(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    take(f"{PAYMENTS}01/04/2022,Good,1.00,\n01/04/2022,Bad,=cmd|' /C calc'!A0,\n")

    (answer,) = settings.quarantine.rglob("*.csv")
    assert "'=cmd" in answer.read_text(encoding="utf-8")
    assert oct(answer.stat().st_mode & 0o777) == "0o600"
