"""Whom Living Wage accreditation covers (livingwage.org.uk/faqs), of six employees of 18 or over.

*Living Wage accreditation does not require employers to pay the Living Wage to volunteers,
apprentices or interns.* From 15 May 2022 the rate was 9.90. Reduced pay through leave is no rate.
"""

from pathlib import Path

import pytest

from tests.support.in_memory import World, returns_of
from tests.support.indicator_pages import ROWS

# Beside the four of the pages: 12.00, 20.00 and 9.89, and an apprentice at 9.90.
BESIDE = {
    "k8": {"hourly_pay": "5.00", "is_apprentice": "true"},
    "k9": {"hourly_pay": "4.95", "is_full_pay": "false"},
}
FIGURE = """
    select numerator, denominator from marts.fct_indicator_values
    where indicator_id = 'E12' and basis = ? and period = '2022-23 Q1' and breakdown = ''
"""


@pytest.fixture(scope="module")
def world(built: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two more employees: another apprentice, and one on reduced pay through leave."""
    returns = returns_of(ROWS)
    rows = next(r.rows for r in returns if (r.name, r.month) == ("hr_workforce", "2022-23 Q1"))
    like = next(row for row in rows if row["employee_key"] == "k3")
    rows += [like | {"employee_key": key, **other} for key, other in BESIDE.items()]
    return World(built, returns, tmp_path_factory.mktemp("living-wage"))


@pytest.mark.parametrize(
    ("basis", "at_or_above", "of"),
    [
        ("known", 3, 6),  # all of 18 or over
        ("accreditation", 2, 3),  # without the apprentices and the one on leave
        ("not covered", 1, 3),
        ("not known", 0, 6),
    ],
)
def test_the_living_wage_with_and_without_those_whom_accreditation_leaves_out(
    world: World, basis: str, at_or_above: int, of: int
) -> None:
    assert world.connection.execute(FIGURE, [basis]).fetchone() == (at_or_above, of)
