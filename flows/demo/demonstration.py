"""`demo --quarter`: the finance of one quarter, from inbox to published tables, on a set clock."""

import csv
import os
import sys
from datetime import datetime
from itertools import groupby
from pathlib import Path

from exports.release.publish import Release
from flows import demo
from flows.common.clock import NOW_VARIABLE
from flows.common.settings import Settings
from flows.intake.inbox import make_inbox
from flows.intake.rules import read_rules
from flows.intake.submission import Ingested
from flows.operations.ingest import ingest
from flows.operations.publish import publish_quarterly

QUARTER = "2022-23 Q1"
PERIODS = (QUARTER, "2022-23 H1", "2022-23")
FROM_FINANCE = ("finance_payments", "finance_vendors", "finance_control_totals")
BEGINS_AT = datetime(2022, 5, 1)  # noqa: DTZ001 (UTC, as everywhere)
PUBLISHED_AT = datetime(2022, 7, 29, 9, 0)  # noqa: DTZ001 (UTC, as everywhere)


def demonstrate(settings: Settings, as_json: bool) -> bool:
    """Let the made-up returns arrive week by week, publish the quarter, and compare.

    Returns whether what was published equals the truth the returns were made from.
    """
    before = os.environ.get(NOW_VARIABLE)
    try:
        done = _receive(settings)
        _tell(f"Building the models and publishing {QUARTER} ...")
        os.environ[NOW_VARIABLE] = PUBLISHED_AT.isoformat()
        release = publish_quarterly(QUARTER, settings.home)
    finally:
        if before is None:
            os.environ.pop(NOW_VARIABLE, None)
        else:
            os.environ[NOW_VARIABLE] = before
    same = _compare(release)
    _report(settings, done, release, same, as_json)
    return all(ours == truly for _, ours, truly in same)


def _receive(settings: Settings) -> list[Ingested]:
    make_inbox(settings, read_rules(settings))
    done: list[Ingested] = []
    quarter = [
        delivery
        for delivery in demo.deliveries()
        if BEGINS_AT <= delivery.at <= PUBLISHED_AT and delivery.return_name in FROM_FINANCE
    ]
    weeks = groupby(quarter, key=lambda delivery: delivery.at.isocalendar()[:2])
    for _, arrivals in weeks:  # one sweep a week, when its last file has come
        moment = PUBLISHED_AT
        for delivery in arrivals:
            moment = delivery.at
            path = settings.inbox / delivery.return_name / delivery.file_name
            path.write_bytes(delivery.content)
            os.utime(path, (moment.timestamp(), moment.timestamp()))
        os.environ[NOW_VARIABLE] = moment.isoformat()
        for one in ingest(None, settings.home):
            done.append(one)
            _tell(
                f"{moment:%d %B %Y}  {one.return_name}: {one.file} is {one.outcome}, "
                f"{one.counts.loaded:,} rows, {one.counts.quarantined} quarantined"
            )
    return done


def _compare(release: Release) -> list[tuple[str, str, str]]:
    """What was published beside the made-up truth: name, published, true."""
    spends = demo.truth(at=PUBLISHED_AT).spend
    with (release.path / "tables" / "local_spend.csv").open(encoding="utf-8", newline="") as stream:
        rows = {
            row["period"]: row
            for row in csv.DictReader(stream)
            if row["place"] == "Liverpool City Region"
        }
    compared: list[tuple[str, str, str]] = []
    for label in PERIODS:
        spend, row = spends[label], rows[label]
        compared += [
            (f"{label} net spend in the region", row["amount_in_place"], str(spend.in_region)),
            (f"{label} net spend, place known", row["amount_known"], str(spend.known)),
            (f"{label} all net spend", row["amount_all"], str(spend.all)),
            (
                f"{label} C01, % of known",
                row["percent_of_known"],
                f"{spend.percent_of_known():.1f}",
            ),
            (f"{label} C01, % of all", row["percent_of_all"], f"{spend.percent_of_all():.1f}"),
        ]
    return compared


def _report(
    settings: Settings,
    done: list[Ingested],
    release: Release,
    same: list[tuple[str, str, str]],
    as_json: bool,
) -> None:
    if as_json:
        import json

        print(
            json.dumps(
                {
                    "home": str(settings.home),
                    "release": release.name,
                    "path": str(release.path),
                    "compared": [
                        {"figure": name, "published": ours, "true": truly}
                        for name, ours, truly in same
                    ],
                },
                indent=2,
            )
        )
        return
    print(f"\n{len(done)} files came; {release.name} is in {release.path}:")
    for name in sorted(release.files):
        if not name.startswith(("definitions/", "site/")):
            print(f"  {name}")
    print("\nPublished, beside the truth the returns were made from:")
    for name, ours, truly in same:
        print(f"  {name:<44} {ours:>16}  {'as it should be' if ours == truly else f'BUT {truly}'}")
    print(f"\nOpen the pages:     {settings.published / 'index.html'}")
    print(f"Open the workbook:  {_workbook(release)}")
    print(f"Ask for more:       .venv/bin/social-value findings --home {settings.home}")


def _workbook(release: Release) -> Path:
    return next(iter(release.path.glob("*.xlsx")))


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
