"""What a supply chain spends is no value, and none of it counts twice (counting rules, F05).

A firm in the city region that is a charity was paid 300.00: a return states it as local spend and
as spend with the voluntary sector. 100.00 went to another local firm; 50.00 was given in kind.
"""

import csv
from decimal import Decimal
from pathlib import Path

from tests.support.definitions import PLACES
from tests.support.in_memory import World, returns_of
from tests.support.indicator_pages import ROWS
from tests.support.tiny_warehouse import Row

GIVEN = {"M10": "300", "M11": "50"}  # beside the 400 of local spend in the rows of the pages
FIGURES = """
    select basis, value from marts.fct_indicator_values
    where indicator_id = 'F05' and period = '2022-23 Q1' and value <> 0
"""
BY_CONTRACT = """
    select local_spend_validated, vcse_spend_validated, in_kind_validated
    from marts.fct_contract_value where contract_reference = 'CT1' and period = '2022-23 Q1'
"""


def test_local_spend_spend_with_charities_and_gifts_stand_apart(
    built: Path, tmp_path: Path
) -> None:
    returns = returns_of(ROWS)
    for name in ("supplier_returns", "procurement_commitments", "validations"):
        rows = next(one.rows for one in returns if one.name == name)
        local = next(row for row in rows if row["measure_code"] == "M09")
        for measure, quantity in GIVEN.items():
            rows.append(_without_cost(local) | {"measure_code": measure, "quantity": quantity})
    world = World(built, returns, tmp_path).connection
    found = dict(world.execute(FIGURES).fetchall())
    assert {basis: value for basis, value in found.items() if basis.endswith("-validated")} == {
        "local-spend-validated": 400,
        "vcse-spend-validated": 300,
        "in-kind-validated": 50,
    }
    assert not {Decimal(700), Decimal(450), Decimal(350), Decimal(750)} & set(found.values())
    assert world.execute(BY_CONTRACT).fetchall() == [(400, 300, 50)]


def test_no_two_measures_are_the_same_pounds() -> None:
    with (PLACES.seeds / "measures.csv").open(encoding="utf-8", newline="") as stream:
        pounds = [row["pounds_as"] for row in csv.DictReader(stream) if row["pounds_as"]]
    assert sorted(pounds) == ["in-kind", "local-spend", "vcse-spend"]


def _without_cost(row: Row) -> Row:
    return {name: cell for name, cell in row.items() if name != "extra_cost"}
