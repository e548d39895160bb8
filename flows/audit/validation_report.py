"""The validation report: pages and workbooks under `audit/`, for each return, release, period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb

from exports.files.listing import AuditFolder, AuditList, Verdict, folder_workbook
from exports.site.listing_page import folder_pages
from flows.audit.published_cell import PublishedPeriod
from flows.audit.validation_lists import (
    Expectations,
    assumptions_list,
    claims_list,
    decisions_list,
    expectations_list,
    expectations_of,
    lists_of,
    release_lists,
    releases_in,
    releases_list,
    reviews_list,
    seeds_list,
    timeliness_lists,
)
from flows.audit.validation_verdict import verdict
from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.files import slug, written_whole
from flows.common.periods import Period, period_of, read_period
from flows.common.settings import Settings
from flows.intake.rules import Rules, read_rules
from flows.modelling.analysts import BadQuestion
from flows.warehouse import ledger
from flows.warehouse.connection import Row, reading
from flows.warehouse.slots import status_of

FOLDER = "validation"


@dataclass(frozen=True)
class Material:
    """What a report is made of: the warehouse, the rules, and what is owed."""

    connection: duckdb.DuckDBPyConnection
    rules: Rules
    expectations: Expectations
    status: Sequence[Row]
    head: str


def write_report(settings: Settings, asked: Period | None = None) -> list[Path]:
    """Write the validation report of a quarter, or of every quarter there is; what was written.

    Raises BadQuestion where nothing was received.
    """
    rules = read_rules(settings)
    place = settings.audit / FOLDER
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with reading(settings) as connection:
        material = Material(
            connection,
            rules,
            expectations_of(rules.suites),
            status_of(connection, settings),
            ledger.head(connection),
        )
        quarters = _quarters(connection)
        if not quarters or (asked is not None and asked not in quarters):
            there = ", ".join(one.label for one in quarters) or "none"
            what = asked.label if asked else "any period"
            raise BadQuestion(f"Nothing was received for {what}; there are returns for {there}.")
        written: list[Path] = []
        for quarter in [asked] if asked else quarters:
            written += _write_quarter(material, quarter, place)
        releases = releases_in(settings.published, _published(connection))
        for name, manifest in releases:
            if asked is None or manifest.period == asked.label:
                about = release_lists(connection, manifest, material.expectations)
                shown = [about[one] for one in ("Returns", "Findings", "Dimensions")]
                folder = _folder(
                    material, f"Validation report: release {name}", shown, verdict(about)
                )
                written += _write_pages(place, f"release-{slug(name)}.html", folder)
        everything = lists_of(connection, _labels(connection), material.expectations)
        whole = _folder(
            material,
            "Validation report",
            [
                releases_list(releases),
                everything["Dimensions"],
                everything["Senders"],
                decisions_list(connection),
                claims_list(connection),
                expectations_list(material.expectations, rules.contracts),
            ],
            verdict(everything),
        )
        places = places_in_use(settings)
        papers = [reviews_list(places.papers), assumptions_list(places.papers)]
        papers.append(seeds_list(places.seeds))
        papers += [releases_list(releases), decisions_list(connection)]
        folder = _folder(material, "QA log, and assumptions and caveats", papers)
        written += _write_pages(place, "papers.html", folder)
        written.append(_write(place / "papers.xlsx", folder_workbook(folder)))
        links = [("papers.html", "QA log and assumptions")]
        links += [(f"{_name(one)}.html", one.label) for one in quarters]
        links += [(f"release-{slug(name)}.html", name) for name, _ in releases]
        links = [link for link in links if (place / link[0]).is_file()]
        written += _write_pages(place, "index.html", whole, links)
    return written


def _write_quarter(material: Material, quarter: Period, place: Path) -> list[Path]:
    """The quarter's page and workbook, and a page for each return of it."""
    periods = PublishedPeriod("quarterly", quarter, clock.now()).within
    named = lists_of(material.connection, periods, material.expectations)
    decided = claims_list(material.connection, periods)
    lists = [*named.values(), *timeliness_lists(material.status, periods), decided]
    title = f"Validation report: {quarter.label}"
    short = [one for one in lists if one.name != "Checks"]  # they stand on each return's page
    everything = expectations_list(material.expectations, material.rules.contracts)
    words, said = decisions_list(material.connection), verdict(named)
    book = _folder(material, title, [*lists, everything, words], said)
    written = [_write(place / f"{_name(quarter)}.xlsx", folder_workbook(book))]
    page = f"{_name(quarter)}.html"
    written += _write_pages(place, page, _folder(material, title, short, said))
    for return_id in dict.fromkeys(str(row["return_id"]) for row in named["Returns"].rows):
        about = {n: _only(named[n], return_id) for n in ("Returns", "Findings", "Checks")}
        title = f"Validation report: {return_id}"
        one = _folder(material, title, list(about.values()), verdict(about))
        back = [(f"../{page}", "Back")]
        written += _write_pages(place / "returns", f"{slug(return_id)}.html", one, back)
    return written


def _only(listing: AuditList, return_id: str) -> AuditList:
    rows = [row for row in listing.rows if row["return_id"] == return_id]
    return AuditList(listing.name, listing.title, listing.about, listing.columns, rows)


def _folder(
    material: Material, title: str, lists: Sequence[AuditList], said: Verdict | None = None
) -> AuditFolder:
    lines = [
        "What was checked of the returns, in which dimension of data quality, what failed, and "
        "what became of it. No cell of a return is shown, but who decided on a claim, and why.",
        f"Written on {clock.now():%Y-%m-%d at %H:%M} UTC. Head of the ledger: {material.head}",
    ]
    return AuditFolder(title, "Validation report", clock.now(), lines, lists, said)


def _write_pages(
    place: Path,
    name: str,
    folder: AuditFolder,
    elsewhere: Sequence[tuple[str, str]] = (("index.html", "Back"),),
) -> list[Path]:
    """Write a page, and those on which its lists go on; of an earlier report none stays."""
    pages = folder_pages(folder, name, elsewhere)
    for one in folder.listings:
        for path in place.glob(f"{Path(name).stem}-{slug(one.name)}-*.html"):
            if path.name not in pages:
                path.unlink()
    # the page itself last: what it names is there
    return [_write(place / path, text.encode()) for path, text in reversed(pages.items())]


def _quarters(connection: duckdb.DuckDBPyConnection) -> list[Period]:
    ends = [read_period(label).end - timedelta(days=1) for label in _labels(connection)]
    return sorted({period_of(day, "quarter") for day in ends})


def _labels(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select distinct period from warehouse.ledger.returns where period <> '' order by 1"
    ).fetchall()
    return [str(label) for (label,) in rows]


def _published(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select subject from warehouse.ledger.events where kind = 'published' order by seq"
    ).fetchall()
    return [str(name) for (name,) in rows]


def _name(quarter: Period) -> str:
    return f"validation-{quarter.slug}"


def _write(path: Path, content: bytes) -> Path:
    """Write a file whole, for audit's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with written_whole(path) as partial:
        partial.write_bytes(content)
    return path
