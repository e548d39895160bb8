"""A measure by another framework's code: read where it names one measure, asked about otherwise."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from flows.audit.originals import read_originals
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.warehouse.connection import reading
from tests.support.definitions import own_definitions

Take = Callable[..., Ingested]
OWN_LIST = """TIME,The moors' list,21,theme,Time given,GIVEN,2021-04-01,,2021-03-31,Ours,OGL v3,yes
GIVEN,The moors' list,22,theme,What is given,,2021-04-01,,2021-03-31,Ours,OGL v3,yes
ECC1,The moors' list,23,theme,Volunteers,,2021-04-01,,2021-03-31,Ours,OGL v3,yes
"""
NAMES = """M08,TIME,2021-03-31,Ours,OGL v3,yes
M09,GIVEN,2021-03-31,Ours,OGL v3,yes
M03,ECC1,2021-03-31,Ours,OGL v3,yes
"""
HEAD = "Contract reference,Measure code,Quantity delivered,Attestation 1,Attestation 2\n"
SENT = HEAD + (
    "CT-1,time,12.5,yes,yes\n"
    "CT-1,M08,7,yes,yes\n"
    "CT-1,Given,9,yes,yes\n"  # what TIME names is GIVEN's too
    "CT-1,ECC1,3,yes,yes\n"  # a template calls a measure so: that goes first
    "CT-1,PPN002-M3,4,yes,yes\n"  # nothing is known by it
)


@pytest.fixture
def listed(settings: Settings, tmp_path: Path) -> Settings:
    """Settings of an authority with a list of its own."""
    settings.definitions = own_definitions(settings, tmp_path / "definitions").definitions
    for seed, rows in (("framework_codes", OWN_LIST), ("measure_frameworks", NAMES)):
        with (tmp_path / "definitions/seeds" / f"{seed}.csv").open("a", encoding="utf-8") as file:
            file.write(rows)
    return settings


def ask(settings: Settings, sql: str) -> list[tuple]:
    with reading(settings) as connection:
        return connection.execute(sql).fetchall()


def test_a_code_that_names_one_measure_is_read_as_it(take: Take, listed: Settings) -> None:
    taken = take(SENT, "s400101_2022-23-q1.csv", "supplier_returns")

    assert ask(
        listed, "select _row, measure_code, quantity from warehouse.landed.supplier_returns"
    ) == [
        (2, "M08", Decimal("12.5")),
        (3, "M08", Decimal("7")),
        (5, "ECC1", Decimal("3")),
    ]
    found = ask(
        listed,
        'select "row", "column", "value", rule, severity, message from warehouse.ledger.findings '
        "where \"column\" = 'measure_code' order by 1",
    )
    assert [one[:5] for one in found] == [
        (2, "measure_code", "time", "code_of_a_framework_is_read", "warn"),
        (4, "measure_code", "Given", "code_names_one_measure", "quarantine"),
        (6, "measure_code", "PPN002-M3", "measure_is_known", "quarantine"),
    ]
    assert found[0][5] == (
        "The code is of The moors' list and counts as the one measure that it names, "
        "M08 (Volunteering hours); write the measure's own code."
    )
    assert found[1][5].endswith(
        "write the code of the one that is meant: "
        "M08 (Volunteering hours), M09 (Spend with local suppliers)."
    )
    assert ask(listed, 'select "row", rules from warehouse.ledger.quarantined order by 1') == [
        (4, "code_names_one_measure"),
        (6, "measure_is_known"),
    ]
    # The lists are kept with the rules it was judged by, and the original reads so again.
    assert {one.outcome for one in read_originals(listed, taken.returns)} == {
        "as the original reads"
    }


@pytest.mark.parametrize(
    ("return_name", "name", "text"),
    [
        (
            "validations",
            "contracts_2022-23-q1.csv",
            "Supplier,Contract reference,Measure code,Quantity,Decision,Decided by,Because\n"
            "s400101,CT-1,TIME,12.5,validated,Contracts manager,Seen\n",
        ),
        (
            "procurement_commitments",
            "lcrca_2022-23-q1.csv",
            "Contract reference,Measure code,Commitment,Quantity\nCT-1,TIME,Hours,100\n",
        ),
        (
            "service_returns",
            "policy_2022-23-q1.csv",
            "Role,Measure code,Quantity\nservice provider,TIME,40\n",
        ),
    ],
)
def test_every_return_of_measures_reads_such_codes(
    take: Take, listed: Settings, return_name: str, name: str, text: str
) -> None:
    assert take(text, name, return_name).outcome == "loaded"
    assert ask(listed, f"select measure_code from warehouse.landed.{return_name}") == [("M08",)]
