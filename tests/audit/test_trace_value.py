"""Every value that has a figure is made again from the rows that `trace` lists for it."""

from contextlib import nullcontext
from pathlib import Path

import duckdb
import pytest

from flows.audit.trace_value import (
    MADE_OF_VALUES,
    Question,
    recompute,
    rows_behind,
    trace,
    value_of,
)
from flows.common.settings import Settings
from flows.modelling.analysts import BadQuestion, analysts, restricted
from flows.warehouse.connection import Row, as_rows

GAPS = ("mean gap", "median gap")


def questions(seen: duckdb.DuckDBPyConnection) -> list[Question]:
    """A question for each value of a status that has a figure."""
    found = as_rows(
        seen.execute(
            "select indicator_id, period, basis, breakdown, breakdown_value "
            "from marts.fct_indicator_values where value is not null order by all"
        )
    )
    return [
        Question(
            str(row["indicator_id"]),
            str(row["period"]),
            str(row["basis"]),
            f"{row['breakdown']}={row['breakdown_value']}" if row["breakdown"] else None,
        )
        for row in found
    ]


def sides(rows: list[Row]) -> tuple[int, int]:
    """How many rows stand in the numerator, and in the denominator."""
    above = sum(bool(row["numerator"]) for row in rows)
    return above, sum(bool(row["denominator"]) for row in rows)


def not_made_again(
    settings: Settings, with_people: bool, models: Path | None = None
) -> tuple[list[str], dict[str, int]]:
    """The values that their rows do not come to, and how many were asked about by indicator."""
    asked: dict[str, int] = {}
    wrong = []
    with (
        analysts(settings, models) as seen,
        restricted(settings) if with_people else nullcontext(seen) as people,
    ):
        for question in questions(seen):
            value = value_of(seen, question)
            rows = rows_behind(seen, question, value)
            if with_people:
                rows += rows_behind(people, question, value)
            if value["rule"] in GAPS:  # pay never stands beside a person: the people do
                same = sides(rows) == (value["n_numerator"], value["n_denominator"])
            else:
                same = recompute(rows, str(value["rule"])) == str(value["value"])
            asked[question.indicator] = asked.get(question.indicator, 0) + 1
            if not same:
                wrong.append(f"{question} is {value['value']}, of {len(rows)} rows")
    return wrong, asked


def test_every_figure_of_the_workforce_is_made_again_from_its_people(
    workforce_home: Settings,
) -> None:
    wrong, asked = not_made_again(workforce_home, with_people=True)
    assert wrong == []
    assert set(asked) == {f"E{number:02}" for number in range(1, 13)}


def test_every_figure_of_the_first_quarter_is_made_again_from_its_payment_lines(
    built: Path, tmp_path: Path
) -> None:
    wrong, asked = not_made_again(Settings(home=tmp_path), with_people=False, models=built)
    assert wrong == []
    assert set(asked) == {"C01", "C02", "C03", "C05"}


@pytest.mark.parametrize("basis", ["known", "not known"])
def test_where_no_home_is_known_no_district_is_named(workforce_home: Settings, basis: str) -> None:
    with analysts(workforce_home) as seen:
        named = seen.execute(
            "select distinct indicator_id, breakdown from marts.fct_indicator_values "
            "where basis = ? and breakdown like '%district' order by all",
            [basis],
        ).fetchall()
    by_district = [("E02", "district"), ("E02", "employer/district"), ("E03", "district")]
    assert named == (by_district if basis == "known" else [])


def test_what_works_well_leads_on_to_values(workforce_home: Settings) -> None:
    keys = "indicator_id, basis, breakdown, breakdown_value, period, period_kind"
    with analysts(workforce_home) as seen:
        said = seen.execute(f"select {keys}, value from marts.rpt_working_well").fetchall()
        values = seen.execute(f"select {keys}, value from marts.fct_indicator_values").fetchall()
    assert said
    assert set(said) <= set(values)


def test_the_coverage_of_the_framework_leads_on_to_values(workforce_home: Settings) -> None:
    with analysts(workforce_home) as seen:
        cells = seen.execute(
            "select role, theme, period, period_kind, with_figure "
            "from marts.rpt_framework_coverage where with_figure > 0 order by all"
        ).fetchall()
        values = seen.execute(
            "select registry.role, registry.theme, found.period, found.period_kind, "
            "count(distinct found.indicator_id) from marts.fct_indicator_values as found "
            "join seeds.indicators as registry using (indicator_id) "
            "where found.value is not null and registry.role <> 'framework' "
            "and found.period_kind <> 'month' group by all order by all"
        ).fetchall()
    assert cells == values
    assert len({cell[:2] for cell in cells}) == 2  # employer: social and economic


@pytest.mark.parametrize("indicator", MADE_OF_VALUES)
def test_who_traces_what_has_no_rows_is_sent_to_the_values(
    workforce_home: Settings, indicator: str
) -> None:
    with pytest.raises(BadQuestion, match=f"{indicator} is made of values, not of rows"):
        trace(workforce_home, Question(indicator, "2022-23"))
