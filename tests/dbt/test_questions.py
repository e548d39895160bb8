"""The questions of docs/analysts.md, asked of the worked examples: each runs, as it is shown.

What it shows of the demo's home is held to it by `make shown`.
"""

import pytest

from tests.support.documents import ROOT
from tests.support.in_memory import World
from tests.support.shown import Shown, shown_in

PAGE = ROOT / "docs" / "analysts.md"
QUESTIONS = list(shown_in("docs/analysts.md", PAGE.read_text(encoding="utf-8")))


def test_there_are_ten() -> None:
    assert len(QUESTIONS) == 10


@pytest.mark.parametrize("shown", QUESTIONS, ids=[f"question {n}" for n in range(1, 11)])
def test_a_question_runs_and_has_the_columns_that_are_shown(shown: Shown, world: World) -> None:
    assert shown.words[:2] == ("social-value", "query")
    asked = world.connection.execute(shown.words[2])
    header = shown.lines[0]
    named = [str(column[0]).replace("_", " ") for column in asked.description or ()]
    assert header.split() == " ".join(named).split()
    assert len(shown.lines) > 1


def test_headlines_and_directorates_join_once(world: World) -> None:
    for key, table in (
        ("quarter", "marts.dim_quarters"),
        ("name", "marts.dim_directorate_names"),
        ("directorate_id", "marts.dim_directorates"),
        ("(indicator_id, period, period_kind)", "marts.fct_headlines"),
    ):
        found = world.connection.execute(
            f"select count(*), count(distinct {key}) from {table}"
        ).fetchone()
        assert found is not None
        assert found[0] == found[1] > 0, table
    (money,) = world.connection.execute(
        "select count(*) from marts.fct_payments as p left join marts.dim_directorate_names as d "
        "on p.directorate = d.name where p.directorate is not null and d.name is null"
    ).fetchall()
    assert money == (0,)
