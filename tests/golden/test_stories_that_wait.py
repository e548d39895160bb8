"""A story is published when nothing was taken from it and its consent is shown, recent and stands.

UK GDPR, article 7: consent must be shown (1) and may be withdrawn at any time (3). What waits is
in no row of the publication; what a person accepted is; and operators are asked for the same ones.
"""

from pathlib import Path

import pytest

from flows.common.settings import Settings
from flows.warehouse.held_texts import held_texts
from tests.support.definitions import PLACES
from tests.support.in_memory import World
from tests.support.tiny_warehouse import Finding, Return, Row

REMOVED, UNSHOWN = "text_names_no_contacts", "consent_can_be_shown"
OLD, NOT_TAKEN = "consent_is_recent", "return_can_be_taken"


def story(title: str, **more: object) -> Row:
    return {
        "title": title,
        "role": "employer",
        "theme": "social",
        "story": f"{title}: what came of it.",
        "has_consent": True,
        "evidence_reference": "form",
    } | more


def sent(part: str, *rows: Row, day: int = 10, **more: str) -> Return:
    at = f"2022-07-{day}"
    return Return("case_studies", "2022-23 Q1", at, list(rows), part=part, sender="skills", **more)


MANY = sent(
    "many",
    story("Told"),
    story("Ring [phone removed]"),
    story("Ring [phone removed], accepted"),
    story("[e-mail removed] in the title, one of two accepted"),
    story("Shown nowhere", evidence_reference=None),
)
OF_LONG_AGO = sent("old", story("Agreed long ago", consent_date="2020-01-01"))
WITHDRAWN = sent("withdrawn", story("Withdrawn"))
GIVEN_AGAIN = sent("again", story("Given again"), day=20, version=2)
RETURNS = [
    MANY,
    OF_LONG_AGO,
    WITHDRAWN,
    taken_back := sent("withdrawn", day=15, outcome="rejected", version=2),
    refused_before := sent("again", day=15, outcome="rejected"),
    GIVEN_AGAIN,
]
FINDINGS = [
    Finding("a", MANY, rule=REMOVED, row=3, column="story", severity="warn"),
    Finding("b", MANY, True, rule=REMOVED, row=4, column="story", severity="warn"),
    Finding("c", MANY, True, rule=REMOVED, row=5, column="story", severity="warn"),
    Finding("d", MANY, rule=REMOVED, row=5, column="title", severity="warn"),
    Finding("e", MANY, rule=UNSHOWN, row=6, column="evidence_reference", severity="warn"),
    Finding("f", MANY, rule="another_rule", row=2, column="story", severity="warn"),
    Finding("g", OF_LONG_AGO, rule=OLD, row=2, column="consent_date", severity="warn"),
    Finding("h", taken_back, rule=NOT_TAKEN, severity="reject"),
    Finding("i", refused_before, rule=NOT_TAKEN, severity="reject"),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stories")


@pytest.fixture(scope="module")
def stories(built: Path, place: Path) -> World:
    return World(built, RETURNS, place, findings=FINDINGS)


def test_what_waits_is_in_no_row_of_the_publication(stories: World) -> None:
    published = stories.connection.execute(
        "select title from publication.pub_annual_stories where year = '2022-23' order by title"
    ).fetchall()
    assert published == [("Given again",), ("Ring [phone removed], accepted",), ("Told",)]
    others = stories.connection.execute(
        "select distinct table_name from duckdb_columns() where database_name = 'model' "
        "and schema_name = 'publication' and data_type = 'VARCHAR'"
    ).fetchall()
    for (name,) in others:
        whole = str(stories.connection.execute(f"from publication.{name}").fetchall())
        assert not [w for w in ("Shown nowhere", "Withdrawn", "long ago") if w in whole], name


def test_how_many_wait_is_published_and_not_which(stories: World) -> None:
    assert stories.connection.execute(
        "select stories_waiting from publication.pub_annual_returns "
        "where year = '2022-23' and \"return\" = 'case_studies'"
    ).fetchall() == [(5,)]


def test_the_words_that_are_asked_for_are_those_of_what_is_left_out(
    stories: World, place: Path
) -> None:
    left_out = stories.connection.execute(
        "select _return_id, _row from marts.fct_stories where waits order by all"
    ).fetchall()
    settings = Settings(home=place / "home", definitions=PLACES.seeds.parent)
    settings.warehouse.parent.mkdir(parents=True)
    settings.warehouse.write_bytes((place / "rows.duckdb").read_bytes())
    asked = held_texts(settings, "case_studies")
    assert [(row["return_id"], row["row"]) for row in asked] == left_out
    assert {row["finding_id"] for row in asked} == {"a", "d", "e", "g", "h"}
