"""When reference data change, what was derived from them follows, by itself and once."""

from pathlib import Path

import pytest

from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.intake.inbox import derived_again
from flows.intake.rules import Rules
from flows.intake.take_in import take_in
from flows.returns.identity import Hints
from flows.warehouse.archive import path_in_archive
from flows.warehouse.connection import reading
from tests.support.small_returns import Take

WORKFORCE = (
    "Employer,Snapshot date,Employee number,Home postcode,FTE\n"
    "lcrca,30/06/2022,E1,L3 1BP,1\nlcrca,30/06/2022,E2,CH41 2AB,1\n"
)
FIRST = "Postcode,IMD decile\nL3 1BP,3\n"
SECOND = "Postcode,IMD decile\nL3 1BP,2\nCH41 2AB,1\n"


@pytest.fixture
def settings(settings: Settings, postcodes: Path) -> Settings:
    return settings.model_copy(update={"postcodes": postcodes})


def deciles(settings: Settings) -> list[tuple]:
    """What is in force: the decile of each employee, and the attempt it stands under."""
    with reading(settings) as connection:
        return connection.execute(
            "select h.home_deprivation_decile, r.attempt from warehouse.landed.hr_workforce as h "
            "join warehouse.ledger.returns as r on r.return_id = h._return_id join (select "
            "return_id, arg_max(in_force, seq) as stands from warehouse.ledger.standing "
            "group by return_id) as s on s.return_id = r.return_id where stands order by h._row"
        ).fetchall()


def again(settings: Settings, rules: Rules) -> list[str]:
    return [take_in(one, rules, settings).outcome for one in derived_again(settings, rules)]


@pytest.mark.parametrize(
    ("name", "hints"),
    [
        ("lcrca_2022-23-q1.csv", Hints()),
        ("people.csv", Hints(sender="lcrca")),
        ("people.csv", Hints(sender="lcrca", period=read_period("2022-23 Q1"))),
    ],
)
def test_deciles_follow_the_deprivation_return_in_force(
    name: str, hints: Hints, take: Take, settings: Settings, rules: Rules
) -> None:
    assert take(WORKFORCE, name, "hr_workforce", hints).outcome == "loaded"
    assert again(settings, rules) == []
    assert deciles(settings) == [(None, 1), (None, 1)]

    take(FIRST, "lcrca_2022-23.csv", "reference_deprivation")
    assert again(settings, rules) == ["loaded"]
    assert again(settings, rules) == []
    assert deciles(settings) == [(3, 2), (None, 2)]

    take(SECOND, "lcrca_2022-23.csv", "reference_deprivation")
    assert again(settings, rules) == ["loaded"]
    assert deciles(settings) == [(2, 3), (1, 3)]


def test_what_is_loaded_stays_where_the_original_is_no_longer_held(
    take: Take, settings: Settings, rules: Rules
) -> None:
    take(FIRST, "lcrca_2022-23.csv", "reference_deprivation")
    take(WORKFORCE, "lcrca_2022-23-q1.csv", "hr_workforce")
    with reading(settings) as connection:
        (sha256,) = connection.execute(
            "select sha256 from warehouse.ledger.returns where \"return\" = 'hr_workforce'"
        ).fetchone()
    path_in_archive(settings, sha256).unlink()
    take(SECOND, "lcrca_2022-23.csv", "reference_deprivation")
    assert again(settings, rules) == []
    assert deciles(settings) == [(3, 1), (None, 1)]
