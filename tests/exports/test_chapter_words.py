"""What the Annual Review says in words: it contradicts no table, and says each thing once.

What is missing is said, whose a figure is, and why there is no story.
"""

import csv
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from exports.definitions.narrative import Narrative, read_narrative, with_measures
from exports.definitions.table import every_table
from exports.edition.facts import Caution, Edition
from exports.edition.history import History, KnownQuarter
from exports.edition.not_known import cautioned
from exports.figures.cell import Cell
from exports.figures.selection import Selection
from exports.narrative.by_whom import Services
from exports.narrative.chapters import ChapterFigure, RenderedChapter, render_chapters
from exports.narrative.render import render_sections
from exports.narrative.rendered import RenderedSection, text_of
from exports.release.publish import Release
from exports.site.chapters import chapter_views
from flows.common.periods import Period, read_period
from tests.support.definitions import PLACES
from tests.support.exports_made import make_facts
from tests.support.year_made import Year, fill_year, publish_year

YEAR: Period = read_period("2022-23")
ANNUAL: Narrative = with_measures(read_narrative("annual", PLACES.narrative), PLACES.seeds)
TABLES = {one.name: one for one in every_table(PLACES.tables)}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("year")
    return publish_year(fill_year(folder / "analysts.duckdb"), folder / "published")


def rows_of(release: Release, name: str) -> list[dict[str, str]]:
    with (release.path / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def said(release: Release, section: str) -> list[str]:
    return [row["sentence"] for row in rows_of(release, "words.csv") if row["section"] == section]


def table(name: str, *rows: dict[str, str]) -> Selection:
    """A published table of these texts; `[x]` in every column that is not given."""
    names = [one.name for one in TABLES[name].columns]
    cells = tuple(tuple(cell(row.get(one, "[x]")) for one in names) for row in rows)
    return Selection(TABLES[name], cells)


def cell(text: str) -> Cell:
    if text.startswith("["):
        return Cell(None, text)
    return Cell(Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text)


def returns(**missing: int) -> Selection:
    """The table of the year's returns, ten owed of each kind."""
    rows = [
        {"year": "2022-23", "return": name, "owed": "10", "missing": str(count)}
        for name, count in missing.items()
    ]
    return table("returns_of_the_year", *rows)


def complete(selection: Selection) -> list[str]:
    """What is said of returns alone."""
    (section,) = (one for one in ANNUAL.sections if one.name == "complete")
    kept = section.sentences[:2]
    own = ANNUAL.model_copy(
        update={"sections": [section.model_copy(update={"sentences": kept})], "chapters": None}
    )
    return [text_of(one) for one in render_sections(own, [selection], YEAR)[0].sentences]


def test_what_is_missing_stands_first_and_only_returns_of_which_all_came_are_called_so() -> None:
    found = complete(returns(finance_payments=0, service_returns=1, supplier_returns=4))
    assert found == [
        "Some returns that were owed did not come: Services' returns (1 of 10), Suppliers' returns"
        " (4 of 10).",
        "All that was owed has come of: Payments (10).",
    ]
    assert complete(returns(finance_payments=0)) == [
        "All that was owed has come of: Payments (10)."
    ]
    assert len(complete(returns(finance_payments=2))) == 1


def test_a_review_contradicts_its_table_of_returns_nowhere(year: Year) -> None:
    missing, *others = said(year.annual, "complete")
    assert "did not come: Progress on commitments (1 of 20)" in missing
    assert not any("Progress on commitments" in one for one in others)
    words = (year.annual.path / "words.csv").read_text("utf-8")
    assert "Every return" not in words


def figures(*rows: tuple[str, str, str]) -> Selection:
    """Figures of a year: indicator, basis and value."""
    return table(
        "year_figures",
        *(
            {
                "year": "2022-23",
                "role": "civic leader",
                "indicator_id": number,
                "title": "Trees planted",
                "figure": basis.capitalize(),
                "basis": basis,
                "value": value,
                "value_before": "265",
                "unit": "trees",
                "direction": "higher is better",
                "verdict": "better",
            }
            for number, basis, value in rows
        ),
    )


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("366", ", 366 trees of it by services in this role"),
        ("0", ", by suppliers and by services in other roles"),
        ("587", ""),
        ("[x]", ""),
    ],
)
def test_a_measure_of_all_roles_says_how_much_is_of_the_chapters_services(
    own: str, told: str
) -> None:
    whole = {"measure_id": Cell("M19"), "gross": Cell(Decimal(587))}
    services = Services(figures(("L03", "validated", own)), {"M19": "L03"})
    assert text_of(services.by_whom(whole)) == told
    assert Services(figures(("L03", "validated", own)), {}).by_whom(whole) == ()


