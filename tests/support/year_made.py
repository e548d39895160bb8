"""Both publications of a year with rows in every table, made once for many tests.

`rows_of_a_year.json` holds rows of the made-up authority's publication models, for the last quarter
of its second year and for that year: of tables of people all that add up, of others a few.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

from exports.release.publish import Release
from tests.support.definitions import publish
from tests.support.exports_made import empty_tables, make_facts

QUARTER, YEAR = "2022-23 Q4", "2022-23"
TARGET_CHANGED = """
    update publication.pub_annual_figures set target_before = 55, target_since = date '2022-10-01'
    where indicator_id = 'C01' and target is not null
"""
ROWS = Path(__file__).with_name("rows_of_a_year.json")


@dataclass(frozen=True)
class Year:
    """The folder of releases, and the two in it."""

    published: Path
    quarterly: Release
    annual: Release

    @property
    def pages(self) -> list[Path]:
        """The list of releases, and every page of both."""
        places = [release.path / "site" for release in (self.quarterly, self.annual)]
        pages = [path for place in places for path in sorted(place.rglob("*.html"))]
        return [self.published / "index.html", *pages]


def fill_year(path: Path) -> Path:
    """An analysts' file at `path` with those rows, in the types that the models declare."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema publication")
        for table in empty_tables():
            connection.execute(table)
        for model, held in json.loads(ROWS.read_text(encoding="utf-8")).items():
            names = ", ".join(f'"{name}"' for name in held["columns"])
            marks = ", ".join("?" for _ in held["columns"])
            for row in held["rows"]:
                sql = f"insert into publication.{model} ({names}) values ({marks})"
                connection.execute(sql, row)
        connection.execute(TARGET_CHANGED)
    return path


def publish_year(analysts: Path, published: Path, run: str = "1") -> Year:
    """Publish the quarter and then the year."""
    made = []
    for publication, period in (("quarterly", QUARTER), ("annual", YEAR)):
        facts = make_facts(
            period=period, as_of="2023-06-02T09:00:00", run=run, publication=publication
        )
        made.append(publish(facts, analysts=analysts, published=published))
    return Year(published, *made)
