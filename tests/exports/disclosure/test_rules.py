"""Each rule of disclosure control by itself, on the smallest table that shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from exports.definitions.table import TableDefinition
from exports.disclosure.apply import protect_tables
from exports.disclosure.figures import Interval
from exports.disclosure.problem.backsolve import readings
from exports.disclosure.problem.rows import DisclosureError
from exports.disclosure.thresholds import Thresholds, read_thresholds
from exports.figures.cell import publish_value
from exports.figures.selection import Selection
from flows.common.declarations import DeclarationError
from tests.support.people_made import (
    ALL,
    PERIODS,
    THRESHOLDS,
    Person,
    by,
    counted,
    people_table,
    release_all,
)
from tests.support.staff_made import IN_TABLES

VALUES = {"sex": ["Female", "Male"], "grade": ["1", "2"], "origin": ["A", "B"]}
WIDE = Interval(1, 400)


def shown(table: TableDefinition, people: Sequence[Person]) -> dict[tuple[str, ...], list[str]]:
    """The published cells of a table, by the values of its dimensions."""
    (released,), _ = release_all([table], [people], VALUES)
    size = len(table.key)
    return {tuple(texts[1:size]): texts[size:] for texts in released[0].texts}


def women_and_men(women: int, men: int, grade: str = "1", origin: str = "A") -> list[Person]:
    return [Person("Female", grade, origin)] * women + [Person("Male", grade, origin)] * men


def rows_of(table: TableDefinition, records: Sequence[Mapping[str, object]]) -> Selection:
    rows = [tuple(publish_value(c, one[c.name]) for c in table.columns) for one in records]
    return Selection(table, tuple(rows), tuple(records))


def test_small_counts_are_hidden_zero_stays_and_the_rest_is_rounded_alone() -> None:
    people = women_and_men(13, 4) + women_and_men(8, 12, grade="2")
    cells = shown(people_table("t", by("sex", "grade")), people)
    assert cells["Female", "1"] == ["15"]
    assert cells["Female", "2"] == ["10"]
    assert cells["Female", ALL] == ["20"]  # of 21: the total is rounded for itself
    assert cells["Male", "1"] == ["[c]"]
    assert shown(people_table("t", by("sex", "grade")), women_and_men(9, 0))["Male", "1"] == ["0"]


def test_a_percentage_is_of_the_counts_as_they_are_shown_and_goes_with_them() -> None:
    cells = shown(people_table("t", by("sex"), percent_over="sex"), women_and_men(41, 44))
    assert cells["Female",] == ["40", "47"]  # of 85; 41 of 85 would be 48
    cells = shown(people_table("t", by("sex"), percent_over="sex"), women_and_men(41, 3))
    assert cells["Male",] == ["[c]", "[c]"]
    assert cells["Female",] == ["40", "89"]  # of 45: it tells no more than the two counts do


def test_none_of_a_group_below_the_threshold_is_not_told() -> None:
    table = people_table("t", by("sex", "grade"), percent_over="sex")
    cells = shown(table, women_and_men(20, 30) + women_and_men(0, 4, grade="2"))
    assert cells["Male", "2"] == ["[c]", "[c]"]
    assert cells["Female", "2"] == ["[c]", "[c]"]  # a 0 would say it of each of the four
    cells = shown(table, women_and_men(20, 30) + women_and_men(0, 15, grade="2"))
    assert cells["Female", "2"] == ["0", "0"]


def test_a_percentage_of_counts_that_are_not_shown_is_refused() -> None:
    with pytest.raises(ValueError, match="of columns that are shown"):
        people_table(
            "t",
            by("sex"),
            counts=[{"column": "people"}, {"column": "staff"}],
            percentages=[{"column": "people", "numerator": "people", "denominator": "staff"}],
        )


@pytest.mark.parametrize(
    ("count", "told"),
    [(5, (5, 7)), (7, (5, 7)), (8, (8, 12)), (12, (8, 12)), (13, (13, 17)), (0, (0, 0))],
)
def test_a_shown_count_tells_only_what_rounds_to_it(count: int, told: tuple[int, int]) -> None:
    assert THRESHOLDS.interval_of(THRESHOLDS.rounded(Decimal(count))) == told


def test_a_rounding_that_makes_nobody_of_somebody_is_refused() -> None:
    with pytest.raises(ValueError, match="rounded to 0"):
        Thresholds.model_validate({**THRESHOLDS.model_dump(), "threshold": 3, "rounding": 10})


def test_thresholds_that_are_not_numbers_are_told_by_line(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "thresholds.yaml"
    path.write_text("threshold: five\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match="line 1: threshold"):
        read_thresholds(path)


@pytest.mark.parametrize(("men", "percent"), [(20, "36.4"), (22, "40.0"), (34, "61.8")])
def test_pay_gap_quartiles_of_2021_give_away_the_men_in_a_quarter_of_55(
    men: int, percent: str
) -> None:
    assert readings(Decimal(percent), 1, Interval(0, 55), Interval(55, 55)) == [(men, 55)]
    assert len(readings(Decimal(percent), 1, Interval(0, 400), WIDE)) > 5


def test_a_percentage_of_nobody_knows_how_many_tells_no_counts() -> None:
    assert readings(Decimal("50.0"), 1, Interval(0, 9), Interval(1, float("inf"))) == []


STATUTORY = {
    "counts": [{"column": "men"}, {"column": "employees"}],
    "percentages": [
        {
            "column": "percent_men",
            "numerator": "men",
            "denominator": "employees",
            "statutory": True,
        }
    ],
}


@pytest.mark.parametrize(("men", "text"), [(20, "36.4"), (3, "[c]"), (52, "[c]"), (55, "100.0")])
def test_statutory_figures_are_published_unless_a_sex_is_below_the_threshold(
    men: int, text: str
) -> None:
    table = quartiles()
    percent = Decimal(100 * men) / 55
    record = {"quarter": PERIODS[0], "quartile": "lower", "percent_men": percent}
    selection = rows_of(table, [record])
    selection = replace(selection, records=({**record, "men": men, "employees": 55},))
    (done,), report = protect_tables([selection], THRESHOLDS)
    assert done.texts[0][-1] == text
    assert len(report.readings) == (text != "[c]")
    assert "Statutory" in str(done.table.columns[-1].note)


@pytest.mark.parametrize(("is_required", "text"), [(True, "5.5"), (False, "[c]")])
def test_what_the_law_requires_is_shown_whatever_the_counts_and_is_known_to_all(
    is_required: bool, text: str
) -> None:
    table = quartiles("is_required")
    record = {"quarter": PERIODS[0], "quartile": "lower", "percent_men": Decimal(300) / 55}
    selection = rows_of(table, [record])
    counted = {**record, "men": 3, "employees": 55, "is_required": is_required}
    (done,), report = protect_tables([replace(selection, records=(counted,))], THRESHOLDS)
    assert done.texts[0][-1] == text
    assert ("required by law: can be made from" in report.private_text) == is_required


@pytest.mark.parametrize(("is_hidden", "text"), [(True, "[c]"), (False, "[x]")])
def test_a_figure_that_the_model_keeps_back_is_hidden_and_no_return_is_missing(
    is_hidden: bool, text: str
) -> None:
    table = quartiles()
    gaps = {
        "percentages": [],
        "statistics": [
            {"column": "percent_men", "people": ["men"], "missing_is_hidden": is_hidden}
        ],
    }
    kept = table.model_dump(exclude_none=True)
    kept["columns"][-1]["when_missing"] = "not available"
    kept["disclosure"] = {**kept["disclosure"], **gaps}
    record = {"quarter": PERIODS[0], "quartile": "lower", "percent_men": None}
    selection = rows_of(TableDefinition.model_validate(kept), [record])
    counted = {**record, "men": 7, "employees": 55}
    (done,), _ = protect_tables([replace(selection, records=(counted,))], THRESHOLDS)
    assert done.texts[0][-1] == text


def test_only_what_is_statutory_is_required_by_law() -> None:
    with pytest.raises(ValueError, match="only what is statutory is required"):
        quartiles("is_required", statutory=False)


def quartiles(required: str | None = None, *, statutory: bool = True) -> TableDefinition:
    (share,) = STATUTORY["percentages"]
    share = {**share, "statutory": statutory, "required": required}
    text = {"type": "text", "meaning": "m"}
    return TableDefinition.model_validate(
        {
            "name": "quartiles",
            "number": 1,
            "title": "t",
            "sheet": "t",
            "source": "pub_quartiles",
            "publications": ["annual"],
            "about": "a",
            "empty": "e",
            "key": ["quarter", "quartile"],
            "order_by": ["quartile"],
            "columns": [
                {"name": "quarter", "label": "q", **text},
                {"name": "quartile", "label": "l", **text},
                {
                    "name": "percent_men",
                    "label": "p",
                    "type": "number",
                    "decimals": 1,
                    "meaning": "m",
                },
            ],
            "disclosure": {
                "rule": "people",
                "population": "relevant employees",
                "within": ["quartile"],
                **STATUTORY,
                "percentages": [share],
            },
        }
    )


@pytest.mark.parametrize(("yes", "no", "others"), [(0, 20, ["20", "100"]), (20, 0, ["[c]", "[c]"])])
def test_all_or_none_of_a_group_is_not_told(yes: int, no: int, others: list[str]) -> None:
    dimensions = [*by("sex"), *by("origin", sensitive=["A"])]
    table = people_table("t", dimensions, percent_over="origin")
    people = women_and_men(yes, 30) + women_and_men(no, 40, origin="B")
    cells = shown(table, people)
    assert cells["Female", "A"] == ["[c]", "[c]"]
    # About 20 of about 20 leave it open; none besides does not.
    assert cells["Female", "B"] == others
    assert cells["Male", "A"][0] == "30"


def test_an_amount_that_one_giver_dominates_is_not_told() -> None:
    table = hours_table()
    records = [hours("finance", 30, 100, 90, 5), hours("transport", 30, 100, 30, 20)]
    records.append(hours(ALL, 60, 200, 90, 30))
    (done,), report = protect_tables([rows_of(table, records)], THRESHOLDS)
    texts = {row[1]: row[3] for row in done.texts}
    assert texts["finance"] == "[c]"
    assert "[c]" in (texts["transport"], texts[ALL])  # or it could be worked out
    assert report.tables[0].primary == 1


def hours(team: str, people: int, total: int, largest: int, second: int) -> dict[str, object]:
    return {
        "quarter": PERIODS[0],
        "team": team,
        "people": people,
        "hours": Decimal(total),
        "most": Decimal(largest),
        "next": Decimal(second),
    }


def hours_table() -> TableDefinition:
    table = people_table("hours", by("team")).model_dump()
    table["columns"].append(
        {"name": "hours", "label": "Hours", "type": "number", "decimals": 1, "meaning": "m"}
    )
    table["disclosure"]["amounts"] = [
        {"column": "hours", "largest": "most", "second_largest": "next", "people": "people"}
    ]
    return TableDefinition.model_validate(table)


def test_a_mean_goes_with_the_people_it_is_of() -> None:
    table = people_table("t", by("sex")).model_dump()
    table["columns"].append(
        {"name": "pay", "label": "Pay", "type": "number", "decimals": 2, "meaning": "m"}
    )
    table["disclosure"]["statistics"] = [{"column": "pay", "people": ["people"]}]
    made = TableDefinition.model_validate(table)
    records = [
        {"quarter": PERIODS[0], "sex": sex, "people": n, "pay": Decimal(12)}
        for sex, n in (("Female", 3), ("Male", 40), (ALL, 43))
    ]
    (done,), _ = protect_tables([rows_of(made, records)], THRESHOLDS)
    assert [row[-1] for row in done.texts] == ["[c]", "12.00", "12.00"]


def test_two_tables_that_disagree_on_a_count_are_refused() -> None:
    table = people_table("t", by("sex"))
    other = people_table("u", by("sex"))
    one = counted(table, women_and_men(9, 9), VALUES, PERIODS[0])
    two = counted(other, women_and_men(9, 8), VALUES, PERIODS[0])
    with pytest.raises(DisclosureError, match="in one table and"):
        protect_tables([one, two], THRESHOLDS)


def test_a_total_that_its_parts_do_not_make_is_refused() -> None:
    table = people_table("t", by("sex"))
    records = [
        {"quarter": PERIODS[0], "sex": sex, "people": n}
        for sex, n in (("Female", 9), ("Male", 9), (ALL, 19))
    ]
    with pytest.raises(DisclosureError, match="add up to 18"):
        protect_tables([rows_of(table, records)], THRESHOLDS)


def test_a_percentage_of_other_counts_than_it_says_is_refused() -> None:
    table = people_table("t", by("sex"), percent_over="sex")
    selection = counted(table, women_and_men(9, 9), VALUES, PERIODS[0])
    records = [{**one, "percent": Decimal(51)} for one in selection.records]
    with pytest.raises(DisclosureError, match="unrounded figures"):
        protect_tables([rows_of(table, records)], THRESHOLDS)


def test_quarters_of_a_year_are_its_parts() -> None:
    table = people_table("starts", by("origin"), over_time="flow")
    records: list[Mapping[str, object]] = [
        {"quarter": f"2022-23 Q{number}", "origin": ALL, "people": people}
        for number, people in ((1, 6), (2, 2), (3, 6), (4, 7))
    ]
    (alone,), _ = protect_tables([rows_of(table, records)], THRESHOLDS)
    assert [row[-1] for row in alone.texts] == ["5", "[c]", "5", "5"]
    year = [*records, {"quarter": "2022-23", "origin": ALL, "people": 21}]
    (done,), _ = protect_tables([rows_of(table, year)], THRESHOLDS)
    # 6 + 2 + 6 + 7 = 21: five ranges of rounding leave the quarter's 2 anything from 1 to 4.
    assert [row[-1] for row in done.texts] == ["5", "[c]", "5", "5", "20"]
    exact = Thresholds.model_validate({**THRESHOLDS.model_dump(), "rounding": 1})
    (done,), _ = protect_tables([rows_of(table, year)], exact)
    assert [row[-1] for row in done.texts].count("[c]") == 2


def test_what_readers_get_of_the_report_does_not_say_which_cells_are_primary() -> None:
    table = people_table("t", by("sex"), percent_over="sex")
    _, reports = release_all([table], [women_and_men(41, 3)], VALUES)
    assert reports[0].public_text == (
        "table,population,protected_cells,hidden_cells\nt,workforce,6,2\n"
    )
    assert "t,primary cells,1\n" in reports[0].private_text
    assert "t,hidden with their parts,1\n" in reports[0].private_text


def test_rows_in_the_order_of_what_is_hidden_are_refused() -> None:
    table = people_table("t", by("sex")).model_dump()
    table["order_by"] = ["people"]
    with pytest.raises(ValueError, match="would tell what it hides"):
        TableDefinition.model_validate(table)


def test_three_way_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 2"):
        people_table("t", by("sex", "grade", "origin"))


def profile(*rows: tuple[str, str, int]) -> Selection:
    """A table that lists several characteristics of the same people, one below the other."""
    table = people_table("profile", by("category")).model_dump()
    table["disclosure"]["dimensions"][0]["named_by"] = "characteristic"
    table["columns"].insert(
        1, {"name": "characteristic", "label": "Of", "type": "text", "meaning": "m"}
    )
    table["key"].append("characteristic")
    records = [
        {"quarter": PERIODS[0], "characteristic": of, "category": value, "people": people}
        for of, value, people in rows
    ]
    return rows_of(TableDefinition.model_validate(table), records)


def test_characteristics_listed_below_each_other_each_add_up_to_the_same_people() -> None:
    told = [("all", ALL, 11), ("sex", "Female", 6), ("sex", "Male", 5), ("age", "16", 1)]
    (done,), _ = protect_tables([profile(*told, ("age", "25", 10))], THRESHOLDS)
    assert {row[2]: row[3] for row in done.texts}["16"] == "[c]"
    exact = Thresholds.model_validate({**THRESHOLDS.model_dump(), "rounding": 1})
    (done,), _ = protect_tables([profile(*told, ("age", "25", 10))], exact)
    texts = {(row[1], row[2]): row[3] for row in done.texts}
    # The sexes tell the total, and the total less those of 25 is those of 16.
    assert texts["age", "25"] == "[c]" or "[c]" in (texts["sex", "Female"], texts["sex", "Male"])
    with pytest.raises(DisclosureError, match="add up to 12"):
        protect_tables([profile(*told, ("age", "25", 11))], THRESHOLDS)


def test_measures_that_add_up_are_protected_together() -> None:
    """Of 45 employees 41 have a known home: who has not is as few as if it stood there."""
    table = people_table("homes", by("district"), percent_over="district").model_dump()
    table["disclosure"]["measures_add_up"] = [
        {"total": "headcount", "parts": ["home known", "home not known"]}
    ]
    table["disclosure"]["counts"] = [{"column": "people", "measure": "{what}"}]
    table["columns"].insert(1, {"name": "what", "label": "W", "type": "text", "meaning": "m"})
    table["key"].append("what")
    made = TableDefinition.model_validate(table)
    counts = {"headcount": 45, "home known": 41, "home not known": 4}
    records = [
        {"quarter": PERIODS[0], "what": what, "district": ALL, "people": n, "percent": None}
        for what, n in counts.items()
    ]
    exact = Thresholds.model_validate({**THRESHOLDS.model_dump(), "rounding": 1})
    (done,), _ = protect_tables([rows_of(made, records)], exact)
    texts = {row[1]: row[3] for row in done.texts}
    assert texts["home not known"] == "[c]"
    assert "[c]" in (texts["headcount"], texts["home known"])
    (done,), _ = protect_tables([rows_of(made, records)], THRESHOLDS)
    assert [row[3] for row in done.texts] == ["45", "40", "[c]"]


def test_an_amount_for_each_full_time_equivalent_tells_no_headcount() -> None:
    """Nine full-time equivalents are nine people at least: of at most seven men two are women."""
    staff = people_table("staff", by("sex"))
    hours = people_table("hours", by("sex"), number=2).model_dump()
    for name in ("hours", "each"):
        hours["columns"].append(
            {"name": name, "label": name, "type": "number", "decimals": 2, "meaning": "m"}
        )
    hours["columns"][2] |= {"type": "number", "decimals": 0}
    hours["disclosure"] |= {
        "counts": [{"column": "people", "measure": "fte", "whole": False}],
        "measures_hold": {"headcount": ["fte"]},
        "rates": [{"column": "each", "amount": "hours", "people": "people"}],
    }
    people = counted(staff, women_and_men(3, 6), VALUES, PERIODS[0])
    record = {"quarter": PERIODS[0], "sex": ALL, "people": Decimal(9)}
    volunteered = rows_of(
        TableDefinition.model_validate(hours),
        [{**record, "hours": Decimal(18), "each": Decimal(2)}],
    )
    (alone,), _ = protect_tables([people], THRESHOLDS)
    assert [row[-1] for row in alone.texts] == ["[c]", "5", "10"]
    (beside, rate), _ = protect_tables([people, volunteered], THRESHOLDS)
    men, each = beside.texts[1][-1], rate.texts[0][-1]
    assert (men, each) in {("5", "[c]"), ("[c]", "2.00")}


def test_fte_years_are_whole_and_their_percentages_are_of_those() -> None:
    """To hundredths the years of two releases told what one person added: 0.07."""
    table = IN_TABLES["measures"]
    assert table.disclosure is not None
    steps = ("validated", "evidenced", "claimed")
    people = {one.column: 40 for one in table.disclosure.counts}
    record: dict[str, object] = {column.name: "told" for column in table.columns} | {
        "quarter": PERIODS[0],
        "measure_id": "M01",
        "unit": "FTE years",
        "is_people": "yes",
        **dict.fromkeys((*steps, *(f"{step}_to_date" for step in steps)), Decimal("9.67")),
        **dict.fromkeys(("committed", "due", "due_to_date"), Decimal(50)),
        "rejected": Decimal(0),
        **dict.fromkeys(("validated_of_due", "validated_of_committed"), Decimal("19.34")),
        "target": Decimal(90),
        **dict.fromkeys(("n_reporting", "n_expected"), 9),
    }
    rows = [
        tuple(publish_value(c, record[c.name], "FTE years") for c in table.columns),
    ]
    (done,), _ = protect_tables(
        [Selection(table, tuple(rows), ({**record, **people},))], THRESHOLDS
    )
    shown = done.texts_by_column[0]
    assert (shown["validated_to_date"], shown["due_to_date"]) == ("10", "50.00")
    assert (shown["validated_of_due"], shown["validated_of_committed"]) == ("20.0", "20.0")
    few = {**record, **people, "people_validated_to_date": 4}
    (done,), _ = protect_tables([Selection(table, tuple(rows), (few,))], THRESHOLDS)
    shown = done.texts_by_column[0]
    assert (shown["validated_to_date"], shown["validated_of_due"]) == ("[c]", "[c]")
