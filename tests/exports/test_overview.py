"""The front page: a headline by rule, cards, seven actions at most, names for codes, a map."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from exports.definitions.narrative import read_narrative
from exports.definitions.table import every_table
from exports.edition.changes import Change
from exports.edition.facts import Edition
from exports.figures.cell import Cell
from exports.figures.selection import Selection
from exports.narrative.actions import AT_MOST, Action, render_actions
from exports.narrative.lead import RenderedLead, render_lead
from exports.narrative.rendered import RenderedSentence, text_of
from exports.site.changes_page import changes_view
from exports.site.names import Names
from exports.site.overview import cards_of
from exports.site.place_map import tiles_of
from tests.exports.test_trends import history
from tests.support.definitions import PLACES
from tests.support.exports_made import Change as Made
from tests.support.exports_made import Facts, chosen

EVERY = {one.name: one for one in every_table(PLACES.tables)}
LEAD = read_narrative("quarterly", PLACES.narrative).lead
SEED = (
    b"geography_code,geography_name,kind,population,tile_row,tile_column\n"
    b"E47000004,Liverpool City Region,region,,,\nE06000006,Halton,district,100,3,2\n"
)


def rows(table: str, *given: dict[str, object]) -> Selection:
    """A selection of the table; what a row does not say is not applicable."""
    definition = EVERY[table]
    made = [
        tuple(
            Cell(row[column.name]) if column.name in row else Cell(None, "[z]")  # type: ignore[arg-type]
            for column in definition.columns
        )
        for row in given
    ]
    return Selection(definition, tuple(made))


def figure(
    number: str, basis: str, value: str, before: str | None, verdict: str
) -> dict[str, object]:
    named = {"indicator_id": number, "basis": basis, "unit": "per cent"}
    figures = {"value": Decimal(value), "target": Decimal(60)}
    known = {"value_before": Decimal(before), "verdict_before": verdict} if before else {}
    return {**named, **figures, **known, "direction": "higher is better"}


def led(*given: dict[str, object]) -> RenderedLead:
    assert LEAD
    return render_lead(LEAD, [rows("indicators", *given)])


def test_bad_news_that_misses_its_target_comes_before_larger_good_news() -> None:
    lead = led(
        figure("C01", "all", "48.1", "54.0", "worse"),
        figure("C05", "within-30-days", "90", "40", "better"),
    )
    assert lead.section.title == "Less of the money stayed local this quarter"
    assert [text_of(one) for one in lead.section.sentences] == [
        "48.1% of all spend stayed in the city region, down from 54% in the quarter before."
        " The target of 60% is missed.",
        "90% of invoices were paid in time, up from 40% in the quarter before."
        " The target of 60% is met.",
    ]


def test_the_furthest_moved_is_the_headline_and_without_movement_none_is() -> None:
    lead = led(
        figure("C01", "all", "50", "54", "worse"),
        figure("C05", "within-30-days", "20", "40", "worse"),
    )
    assert lead.section.title == "Fewer invoices were paid in time this quarter"
    assert led(figure("C01", "all", "50", "50", "the same")).section.title == (
        "The figures of social value held steady this quarter"
    )


def test_where_nothing_was_known_before_nothing_is_said_to_have_held_steady() -> None:
    assert led(figure("C01", "all", "50", None, "")).section.title == (
        "The first figures of social value, for this quarter"
    )


def test_a_card_says_its_target_and_one_without_a_figure_says_so() -> None:
    cards = led(figure("C01", "all", "61", "54", "better")).cards
    assert (cards[0].is_met, text_of((cards[0].target,)) if cards[0].target else "") == (
        True,
        "60%",
    )
    assert cards[1].value is None
    assert cards[1].label == "It is not known what share of invoices were paid in time"


def missed(number: str, value: str | None = "1.0") -> dict[str, object]:
    row: dict[str, object] = {
        "kind": "Target missed", "subject": f"{number} Local spend: Of all spend", "about": "all",
        "period": "2022-23 Q1", "rating": "RED", "compared_with": Decimal(60), "unit": "per cent",
    }  # fmt: skip
    return row | ({"figure": Decimal(value)} if value else {})


def off_track(number: str, due: date | None) -> dict[str, object]:
    row: dict[str, object] = {
        "kind": "Commitment off track", "subject": f"{number} Cut the carbon", "rating": "RED",
        "about": "Head of People", "period": "2022-23 Q1", "action": "Buy a ship.",
    }  # fmt: skip
    return row | ({"action_due": due} if due else {})


def texts(action: Action) -> list[str]:
    parts: list[RenderedSentence] = [action.what, action.who, action.by_when, action.how_far]
    return [text_of(one) for one in parts]


def test_an_action_says_what_who_by_when_and_how_far_off() -> None:
    found = render_actions(
        [rows("exceptions", off_track("FC11", date(2023, 5, 30)), off_track("FC12", None),
              missed("C01", "48.1"), missed("E12", None))]
    )  # fmt: skip
    assert found
    assert [texts(one) for one in found.rows] == [
        ["Cut the carbon", "Head of People", "30 May 2023", "Buy a ship."],
        ["Cut the carbon", "Head of People", "no date is set", "Buy a ship."],
        ["Local spend (of all spend)", "nobody is named", "no date is set", "48.1%, target 60%"],
        ["Local spend (of all spend)", "nobody is named", "no date is set",
         "hidden, to protect people, target 60%"],
    ]  # fmt: skip
    assert [one.code for one in found.rows] == ["FC11", "FC12", "C01", "E12"]
    assert not found.more


def agreed(action: str = "Buy a ship.") -> dict[str, object]:
    return {
        "quarter": "2022-23 Q1", "agreed_in": "2021-22 Q4", "commitment_id": "FC11",
        "title": "Cut the carbon", "responsible_post": "Head of Ships", "action": action,
        "state": "overdue", "due": date(2022, 5, 1), "days_overdue": 60,
    }  # fmt: skip


def test_what_was_agreed_earlier_and_is_not_done_comes_first() -> None:
    done = {**agreed(), "commitment_id": "FC13", "state": "done"}
    new = {**agreed(), "commitment_id": "FC12", "agreed_in": "2022-23 Q1"}
    found = render_actions(
        [rows("exceptions", off_track("FC12", None), off_track("FC11", None)),
         rows("actions", agreed(), done, new)]
    )  # fmt: skip
    assert found
    assert [one.code for one in found.rows] == ["FC11", "FC12"]
    assert texts(found.rows[0]) == [
        "Cut the carbon", "Head of Ships", "1 May 2022",
        "Buy a ship. Overdue by 60 days when the quarter ended. Now: Buy a ship.",
    ]  # fmt: skip


def test_what_this_quarter_reports_of_an_open_action_stands_beside_it() -> None:
    silent = off_track("FC11", None) | {"kind": "Commitment not reported"}
    del silent["action"]
    said = []
    for now in (off_track("FC11", date(2022, 9, 1)), silent):
        found = render_actions([rows("exceptions", now), rows("actions", agreed("Ask the yard."))])
        assert found
        said.append(texts(found.rows[0])[3])
    assert said == [
        "Ask the yard. Overdue by 60 days when the quarter ended. Now: Buy a ship. By 1 September"
        " 2022.",
        "Ask the yard. Overdue by 60 days when the quarter ended.",
    ]


def test_at_most_seven_rows_are_shown_and_one_an_indicator() -> None:
    found = render_actions(
        [rows("exceptions", *(missed(f"C{n:02}") for n in (1, 1, *range(2, 10))))]
    )
    assert found
    assert len(found.rows) == AT_MOST
    assert [one.code for one in found.rows] == [f"C0{n}" for n in range(1, 8)]
    assert [text_of(one) for one in found.further] == [
        f"Other targets missed: {'; '.join(['Local spend (of all spend) 1%, target 60%'] * 3)}."
    ]
    assert not found.more


def test_a_target_is_named_though_commitments_take_every_row() -> None:
    every = (off_track(f"FC{n}", None) for n in range(11, 19))
    found = render_actions([rows("exceptions", *every, missed("C01", "48.1"))])
    assert found
    assert [one.code for one in found.rows] == [f"FC{n}" for n in range(11, 18)]
    assert found.more
    assert [text_of(one) for one in found.further] == [
        "Other targets missed: Local spend (of all spend) 48.1%, target 60%."
    ]


def returned(sender: str, outcome: str, late: int) -> dict[str, object]:
    return {"return": "supplier_returns", "sender": sender, "period": "2022-23 Q1",
            "part": "whole period", "outcome": outcome, "late_days": late}  # fmt: skip


def contract(name: str, sender: str | None, value: str) -> dict[str, object]:
    row: dict[str, object] = {"contract_reference": f"{sender}{value}", "supplier": name}
    row["has_commitment"] = True
    return row | {"value": Decimal(value)} | ({"sends_as": sender} if sender else {})


def test_suppliers_are_named_most_money_first_and_withheld_names_stay_withheld() -> None:
    found = render_actions([
        rows("exceptions"),
        rows("returns_received", returned("s1", "missing", 3), returned("s2", "missing", 3),
             returned("s3", "loaded", 19), returned("s4", "loaded", 0)),
        rows("contracts", contract("Small Works", "s1", "20000.00"),
             contract("Total Tidewater Lifts", "s2", "7000000.00"),
             contract("Total Tidewater Lifts", "s2", "90000.00"),
             contract("Total Tidewater Lifts", "s2", "500000.00") | {"has_commitment": False},
             contract("REDACTED PERSONAL DATA", None, "1.00")),
    ])  # fmt: skip
    assert found
    assert [text_of(one) for one in found.further] == [
        "Not in the figures, for no sound return came: Total Tidewater Lifts (contracts worth"
        " £7.1 million); Small Works (contracts worth £20,000).",
        "Late: Suppliers' returns for 2022-23 Q1 (s3, 19 days).",
    ]
    cells = [piece.source for piece in found.further[0] if piece.source]
    assert len([one for one in cells if one.column == "value"]) == 3


def test_a_release_without_exceptions_has_no_actions() -> None:
    assert render_actions([rows("contracts")]) is None


def test_a_tile_is_a_district_with_its_money_and_money_for_each_resident(
    analysts: Made, facts: Facts
) -> None:
    selection = chosen(analysts(), "local_spend")
    kept = replace(facts(), definitions={"seeds/geographies.csv": SEED})
    (tile,) = tiles_of(Edition(kept, 1, "final", []), [selection])
    assert (tile.name, tile.money, tile.row, tile.column) == ("Halton", "£0.01", 3, 2)
    assert tile.for_each == "£0 for each resident"
    assert tiles_of(Edition(facts(), 1, "final", []), [selection]) == []
    at = int(tile.anchor.rpartition("-")[2]) - 1
    assert selection.by_column[at]["place"].text == "Halton"


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("return added: supplier_returns s1 2022-23 Q4, supplier_returns s2 2022-23 Q4",
         ["2 returns came in"]),
        ("return replaced: hr_workforce a 2022; overrides changed",
         ["1 return was sent again", "overrides changed"]),
    ],
)  # fmt: skip
def test_why_is_said_once_and_in_words(why: str, said: list[str]) -> None:
    changes = [
        Change("spend_by_place", f"place_group=P{n}", "amount", str(n), str(n + 1), why)
        for n in range(1, 9)
    ]
    view = changes_view(changes, list(EVERY.values()))
    assert view.reasons == said
    assert (view.count, view.tables) == (8, 1)
    assert [one.row for one in view.largest] == ["P1", "P2", "P3", "P4", "P5"]
    assert view.largest[0].column == "Net spend (£)"


def test_the_largest_changes_are_of_what_indicators_come_to_before_any_other() -> None:
    late = Change("returns_received", "return=supplier_returns", "days_late", "2", "19", "")
    part = Change("indicators", "indicator_id=C06", "numerator", "1", "9", "")
    news = Change("indicators", "indicator_id=C09", "value", "22.2", "33.3", "")
    view = changes_view([late, part, news], list(EVERY.values()))
    assert [(one.old, one.new) for one in view.largest] == [
        ("22.2", "33.3"),
        ("2", "19"),
        ("1", "9"),
    ]


def test_a_line_of_quarters_says_what_its_dot_is_beside_the_figure_of_a_year() -> None:
    quarters = history("50.0", "46.4")

    def remark(value: str) -> str:
        return cards_of(led(figure("C01", "all", value, None, "")), quarters, [])[0].remark

    assert remark("51") == "The dot is 2021-22 Q2: 46.4%."
    assert remark("46.4") == ""


def test_a_changed_figure_has_its_unit() -> None:
    """The key of a row names it; one that is gone has none to tell."""
    keys = {"money": "GBP", "share": "per cent", "pound": "GBP for each GBP", "stay": "days"}
    names = Names(
        units={("indicators", f"indicator_id=C06; basis={key}"): unit for key, unit in keys.items()}
    )
    changes = [
        Change("indicators", f"indicator_id=C06; basis={key}", "value", "-1234.5", "2", "")
        for key in [*keys, "gone"]
    ]
    view = changes_view(changes, list(EVERY.values()), names)
    assert [(one.old, one.new) for one in view.listed] == [
        ("-£1,234.5", "£2"),
        ("-1,234.5%", "2%"),
        ("-£1,234.5 for each pound", "£2 for each pound"),
        ("-1,234.5 days", "2 days"),
        ("-1,234.5", "2"),
    ]


def test_a_row_that_came_or_went_is_one_change_and_codes_have_their_names() -> None:
    changes = [
        Change("measures", f"measure_id={number}", column, old, new, "")
        for number, old, new in (("M01", "", "1"), ("M02", "1", ""), ("M03", "1", "2"))
        for column in ("committed", "due_to_date")
    ]
    view = changes_view(changes, list(EVERY.values()), Names({"M01": "Local people employed"}))
    assert view.count == 6
    listed = [(one.row, one.column, one.old, one.new) for one in view.listed]
    assert listed == [
        ("Local people employed (M01)", "The whole row", "not in it", "in it"),
        ("M02", "The whole row", "in it", "not in it"),
        ("M03", "Committed", "1", "2"),
        ("M03", "Due to date", "1", "2"),
    ]
