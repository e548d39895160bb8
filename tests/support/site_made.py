"""Two revisions of a release with everything a page can show, made once for many tests."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from exports.edition.facts import Override
from exports.release.publish import Release
from tests.support.definitions import PLACES, publish
from tests.support.exports_made import make_analysts, make_facts
from tests.support.people_table import DEFINITION, MODEL

HOSTILE = "<script>alert(1)</script>"
SQL = [
    MODEL.format(high=4),
    "insert into publication.pub_release_blocks values"
    " ('2022-23 Q1', 'open finding', 'F1', 'a finding')",
    f"update publication.pub_indicators set source = '{HOSTILE}' where indicator_id = 'C05'",
    "insert into publication.pub_data_quality values ('2022-23 Q1', 'finance_payments',"
    " 'payment_has_an_amount', 'quarantine', 'completeness', 6, 4601, 3)",
    "insert into publication.pub_prompt_payment select quarter, period, period_kind, to_date,"
    " 5, regulation, 'days-1-30', 'Payments made on days 1 to 30', in_force, reporting_period,"
    " 81.25, unit, 40, 50, amount, months_received, months_expected, status"
    " from publication.pub_prompt_payment where basis = 'within-30-days'",
    "insert into publication.pub_local_spend select quarter, '2021-22 Q3', period_kind, to_date,"
    " place_order, place, place_code, 5, 10, 20, 50, 25, 3, 3, 'final'"
    " from publication.pub_local_spend where period = '2021-22 Q4'",
]
# The quarter before, of which a figure is followed into this one, by another rule and to a target.
EARLIER = [
    "insert into publication.pub_indicators by name select * replace ('2021-22 Q4' as quarter,"
    " value - 5 as value, 'another rule' as rule, 70.0 as target)"
    " from publication.pub_indicators where quarter = '2022-23 Q1'",
    "update publication.pub_indicators set target = 70 where indicator_id = 'C01'",
]
CORRECTED = "update publication.pub_spend_by_place set amount = 7 where payments = 5"


@dataclass(frozen=True)
class Made:
    """The folder of releases, and the two revisions in it."""

    published: Path
    first: Release
    second: Release

    @property
    def pages(self) -> list[Path]:
        """Every page there is."""
        return [
            self.published / "index.html",
            *sorted((self.first.path / "site").rglob("*.html")),
            *sorted((self.second.path / "site").rglob("*.html")),
        ]


def make_site(folder: Path) -> Made:
    """Publish a quarter, the one before it, and its correction, into `folder`."""
    tables = folder / "tables"
    shutil.copytree(PLACES.tables, tables)
    (tables / "grades.yaml").write_text(DEFINITION, encoding="utf-8")
    analysts, published = folder / "analysts.duckdb", folder / "published"
    word = Override("F1", "A. Officer", "the finding is under way")
    make_analysts(analysts, *SQL, *EARLIER)
    before = make_facts(period="2021-22 Q4", as_of="2022-05-20T09:30:00")
    publish(before, analysts=analysts, published=published, tables=tables)
    first = publish(make_facts(word), analysts=analysts, published=published, tables=tables)
    make_analysts(analysts, *SQL, *EARLIER, CORRECTED)
    second = publish(
        make_facts(word, sha="c"), analysts=analysts, published=published, tables=tables
    )
    return Made(published, first, second)