def test_the_registry_says_by_which_indicator_a_roles_services_report_a_measure() -> None:
    assert ANNUAL.chapters
    own = {one.name: one.services for one in ANNUAL.chapters.each}
    assert own["investor"] == {"M20": "I04"}
    assert own["civic-leader"]["M19"] == "L03"
    assert own["commissioner"] == {}


def test_no_box_says_that_all_together_delivered_what_one_role_did(year: Year) -> None:
    words = (year.annual.path / "words.csv").read_text("utf-8")
    assert "Trees planted: 587 trees" in words
    assert "by suppliers and services together" not in words


def chapters(*more: Selection, waiting: str = "0") -> dict[str, RenderedChapter]:
    """The chapters of a release with these tables, and others that are empty."""
    story = {"return": "case_studies", "stories_waiting": waiting}
    given = {one.table.name: one for one in (table("returns_of_the_year", story), *more)}
    every = [given.get(name, Selection(one, ())) for name, one in TABLES.items()]
    assert ANNUAL.chapters
    return {one.name: one for one in render_chapters(ANNUAL.chapters, every, YEAR)}


def stories_of(chapter: RenderedChapter) -> list[str]:
    section = chapter.sections[-1]
    return [text_of(one) for one in section.sentences] or [section.if_none]


def test_a_chapter_without_a_story_says_so_and_whether_stories_wait() -> None:
    assert stories_of(chapters()["commissioner"]) == ["No story of this role was told this year."]
    (held,) = stories_of(chapters(waiting="2")["commissioner"])
    assert held.startswith("No story of this role can be told yet.")
    assert held.endswith(": 2.")


def test_the_page_of_a_chapter_without_a_story_says_so(year: Year) -> None:
    pages = year.annual.path / "site" / "chapters"
    assert "No story of this role" in (pages / "commissioner.html").read_text("utf-8")
    assert "No story of this role" not in (pages / "employer.html").read_text("utf-8")


def story(measure: str) -> Selection:
    texts = {"title": "A title", "story": "A story.", "role": "employer", "quarter": "2022-23 Q1"}
    return table("stories", {"story_number": "1", "measure": measure, **texts})


def test_a_storys_count_of_people_is_rounded_and_says_of_whom_it_is_not() -> None:
    people = {"measure_id": "M03", "measure": "Apprenticeships started", "people": "5"}
    made = chapters(story(people["measure"]), table("people_supported", people))
    (one,) = made["employer"].stories
    assert text_of(one.number) == "Apprenticeships started: about 5 this year."
    assert "own staff are counted apart" in one.apart
    hours = {"measure_id": "M08", "measure": "Volunteering hours", "gross": "300", "unit": "hours"}
    made = chapters(story(hours["measure"]), table("additionality", hours))
    assert made["employer"].stories[0].apart == ""


def trees(**values: str) -> tuple[ChapterFigure, str]:
    """The figure of a chapter, and what is said of it below its picture."""
    rows = figures(*(("L03", basis, value) for basis, value in values.items()))
    chapter = chapters(rows)["civic-leader"]
    edition = Edition(make_facts(period="2022-23", publication="annual"), 1, "final", [])
    (view,) = chapter_views(edition, [chapter], [rows], History())
    return chapter.figures[0], view.figures[0].remark


def test_a_figure_of_which_a_part_is_not_checked_is_neither_better_nor_worse() -> None:
    part, remark = trees(validated="366", evidenced="673", claimed="673")
    assert part.is_partly
    assert remark == "Part of the 673 trees claimed is not checked yet."
    whole, remark = trees(validated="673", evidenced="673", claimed="673")
    assert not whole.is_partly
    assert remark == "Better than the year before."
    none, remark = trees(validated="0", evidenced="0", claimed="673")
    assert remark == "Better than the year before. None of the 673 trees claimed is checked yet."
    assert none.figure.text == "Claimed"


def points(name: str) -> RenderedSection:
    return RenderedSection(name, name, "", (), (), "None.")


