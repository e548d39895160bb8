"""The pages are plain: no page asks more than nine years of school, and figures are rounded."""

import html
import re
from decimal import Decimal
from pathlib import Path

import pytest

from exports.definitions.table import ColumnDefinition
from exports.figures.cell import Cell
from exports.figures.display import plain, spoken
from tests.support.reading_grade import grade, syllables
from tests.support.year_made import Year, fill_year, publish_year

MOST = 9
_NOT_PROSE = re.compile(r"<(table|svg|pre|h1|h2|h3|figcaption|nav)\b.*?</\1>", re.DOTALL)
_BLOCK = re.compile(r"<(p|li|dd)\b[^>]*>(.*?)</\1>", re.DOTALL)
# Names and figures are left out, and where a sentence leads.
_LEFT_OUT = re.compile(r'<(data|strong|code)\b.*?</\1>|<(a|span) class="where".*?</\2>', re.DOTALL)
_NAMES = re.compile(r'<span class="also">.*?(?=</li>)', re.DOTALL)  # the files of a table
_FEWEST = 4  # words: less is a label


def prose_of(page: Path) -> list[str]:
    """The sentences of a page, without names and figures."""
    text = page.read_text("utf-8")
    main = _NOT_PROSE.sub("", text[text.index("<main") : text.index("</main>")])
    found = []
    for _, block in _BLOCK.findall(_NAMES.sub("", main)):
        bare = html.unescape(re.sub(r"<[^>]*>", " ", _LEFT_OUT.sub("", block)))
        if len(bare.split()) >= _FEWEST:
            found.append(" ".join(bare.split()))
    return found


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("year")
    return publish_year(fill_year(folder / "analysts.duckdb"), folder / "published")


def test_no_page_asks_more_than_nine_years_of_school(year: Year) -> None:
    grades = {page: grade(prose_of(page)) for page in year.pages}
    assert len(grades) > 60
    hard = {page.name: round(found, 1) for page, found in grades.items() if found > MOST}
    assert hard == {}


def test_a_hard_text_is_seen() -> None:
    plain = "The cat sat on the mat. It was warm."
    hard = (
        "Additionality, notwithstanding methodological considerations concerning displacement,"
        " necessitates proportionate evaluation of counterfactual implementation arrangements."
    )
    assert grade([plain]) < 3 < 20 < grade([hard])
    assert [syllables(word) for word in ("cat", "value", "people", "promised", "authority")] == [
        1, 2, 2, 2, 4,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("figure", "unit", "said"),
    [
        ("11173194.30", "GBP", "£11.2 million"),
        ("109500.00", "workers", "109,500 workers"),
        ("1.5717", "GBP for each GBP", "£1.57 for each pound"),
        ("904790.00", "GBP", "£905,000"),
        ("999999.00", "GBP", "£1 million"),
        ("999960000", "GBP", "£1 billion"),
        ("1589.00", "GBP", "£1,589"),
        ("4.10", "GBP", "£4.10"),
        ("-12.30", "GBP", "-£12.30"),
        ("0.00", "trees", "0 trees"),
        ("646.00", "hours", "646 hours"),
        ("25.36", "days", "25.4 days"),
        ("1.0", "days", "1 day"),
        ("60.0", "per cent", "60%"),
        ("48.1", "per cent", "48.1%"),
    ],
)
def test_a_figure_is_said_as_people_say_it(figure: str, unit: str, said: str) -> None:
    assert spoken(Decimal(figure), unit) == said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("share_is_from_0_to_1", "Share is from 0 to 1"),
        ("fte_is_above_0_and_at_most_1", "Fte is above 0 and at most 1"),
        ("age_band", "Age band"),
        ("supplier-042", "supplier-042"),
        ("V1002", "V1002"),
        ("2022-23", "2022-23"),
    ],
)
def test_names_read_as_words_and_numbers_of_things_as_they_are(name: str, words: str) -> None:
    column = ColumnDefinition(
        name="rule",
        label="Check",
        type="text",
        meaning="The check",
        reads_as="words",
        traces={"rule": "names the row"},
    )
    assert plain(Cell(name), column) == words
