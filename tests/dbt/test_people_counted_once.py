"""People whom a supplier employs, counted once, from its returns to the figures of its contracts.

Ten full-time and five half-time people for two years are 25 (Torbay's rules on local employment).
"""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.support.tiny_warehouse import Return, Row, make_reference, make_warehouse, run_dbt

D = Decimal
LIVERPOOL = "E08000012"
QUARTERS = [
    f"{year} {quarter}" for year in ("2021-22", "2022-23") for quarter in ("Q1", "Q2", "Q3", "Q4")
]
TORBAY = [D(1)] * 10 + [D("0.5")] * 5  # full-time equivalents


def person(reference: str, contract: str = "TORBAY", **other: object) -> Row:
    return {
        "contract_reference": contract,
        "person_key": reference,
        "home_local_authority_code": LIVERPOOL,
        "start_date": "2021-04-01",
        "fte": D(1),
        "disadvantaged_group": "none",
    } | other


def delivery(contract: str, measure: str) -> Row:
    return {
        "contract_reference": contract,
        "measure_code": measure,
        "quantity": D(99),  # set aside: the people sheet counts in its place
        "attests_contract_only": True,
        "attests_committed": True,
        "evidence_reference": "payroll",
        "status": "validated",
    }


def supplier_return(quarter: str) -> Return:
    people = [person(f"P{n}", fte=fte) for n, fte in enumerate(TORBAY)]
    if quarter == "2021-22 Q1":  # the same person on two contracts, in another group on each
        people += [
            person("X", "HOMES", disadvantaged_group="care leaver", fte=D(0)),
            person("X", "SCHOOLS", disadvantaged_group="disabled", fte=D(0)),
        ]
    if quarter >= "2022-23":  # still there in the second year
        people.append(person("X", "HOMES", disadvantaged_group="care leaver", fte=D(0)))
    rows = [delivery("TORBAY", "M01"), delivery("HOMES", "M02"), delivery("SCHOOLS", "M02")]
    return Return(
        "supplier_returns", quarter, "2023-04-20", rows, sender="s1", also={"people": people}
    )


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The figures of three contracts of one supplier, over two years."""
    folder: Path = tmp_path_factory.mktemp("people")
    contracts: list[Row] = [
        {
            "contract_reference": reference,
            "contract_title": reference.title(),
            "supplier_name": "A supplier",
            "supplier_id": "1",
            "start_date": "2021-04-01",
            "end_date": "2023-03-31",
            "value": D("50000.00"),
        }
        for reference in ("TORBAY", "HOMES", "SCHOOLS")
    ]
    promises: list[Row] = [
        {"contract_reference": "TORBAY", "measure_code": "M01", "quantity": D(25)},
        {"contract_reference": "HOMES", "measure_code": "M02", "quantity": D(1)},
        {"contract_reference": "SCHOOLS", "measure_code": "M02", "quantity": D(1)},
    ]
    make_warehouse(
        folder / "warehouse.duckdb",
        [
            Return("procurement_contracts", "2022-23 Q4", "2023-04-20", contracts),
            Return("procurement_commitments", "2022-23 Q4", "2023-04-20", promises),
            *map(supplier_return, QUARTERS),
        ],
    )
    make_reference(folder / "reference.duckdb")
    wanted = ("--select", "+fct_measure_delivery", "--exclude-resource-type", "test", "unit_test")
    built = run_dbt(folder, "2023-06-01T12:00:00", *wanted)
    return duckdb.connect(str(built), read_only=True)


def told(figures: duckdb.DuckDBPyConnection, column: str, contract: str, period: str) -> object:
    row = figures.execute(
        f"select {column} from marts.fct_measure_delivery "
        "where contract_reference = ? and period = ? and measure_id = ?",
        [contract, period, "M01" if contract == "TORBAY" else "M02"],
    ).fetchone()
    return row[0] if row else None


def test_ten_full_time_and_five_half_time_people_for_two_years_are_25(
    figures: duckdb.DuckDBPyConnection,
) -> None:
    assert told(figures, "validated_to_date", "TORBAY", "2022-23 Q4") == D("25.000000")
    assert told(figures, "validated_in_period", "TORBAY", "2021-22") == D("12.500000")
    assert told(figures, "committed", "TORBAY", "2022-23 Q4") == D("25.000000")
    assert told(figures, "profiled_to_date", "TORBAY", "2021-22") == D("12.500000")


def test_a_person_counts_in_one_group_on_one_contract(figures: duckdb.DuckDBPyConnection) -> None:
    assert told(figures, "people_validated_in_period", "HOMES", "2021-22") == D(1)
    assert told(figures, "people_validated_in_period", "SCHOOLS", "2021-22") is None


def test_a_person_is_newly_disadvantaged_for_twelve_months(
    figures: duckdb.DuckDBPyConnection,
) -> None:
    assert told(figures, "people_validated_in_period", "HOMES", "2022-23") is None
    assert told(figures, "people_validated_to_date", "HOMES", "2022-23") == D(1)


def test_what_the_people_sheet_counts_is_not_counted_by_row_too(
    figures: duckdb.DuckDBPyConnection,
) -> None:
    assert told(figures, "heads_claimed_in_period", "HOMES", "2021-22") is None
    assert told(figures, "is_counted_by_person", "TORBAY", "2021-22") is True
