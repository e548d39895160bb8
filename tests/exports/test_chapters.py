"""The Annual Review's chapters: each says and draws its role's published cells, and no other's."""

import csv
import html
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from exports.definitions.narrative import read_narrative, with_measures
from exports.figures.display import spoken
from exports.release.publish import Release
from tests.support.definitions import PLACES
from tests.support.year_made import Year, fill_year, publish_year

CELL = re.compile(r'<data[^>]* value="([^"]*)" data-cell="(\w+) (\d+) (\w+)">([^<]*)</data>')
PICTURE = re.compile(r'<title id="[^"]*">([^<]*)</title><desc id="[^"]*">([^<]*)</desc>(.*?)</svg>')
WIDTH = re.compile(r'<rect class="(bar[^"]*)"[^>]* width="([\d.]+)%"')
ROLES = ["employer", "service-provider", "commissioner", "investor", "civic-leader"]
BOOK = with_measures(read_narrative("annual", PLACES.narrative), PLACES.seeds).chapters


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("year")
    return publish_year(fill_year(folder / "analysts.duckdb"), folder / "published")


def seed(name: str) -> list[dict[str, str]]:
    with (PLACES.seeds / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def table(release: Release, name: str) -> list[dict[str, str]]:
    with (release.path / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def page(year: Year, chapter: str) -> str:
    return Path(year.annual.path, "site", "chapters", f"{chapter}.html").read_text("utf-8")


def pictures(text: str) -> Iterator[tuple[str, str, list[tuple[str, Decimal]]]]:
    """Title, description, and the widths of the bars, of every picture of a page."""
    for title, said, drawn in PICTURE.findall(text):
        bars = [(kind, Decimal(width)) for kind, width in WIDTH.findall(drawn)]
        yield html.unescape(title), html.unescape(said), bars


def test_every_role_measure_and_indicator_has_its_chapter() -> None:
    assert BOOK
    assert [one.name for one in BOOK.each] == ROLES
    of = {one.of["role"][0]: one.of["measure_id"] for one in BOOK.each}
    indicators = seed("indicators")
    assert {row["role"] for row in indicators} - {"framework"} == of.keys()
    told = [measure for measures in of.values() for measure in measures]
    assert sorted(told) == sorted(row["measure_id"] for row in seed("measures"))
    for row in seed("service_indicators"):
        assert row["measure_id"] in of[row["role"]], row["indicator_id"]


@pytest.mark.parametrize("chapter", ROLES)
def test_each_cell_that_a_chapter_says_is_published_so(year: Year, chapter: str) -> None:
    found = CELL.findall(page(year, chapter))
    assert found
    for value, name, at, column, reads in found:
        row = table(year.annual, name)[int(at) - 1]
        assert html.unescape(value) == html.unescape(reads)
        text, said = row[column], html.unescape(reads)
        if re.fullmatch(r"-?\d+(\.\d+)?", text) and column not in ("n_expected", "n_reporting"):
            units = {row.get("unit", ""), "people", "hours", "FTE years", "per cent", ""}
            assert said in {spoken(Decimal(text), unit) for unit in units}, (name, column)
        elif not text.isdigit():
            assert said.casefold() == text.casefold() or column in ("rests_on", "quarter")
        role = row.get("role", chapter).replace(" ", "-")
        assert role == chapter, f"{name} {at} is of another role"


def test_a_bar_is_as_long_as_its_cell_beside_last_year_and_target(year: Year) -> None:
    drawn = {title: (said, bars) for title, said, bars in pictures(page(year, "commissioner"))}
    seen = 0
    for row in table(year.annual, "year_figures"):
        found = drawn.get(f"{row['title']}: {row['figure']}")
        if found is None:
            continue
        seen += 1
        said, bars = found
        now, before = Decimal(row["value"]), Decimal(row["value_before"])
        assert bars[0][0] == "bar"
        assert bars[1][0] == "bar past"
        # a share of the whole hundred; of others the two bars are to one another as the cells are
        if row["unit"] == "per cent":
            assert [width for _, width in bars] == [now, before]
        assert f"This year: {spoken(now, row['unit'])}" in said
        assert f"the year before: {spoken(before, row['unit'])}" in said
        aim = row["target"]
        assert (f"target: {spoken(Decimal(aim), row['unit'])}" in said) if aim != "[z]" else True
    assert seen >= 4


def test_a_target_that_changed_within_the_year_is_said(year: Year) -> None:
    (row,) = (one for one in table(year.annual, "year_figures") if one["target_since"] != "[z]")
    now, before = (spoken(Decimal(row[name]), row["unit"]) for name in ("target", "target_before"))
    words = f"The target was {before} until 30 September 2022 and is {now} from 1 October 2022."
    assert before == "55%"
    assert page(year, "commissioner").count(words) == 1
    own = Path(year.annual.path, "site", "indicators", f"{row['indicator_id'].lower()}.html")
    assert own.read_text("utf-8").count(words) == 1
    assert "The target was" not in page(year, "investor")
    said = Path(year.annual.path, "words.csv").read_text("utf-8")
    assert f"target {now}. {words}" in said


def test_an_estimate_is_drawn_with_its_range(year: Year) -> None:
    rows = [row for row in table(year.annual, "additionality") if row["net_low"] != "[x]"]
    drawn = {
        title: (said, bars) for name in ROLES for title, said, bars in pictures(page(year, name))
    }
    for row in rows:
        gross, low, net, high = (
            Decimal(row[name]) for name in ("gross", "net_low", "net_central", "net_high")
        )
        reads = [spoken(one, row["unit"]) for one in (gross, low, net, high)]
        said, bars = drawn[f"{row['measure']}: {reads[2]} of {reads[0]}"]
        assert abs(bars[0][1] - 100 * net / gross) < Decimal("0.01")
        assert f"somewhere from {reads[1]} to {reads[3]}" in said
    assert len(rows) == 2


def test_promise_evidence_and_validation_are_those_of_the_last_quarter(year: Year) -> None:
    title, said, bars = next(
        one for one in pictures(page(year, "commissioner")) if one[0].startswith("Promised by")
    )
    assert "by the end of 2022-23," in title
    assert "as released on" not in title  # the review has the table itself
    rows = {
        row["title"]: row
        for row in table(year.quarterly, "measures")
        if Decimal(row["due_to_date"] or 0)
    }
    told = said.removeprefix("Bars. ").removesuffix(".").split("; ")
    assert len(told) == len(rows)
    assert len(bars) == 3 * len(rows)
    for number, one in enumerate(told):
        row = rows[one.partition(": ")[0]]
        due = Decimal(row["due_to_date"])
        kinds = ("claimed_to_date", "evidenced_to_date", "validated_to_date")
        for (_, width), name in zip(bars[3 * number : 3 * number + 3], kinds, strict=True):
            assert abs(width - min(100 * Decimal(row[name]) / due, 100)) < Decimal("0.01")
            assert spoken(Decimal(row[name]), row["unit"]) in one


def test_a_story_is_a_quotation_with_its_place_and_number(year: Year) -> None:
    stories = table(year.annual, "stories")
    for row in stories:
        text = page(year, row["role"].replace(" ", "-"))
        story = text[text.index('<article class="story">') :]
        said = html.unescape(re.sub(r"<[^>]*>", "", story))
        for name in ("title", "story", "what_changed", "district"):
            assert row[name] in said
        assert row["story"] in html.unescape(
            re.sub(r"<data[^>]*>|</data>", "", story).split("<p>")[1]
        )
        assert "Told with consent" in said
    assert len(stories) == 2


def test_the_overview_lists_a_handful_and_the_chapters_the_rest(year: Year) -> None:
    with (year.annual.path / "words.csv").open(encoding="utf-8", newline="") as lines:
        said = list(csv.DictReader(lines))
    for name in ("working-well", "improve"):
        whole = [row["sentence"] for row in said if row["section"] == name and row["cells"]]
        rest = [row["sentence"] for row in said if row["section"].endswith(f"-{name}")]
        assert 0 < len(whole) <= 4
        assert set(whole) <= set(rest)


def test_a_measure_is_in_the_chapter_of_the_role_that_the_registry_gives_it(
    tmp_path: Path,
) -> None:
    shutil.copytree(PLACES.seeds, tmp_path / "seeds")
    for name, row in (
        ("measures", {"measure_id": "X1"}),
        ("measures", {"measure_id": "X2"}),
        ("service_indicators", {"measure_id": "X1", "indicator_id": "I01", "role": "investor"}),
    ):
        with (tmp_path / "seeds" / f"{name}.csv").open("r+", encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
            file.seek(0, 2)
            csv.DictWriter(file, header, restval="").writerow(row)
    book = with_measures(read_narrative("annual", PLACES.narrative), tmp_path / "seeds").chapters
    assert book
    found = {one.name: one.of["measure_id"] for one in book.each}
    assert [name for name, measures in found.items() if "X1" in measures] == ["investor"]
    assert [name for name, measures in found.items() if "X2" in measures] == ["commissioner"]
    assert found["employer"] == ["M08"]
    assert len(found["commissioner"]) == 10
