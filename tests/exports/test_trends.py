"""Figures over time: of published cells, never of another indicator, as a line and a sentence."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from exports.edition.facts import Override
from exports.edition.history import History, KnownQuarter, read_history
from exports.site.drawing.label_places import Box, Drawn, Place, width_of
from exports.site.drawing.scale import scale_of
from exports.site.drawing.trend_svg import TrendPoint, spark, trend
from exports.site.series import series_of
from exports.site.trends import TrendView, sentence_of, trend_view
from flows.common.periods import read_period
from tests.support.definitions import publish
from tests.support.exports_made import TABLES, chosen, make_analysts, make_facts
from tests.support.site_made import EARLIER, SQL, Made, make_site

SVG = "{http://www.w3.org/2000/svg}"
TITLES = {"all": "Of all spend", "known": "Of spend with a known location"}
NONE = ("[z]", "[z]")
LABELS = ["2021-22 Q1", "2021-22 Q2", "2021-22 Q3", "2021-22 Q4", "2022-23 Q1"]


def quarter(label: str, *rows: dict[str, str], table: str = "indicators") -> KnownQuarter:
    release = f"quarterly/{label.replace(' ', '-')}/r1"
    return KnownQuarter(read_period(label), release, {table: rows})


def with_breaks(past: History, *breaks: tuple[str, str], basis: str = "all") -> History:
    """The same with what the published definitions say of each quarter: day and what changed."""
    quarters = []
    for one in past.quarters:
        day, what = max((b for b in breaks if b[0] < one.period.end.isoformat()), default=NONE)
        words = {"indicator_id": "C01", "basis": basis}
        words |= {"definition_since": day, "what_changed": what}
        quarters.append(replace(one, tables={**one.tables, "definitions": [words]}))
    return replace(past, quarters=quarters)


def drawn(past: History) -> TrendView:
    view = trend_view(series_of(past, "C01", TITLES), "c01")
    assert view
    return view


def row(value: str, basis: str = "all", indicator: str = "C01", **others: str) -> dict[str, str]:
    usual = {"unit": "per cent", "status": "final", "target": "60.0", "rule": "ratio of sums"}
    named = {"indicator_id": indicator, "basis": basis, "direction": "higher is better"}
    return {**usual, **named, "definition_id": "[z]", "value": value, **others}


def history(*values: str, **others: str) -> History:
    quarters = [quarter(label, row(v, **others)) for label, v in zip(LABELS, values, strict=False)]
    return History(quarters, list(TABLES.values()))


def seen(past: History, indicator: str = "C01") -> str:
    view = trend_view(series_of(past, indicator, TITLES), "c01")
    assert view
    return view.sentence


def test_a_sentence_says_the_last_figure_the_one_before_the_extreme_and_the_target() -> None:
    assert seen(history("55.0", "51.9", "53.3", "54.0", "48.1")) == (
        "Of all spend: 48.1% in April to June 2022, down from 54% in January to March 2022."
        " That is the lowest of the 5 quarters known. The target of 60% was missed."
    )
    assert seen(history("55.0", "61.0")) == (
        "Of all spend: 61% in July to September 2021, up from 55% in April to June 2021."
        " The target of 60% was met."
    )
    assert seen(history("5.0", "7.0", direction="lower is better")).endswith("was met.")
    assert "the same as 55%" in seen(history("55.0", "55.0"))


def test_an_extreme_that_came_twice_or_of_few_quarters_is_none() -> None:
    assert "lowest" not in seen(history("48.1", "51.9", "53.3", "54.0", "48.1"))
    assert "lowest" not in seen(history("55.0", "51.9", "48.1"))


def test_a_hidden_quarter_is_a_gap_and_never_nought() -> None:
    view = trend_view(series_of(history("55.0", "[c]", "53.0"), "C01", TITLES), "c01")
    assert view
    assert view.rows[0][1] == ["55%", "hidden", "53%", "60%"]
    assert "A gap" in view.note
    assert len(re.findall('class="line"', view.svg)) == 0
    assert view.svg.count("<circle") == 2


def test_a_quarter_without_a_row_is_a_gap_and_what_comes_once_a_year_has_none() -> None:
    past = history("55.0", "51.9", "53.0", "54.0")
    without = [replace(one, tables={}) if one.period.label[-2:] == "Q3" else one
               for one in past.quarters]  # fmt: skip
    view = drawn(replace(past, quarters=without))
    assert view.rows[0][1] == ["55%", "51.9%", "not available", "54%", "60%"]
    assert view.svg.count('class="line"') == 1
    assert "Q3, not available" in view.svg
    assert "A gap" in view.note
    yearly = [quarter("2021-22 Q4", row("5.0")), quarter("2022-23 Q1")]
    yearly.append(quarter("2022-23 Q4", row("6.0")))
    view = drawn(replace(past, quarters=yearly))
    assert view.svg.count("<circle") == 2
    assert "A gap" not in view.note


def checked(*both: tuple[str, str]) -> History:
    """What was validated of what was claimed, quarter by quarter."""
    rows = [[row(v, "validated"), row(c, "claimed")] for v, c in both]
    quarters = [quarter(label, *two) for label, two in zip(LABELS, rows, strict=False)]
    return History(quarters, list(TABLES.values()))


def test_nothing_checked_yet_is_a_gap_and_what_is_checked_and_none_is_nought() -> None:
    titles = {"validated": "Validated", "claimed": "Claimed"}
    waiting = checked(("5.0", "5.0"), ("4.0", "4.0"), ("0", "7.0"))
    view = trend_view(series_of(waiting, "C01", titles), "c01")
    assert view
    assert view.sentence == (
        "Validated: none checked yet of 7% claimed in October to December 2021."
        " Before: 4% in July to September 2021, down from 5% in April to June 2021."
        " The target of 60% was missed."
    )
    assert view.rows[0][1] == ["5%", "4%", "none checked yet (7% claimed)", "60%"]
    assert "none is checked yet" in view.note
    none = trend_view(series_of(checked(("5.0", "5.0"), ("0", "0")), "C01", titles), "c01")
    assert none
    assert "Validated: 0% in July to September 2021, down from 5%" in none.sentence
    assert "none is checked yet" not in none.note


def test_the_employer_with_most_people_comes_first() -> None:
    """By the numbers that are shown; less of a gap is better."""
    table = TABLES["pay_gaps"]
    quarters = []
    for label in ("2021-22 Q4", "2022-23 Q4"):
        gaps = [
            {
                "indicator_id": "E04",
                "employer": name,
                "gap": gap,
                "target": "10",
                "title": "Gap",
                "direction": "lower is better",
            }
            for name, gap in (("A", "9.0"), ("B", "11.0"), ("C", "12.0"))
        ]
        people = [
            {"employer": name, "characteristic": "all", "category": "All", "people": number}
            for name, number in (("A", "225"), ("B", "730"), ("C", "[c]"))
        ]
        quarters.append(
            KnownQuarter(read_period(label), "", {"pay_gaps": gaps, "workforce": people})
        )
    found = series_of(History(quarters, [table, TABLES["workforce"]]), "E04", {})
    assert [one.part for one in found] == ["B", "A", "C"]
    view = trend_view(found, "e04")
    assert view
    assert "The target of 10% was missed." in view.sentence


def test_two_figures_of_one_part_have_titles_of_their_own() -> None:
    people = {"indicator_id": "C07", "title": "Jobs", "validated": "5", "claimed": "5"}
    rows = [people | {"counted": one} for one in ("by person", "as returned")]
    quarters = [quarter(label, *rows, table="measures_people") for label in LABELS[:2]]
    found = series_of(History(quarters, list(TABLES.values())), "C07", {})
    assert [one.title for one in found] == ["Jobs (by person)", "Jobs (as returned)"]


def test_a_share_of_staff_meets_its_target_by_the_counts_and_not_as_it_is_rounded() -> None:
    table = TABLES["workforce_shares"]
    paid = {"indicator_id": "E12", "basis": "known", "employer": "All", "percent_of_people": "100",
            "out_of": "2000", "target": "100.0", "title": "Wage"}  # fmt: skip
    said = []
    for people in ("1995", "2000"):
        quarters = [
            KnownQuarter(read_period(label), "", {"workforce_shares": [{**paid, "people": people}]})
            for label in ("2021-22 Q4", "2022-23 Q1")
        ]
        (found,) = series_of(History(quarters, [table]), "E12", {})
        said.append(sentence_of(found).rpartition(". ")[2])
    assert said == ["The target of 100% was missed.", "The target of 100% was met."]


def test_nothing_with_evidence_yet_is_a_gap_too() -> None:
    rows = [[row(v, "evidenced"), row(c, "claimed")] for v, c in (("5.0", "6.0"), ("0", "7.0"))]
    quarters = [quarter(label, *two) for label, two in zip(LABELS, rows, strict=False)]
    past = History(quarters, list(TABLES.values()))
    evidenced = series_of(past, "C01", {"evidenced": "Evidenced", "claimed": "Claimed"})
    view = trend_view(sorted(evidenced, key=lambda one: one.basis != "evidenced"), "c01")
    assert view is None  # of one quarter there is no line
    claimed, other = evidenced
    assert [claimed.basis, other.basis] == ["claimed", "evidenced"]
    assert other.observations[-1].value is None
    assert other.observations[-1].reads == "none with evidence yet (7% claimed)"


def test_what_is_checked_in_part_is_open_and_no_fall() -> None:
    titles = {"validated": "Validated", "claimed": "Claimed"}
    values = (("55.0", "55.0"), ("54.0", "54.0"), ("53.0", "53.0"), ("2.0", "51.0"))
    view = trend_view(series_of(checked(*values), "C01", titles), "c01")
    assert view
    assert view.sentence == (
        "Validated: 2% in January to March 2022 (of 51% claimed; the rest is not checked yet),"
        " after 53% in October to December 2021. The target of 60% was missed."
    )
    assert view.svg.count('class="line"') == 2
    assert view.svg.count('class="claim"') == 1
    assert view.svg.count('class="marker open"') == 1
    assert "2% (of 51% claimed)" in view.svg
    assert view.rows[0][1][3] == "2% (of 51% claimed)"
    assert "only a part of the claims is checked" in view.note
    unsure = trend_view(series_of(checked(*values[:3], ("2.0", "61.0")), "C01", titles), "c01")
    assert unsure
    assert unsure.sentence.endswith("Whether the target of 60% was met is not known yet.")
    risen = trend_view(series_of(checked(*values, ("56.0", "56.0")), "C01", titles), "c01")
    assert risen
    assert "56% in April to June 2022, after 2% in January to March 2022 (of 51%" in risen.sentence
    assert "highest" not in risen.sentence


def test_no_note_is_of_a_chart_that_is_not_there() -> None:
    view = drawn(history("0", "0", status="provisional"))
    assert not view.svg
    assert "open dot" not in view.note


def test_no_figure_of_another_indicator_is_ever_drawn() -> None:
    quarters = [
        quarter(label, row("55.0"), row("7.0", "mean", "C05", unit="days")) for label in LABELS
    ]
    past = History(quarters, list(TABLES.values()))
    assert [one.title for one in series_of(past, "C01", TITLES)] == ["Of all spend"]
    assert trend_view(series_of(past, "E12", TITLES), "e12") is None
    view = trend_view(series_of(past, "C05", {"mean": "Mean days"}), "c05")
    assert view
    assert "55%" not in view.svg
    assert "7 days" in view.svg


def test_what_has_a_target_comes_first_and_the_rest_are_small() -> None:
    quarters = [quarter(label, row("50.0", "known", target="[z]"), row("55.0")) for label in LABELS]
    view = trend_view(series_of(History(quarters, list(TABLES.values())), "C01", TITLES), "c01")
    assert view
    assert view.title == "Of all spend"
    assert [title for title, _ in view.small] == ["Of spend with a known location"]
    assert "target 60%" in view.svg
    assert "target" not in view.small[0][1].lower()


def test_provisional_points_are_open_and_a_new_rule_parts_the_line() -> None:
    past = history("55.0", "51.9")
    first, last = past.quarters
    changed = replace(last, tables={"indicators": [row("50", rule="mean", status="provisional")]})
    view = trend_view(series_of(replace(past, quarters=[first, changed]), "C01", TITLES), "c01")
    assert view
    assert view.svg.count('class="marker open"') == 1
    assert 'class="line"' not in view.svg
    assert "new rule" in view.svg
    assert "50% (provisional) (by a new rule)" in view.svg
    assert "do not compare across it" in view.note


def test_a_new_definition_parts_the_line_and_nothing_is_said_across_it() -> None:
    past = history("55.0", "51.9", "53.3", "54.0", "48.1")
    whole = drawn(past)
    assert whole.svg.count('class="line"') == 4
    assert drawn(with_breaks(past, ("2021-01-01", "Before all"))) == whole
    grants = ("2022-04-01", "Grants are left out.")
    view = drawn(with_breaks(past, grants))
    assert view.sentence == (
        "Of all spend: 48.1% in April to June 2022. It is compared with nothing before: what is"
        " counted changed on 1 April 2022 (Grants are left out). The target of 60% was missed."
    )
    assert view.svg.count('class="line"') == 3
    assert view.svg.count('class="cut"') == 1
    assert ">new definition</text>" in view.svg
    assert "Q1 2022-23, 48.1% (by a new definition)." in view.svg
    assert view.rows[0][1][3:] == ["54%", "48.1% (by a new definition)", "60%"]
    assert "do not compare across it" in view.note
    other = drawn(with_breaks(past, grants, basis="known"))
    assert "new definition" in other.svg  # the registry has no such basis: those of all count


def test_figures_since_a_new_definition_are_compared_with_each_other_alone() -> None:
    past = history("70.0", "51.9", "53.3", "54.0", "55.0")
    assert "the highest of" not in seen(past)
    since = seen(with_breaks(past, ("2021-07-01", "x"), ("2020-05-01", "y")))
    assert "up from 54% in January to March 2022" in since
    assert "That is the highest of the 4 quarters known since the change of definition." in since


def test_a_quarter_that_a_new_definition_falls_into_is_parted_from_both_sides() -> None:
    view = drawn(with_breaks(history("55.0", "51.9", "53.3"), ("2021-08-15", "x")))
    assert view.svg.count('class="cut"') == 2
    assert 'class="line"' not in view.svg
    assert "compared with nothing before" in view.sentence


def test_the_line_of_a_target_steps_where_it_changed() -> None:
    quarters = [
        quarter(label, row("55.0", target=target))
        for label, target in zip(LABELS, ["[z]", "50.0", "50.0", "60.0", "60.0"], strict=True)
    ]
    view = drawn(History(quarters, list(TABLES.values())))
    aims = [line for line in ET.fromstring(view.svg) if line.get("class") == "aim"]
    first, riser, second = sorted(aims, key=lambda one: float(one.get("x2", "").rstrip("%")))
    assert first.get("x1") != "0.00%"  # the first quarter has none
    assert first.get("y1") == first.get("y2") == riser.get("y1")
    assert first.get("x2") == riser.get("x1") == riser.get("x2") == second.get("x1")
    assert riser.get("y2") == second.get("y1") == second.get("y2")
    assert second.get("x2") == "100.00%"
    assert "Q4, 55% (target 60%)" in view.svg
    assert "Q1 2021-22, 55%;" in view.svg
    assert view.rows[1] == ("Of all spend: target", ["none", "50%", "50%", "60%", "60%", "60%"])
    assert "The dashed line is the target of each quarter." in view.note


@pytest.mark.parametrize(
    ("values", "unit", "first", "last", "from_nought"),
    [
        (["48.1", "60"], "per cent", "45%", "60%", False),
        (["2", "60"], "per cent", "0%", "60%", True),
        (["950", "960"], "people", "900", "1,050", False),
        (["300", "1180"], "hours", "0", "1,500", True),
        (["3458879", "4100000"], "GBP", "£3.4m", "£4.2m", False),
        (["93500", "109500"], "workers", "90k", "110k", False),
        (["0", "0"], "trees", "0", "1", True),
        (["-7.7", "-6.9"], "per cent", "-7.8%", "-6.8%", False),
        (["88", "89"], "per cent", "84%", "94%", False),
        (["98", "99"], "per cent", "92%", "100%", False),
    ],
)
def test_the_ticks_are_round_and_hold_every_figure(
    values: list[str], unit: str, first: str, last: str, from_nought: bool
) -> None:
    figures = [Decimal(value) for value in values]
    scale = scale_of(figures, unit)
    assert (scale.ticks[0][1], scale.ticks[-1][1]) == (first, last)
    assert scale.ticks[0][0] <= min(figures) <= max(figures) <= scale.ticks[-1][0]
    assert scale.starts_at_nought == from_nought
    assert 2 <= len(scale.ticks) <= 6


def test_the_line_stands_where_its_figures_are_and_says_them() -> None:
    points = [TrendPoint(("Q1", "2021-22"), Decimal(20), "20%"), TrendPoint(("Q2", ""), None, "x")]
    points.append(TrendPoint(("Q3", ""), Decimal(60), "60%"))
    points = [replace(one, target=Decimal(40), target_reads="40%") for one in points]
    scale = scale_of([Decimal(20), Decimal(60)], "per cent")
    svg = trend("t", "A & B", points, scale, plot=100)
    root = ET.fromstring(svg)
    assert root.findtext(f"{SVG}title") == "A & B"
    told = "Line chart. Q1 2021-22, 20%; Q2, x; Q3, 60%. Target: 40%."
    assert root.findtext(f"{SVG}desc") == told
    low, high = [float(one.get("cy", "")) for one in root.iter(f"{SVG}circle")]
    aim = next(float(one.get("y1", "")) for one in root if one.get("class") == "aim")
    assert low > aim > high
    assert aim == pytest.approx((low + high) / 2, abs=0.1)


def boxes(svg: str, width: int, kinds: dict[str, float]) -> list[Box]:
    """What the words of a chart cover in that width; of each kind a letter takes so many pixels."""
    found = []
    for one in ET.fromstring(svg).iter(f"{SVG}text"):
        if (letter := kinds.get(one.get("class", ""))) is not None:
            across = float(one.get("x", "").rstrip("%"))
            place = Place(across, float(one.get("y", "")), one.get("text-anchor", ""))
            place = replace(place, dx=float(one.get("dx", "0")))
            found.append(place.box(len(one.text or "") * letter, width))
    return found


@pytest.mark.parametrize(
    "figures",
    [
        (50, 55, 56, 57, 58, 60, 59, 45),
        (50, 44, 60, 45, 60, 44, 59, 45),
        (0, 1, 0, 1, 0, 1, 0, 1),
        (0, 0, 0, 40, 0, -20, 99, 40),
    ],
    ids=["a fall", "a zigzag", "nought and one", "below nought"],
)
def test_words_cover_neither_the_line_nor_a_mark_nor_one_another(figures: tuple[int, ...]) -> None:
    aim = Decimal(min(figures))
    points = [
        TrendPoint((f"Q{n}", ""), Decimal(one), f"{one}.00%", target=aim, target_reads=f"{aim}%")
        for n, one in enumerate(figures, 1)
    ]
    scale = scale_of([point.value or Decimal(0) for point in points], "per cent", 2)
    for width in (270, 700):
        svg = trend("t", "T", points, scale, plot=84)
        value, target = boxes(svg, width, {"value": 8.5, "aim-label": 7.6})
        drawn = [one for one in ET.fromstring(svg) if one.get("class") == "line"]
        marks = [
            (float(one.get("cx", "").rstrip("%")) * width / 100, float(one.get("cy", "")))
            for one in ET.fromstring(svg)
            if one.get("class") == "marker"
        ]
        assert len(drawn) == len(marks) - 1
        for box in (value, target):
            assert not [
                (x, y) for x, y in marks if box.left < x < box.right and box.top < y < box.bottom
            ]
        assert (
            value.bottom <= target.top
            or target.bottom <= value.top
            or (value.right <= target.left or target.right <= value.left)
        )
        last_x, last_y = marks[-1]
        assert abs((value.top + value.bottom) / 2 - last_y) < 50
        assert value.left < last_x < value.right


def test_two_points_are_not_joined_and_both_say_what_they_are() -> None:
    points = [TrendPoint((f"Q{n}", ""), Decimal(n), f"{n} trees") for n in (1, 2)]
    svg = trend("t", "T", points, scale_of([Decimal(1), Decimal(2)], "trees"))
    assert 'class="line"' not in svg
    assert svg.count('class="value"') == 2


@pytest.mark.parametrize("figures", [("20", "20"), ("8.9", "11"), ("18.4", "16.6"), ("17", "18.4")])
def test_no_figure_is_printed_over_a_tick_at_the_narrowest(figures: tuple[str, str]) -> None:
    values = [Decimal(one) for one in figures]
    points = [TrendPoint((f"Q{n}", ""), one, f"{one}%") for n, one in enumerate(values)]
    svg = trend("t", "T", points, scale_of(values, "per cent"))
    ticks = [
        Box(0, float(one.get("y", "")) - 10, width_of(one.text or "", 13), float(one.get("y", "")))
        for one in ET.fromstring(svg).iter(f"{SVG}text")
        if one.get("class") == "tick" and one.get("x") == "0"
    ]
    said = [one for one in ET.fromstring(svg).iter(f"{SVG}text") if one.get("class") == "value"]
    for one in said:
        x, dx = float(one.get("x", "").rstrip("%")), float(one.get("dx", "0"))
        place = Place(x, float(one.get("y", "")), one.get("text-anchor", ""), dx)
        box = place.box(width_of(one.text or "", 15), 350)
        assert not [
            tick
            for tick in ticks
            if box.left < tick.right and box.top + 3 < tick.bottom and tick.top < box.bottom - 4
        ]


def test_a_target_goes_on_over_a_quarter_without_a_figure() -> None:
    aims = [Decimal(20), None, Decimal(20)]
    points = [
        TrendPoint((f"Q{n}", ""), aim and Decimal(25), "25 trees", target=aim,
                   target_reads="20 trees" if aim else "")
        for n, aim in enumerate(aims)
    ]  # fmt: skip
    svg = trend("t", "T", points, scale_of([Decimal(20), Decimal(25)], "trees"))
    assert svg.count('class="aim"') == 1
    assert svg.count(">target 20</text>") == 1  # its unit stands beside the figure


def test_a_label_stands_where_it_covers_least() -> None:
    drawn = Drawn(lines=[(0, 40, 100, 40)], boxes=[Box(60, 60, 100, 80)])
    over, on, clear = Place(100, 44), Place(100, 75), Place(100, 100, away=2)
    assert drawn.best([over, on, clear], 30, 100) == clear
    assert drawn.best([clear, over], 30, 100) == over  # words stand where it would be now


def test_sizes_are_in_per_cent_across_so_that_text_is_never_shrunk() -> None:
    points = [TrendPoint((f"Q{n}", ""), Decimal(n), str(n)) for n in range(1, 5)]
    svg = trend("t", "T", points, scale_of([Decimal(1), Decimal(4)], "")) + spark(
        [Decimal(1), None, Decimal(3)], [None, Decimal(2), Decimal(3)]
    )
    assert "viewBox" not in svg
    across = re.findall(r' (?:x|x1|x2|cx)="([^"]*)"', svg)
    assert len(across) > 20
    assert all(x.endswith("%") or x == "0" for x in across)


def test_figures_of_people_are_those_of_the_newest_release_of_each_quarter(tmp_path: Path) -> None:
    made = make_site(tmp_path)
    tables, quarter_of = list(TABLES.values()), read_period("2022-23 Q1")
    known = {"2022-23 Q1": [chosen(tmp_path / "analysts.duckdb", "indicators")]}
    before = read_history(made.published, quarter_of.first_day, tables, known)
    assert [one.release for one in before.quarters] == ["quarterly/2021-22-Q4/r1"]
    assert "indicators" not in before.quarters[0].tables
    _, last = read_history(made.published, quarter_of.end, tables, known).quarters
    assert last.release == "quarterly/2022-23-Q1/r2"
    assert {one["people"] for one in last.tables["workforce"]} >= {"[c]"}
    assert last.tables["indicators"][0]["indicator_id"] == "C01"
    assert read_history(tmp_path / "nothing", quarter_of.first_day, tables, known).quarters == []


def test_a_correction_of_an_earlier_quarter_is_drawn_as_it_is_known_now(tmp_path: Path) -> None:
    make_site(tmp_path)
    path = make_analysts(
        tmp_path / "analysts.duckdb", *SQL, *EARLIER,
        "update publication.pub_indicators set value = 33 where quarter = '2021-22 Q4'",
    )  # fmt: skip
    word = Override("F1", "A. Officer", "the finding is under way")
    again = publish(
        make_facts(word, sha="d"),
        analysts=path, published=tmp_path / "published", tables=tmp_path / "tables",
    )  # fmt: skip
    page = (again.path / "site" / "indicators" / "c01.html").read_text("utf-8")
    assert "Q4 2021-22, 33%" in page
    assert "compared with nothing before: its rule is a new one since April to June 2022." in page


def test_the_page_draws_what_is_known_of_both_quarters(tmp_path: Path) -> None:
    made: Made = make_site(tmp_path)
    page = (made.second.path / "site" / "indicators" / "c01.html").read_text("utf-8")
    shown = page[page.index('id="over-time"') : page.index('id="trend-caption"')]
    for quarter_name in ("2021-22 Q4", "2022-23 Q1"):
        rows = chosen(tmp_path / "analysts.duckdb", "indicators", quarter_name).texts_by_column
        value = next(one["value"] for one in rows if one["indicator_id"] == "C01")
        assert f"{value.removesuffix('.0')}%" in shown
    assert "target 70%" in shown
    assert "../../../../../quarterly/2021-22-Q4/r1/site/index.html" in page