def test_a_caution_stands_once_and_under_no_good_news(year: Year) -> None:
    note = Caution(("C04",), "year_figures", "A caution.")
    told = table("review_points", {"indicator_id": "C04", "title": "Spend"})
    sections = render_sections(
        Narrative.model_validate(
            {
                "sections": [
                    {
                        "name": "working-well",
                        "title": "Well",
                        "if_none": "None.",
                        "sentences": [{"for_each": {"table": "review_points"}, "say": "{title}."}],
                    }
                ]
            }
        ),
        [told],
        YEAR,
    )
    well, last = cautioned([*sections, points("complete")], [told], [note])
    assert [text_of(one) for one in well.sentences] == ["Spend."]
    assert [text_of(one) for one in last.sentences] == ["C04: A caution."]
    for chapter in (year.annual.path / "site" / "chapters").glob("*.html"):
        text = chapter.read_text("utf-8")
        for one in set(re.findall(r"[A-Z]\d\d: [^<]*is not known[^<]*", text)):
            assert text.count(one) == 1, (chapter.name, one)


def test_a_few_points_pass_over_the_figures_that_the_lead_tells() -> None:
    rows = [
        {"indicator_id": number, "title": f"Title {number}", "value": value, "part": "[z]"}
        for number, value in (("C02", "57.8"), ("C04", "28.0"))
    ]
    sentence = {"for_each": {"table": "review_points"}, "say": "{title}."}
    section = {"name": "well", "title": "Well", "if_none": "None.", "sentences": [sentence]}
    told = [{"indicator_id": "C02", "value": "57.8"}]
    for few, found in (({"at_most": 4}, ["Title C04."]), ({}, ["Title C02.", "Title C04."])):
        own = Narrative.model_validate({"sections": [{**section, **few}]})
        (made,) = render_sections(own, [table("review_points", *rows)], YEAR, told)
        assert [text_of(one) for one in made.sentences] == found


def test_the_real_living_wage_stands_beside_its_target() -> None:
    rows = [
        {"indicator_id": "E12", "basis": "known", "employer": "All", "percent_of_people": "92"},
        {"indicator_id": "E12", "basis": "accreditation", "employer": "All",
         "percent_of_people": "94", "target": "100"},
    ]  # fmt: skip
    (section,) = (one for one in ANNUAL.sections if one.name == "glance")
    only = ANNUAL.model_copy(update={"sections": [section], "chapters": None})
    others = [Selection(TABLES[name], ()) for name in ("year_figures", "cost_and_benefit")]
    (glance,) = render_sections(only, [table("workforce_shares", *rows), *others], YEAR)
    assert [text_of(one) for one in glance.sentences] == [
        "The Real Living Wage or more is paid to 92% of adult staff.",
        "Of the adult staff whom the scheme covers, 94% are paid it. The target is 100%.",
    ]


def test_what_is_given_in_kind_is_called_so_everywhere() -> None:
    texts = [path.read_text("utf-8") for path in PLACES.narrative.glob("*.yaml")]
    for name in ("measures", "indicators", "indicator_bases"):
        with (PLACES.seeds / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            texts += [row["title"] for row in csv.DictReader(lines)]
    for one in TABLES.values():
        texts += [one.about, *one.notes, *(column.label for column in one.columns)]
    bare = [
        re.sub(r"in-kind-\w+", "", text) for text in texts
    ]  # names of figures, which none reads
    said_of = [
        hit[0] for text in bare for hit in re.finditer(r"(\S+ )*?\S+ in[- ]kind", text, re.I)
    ]
    assert len(said_of) > 8
    assert not re.search(r"in-kind|help in kind", "\n".join(bare), re.I)
    assert all(re.search(r"\b(given|gave)\b", one, re.I) for one in said_of), said_of


def test_a_caution_of_what_a_chapter_draws_stands_with_it_once() -> None:
    edition = Edition(make_facts(period="2022-23", publication="annual"), 1, "final", [])
    note = Caution(("E02",), "workforce_shares", "A caution.")
    words = {"indicator_id": "E02", "title": "Homes", "role": "employer", "basis": "known",
             "figure": "Of all"}  # fmt: skip
    row = {"indicator_id": "E02", "basis": "known", "employer": "All", "percent_of_people": "40"}
    row |= {"status": "final", "target": "[z]"}
    quarters = [
        KnownQuarter(read_period(label), "", {"workforce_shares": [row]})
        for label in ("2022-23 Q1", "2022-23 Q2")
    ]
    past = History(quarters, [TABLES["workforce_shares"]])
    chapter = chapters()["employer"]
    for already in ((), ("E02: A caution.",)):
        (view,) = chapter_views(
            replace(edition, cautions=[note]),
            [replace(chapter, cautions=already)],
            [table("definitions", words)],
            past,
        )
        assert [one.indicator for one in view.people] == ["E02"]
        assert view.cautions == ["E02: A caution."]
