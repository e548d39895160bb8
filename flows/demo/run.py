"""The demo: two years of a made-up authority, from its inbox to its releases, on a set clock."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from itertools import groupby

from exports.release.publish import Release
from flows import demo
from flows.common.due_dates import publication_day, read_delays, read_holidays
from flows.common.periods import Period, read_period, read_year
from flows.common.settings import Settings
from flows.demo.replay import Arrival, on_clock, receive
from flows.intake.inbox import make_inbox
from flows.intake.rules import read_rules
from flows.intake.submission import Ingested
from flows.operations.publish import publish_annual, publish_quarterly
from tests.oracle.compare import compare_releases
from tests.oracle.compare.models import (
    Compared,
    compare_faults,
    compare_figures,
    compare_lateness,
    compare_outcomes,
)

YEARS = ("2021-22", "2022-23")
QUARTERS = [f"{year} Q{number}" for year in YEARS for number in (1, 2, 3, 4)]
PUBLISHING_HOUR = time(9)
LISTED = 12  # of what is not as it should be


@dataclass(frozen=True)
class Due:
    """A publication that is due at a moment."""

    at: datetime
    publication: str
    period: Period


def demonstrate(settings: Settings, as_json: bool) -> bool:
    """Let two years of returns arrive, publish what is due when it is due, and compare.

    Returns whether everything is as the truth that the returns were made from.
    """
    make_inbox(settings, read_rules(settings))
    done: list[Ingested] = []
    releases: list[Release] = []
    arrivals = [Arrival(d.at, d.return_name, d.file_name, d.content) for d in demo.deliveries()]
    ended = arrivals[-1].at
    for due in _due(settings):
        coming = [one for one in arrivals if one.at < due.at]
        arrivals = arrivals[len(coming) :]
        done += _receive(coming, settings)
        releases.append(_publish(due, settings))
    if arrivals:
        done += _receive(arrivals, settings)
    releases += [one for one in _publish_again(ended, settings) if one.changed]
    with on_clock(ended):
        compared = [
            *compare_outcomes(done),
            *compare_lateness(settings),
            *compare_faults(done, settings),
            *compare_figures(settings),
            *compare_releases(settings.published, settings.seeds),
        ]
    _report(settings, done, releases, compared, as_json)
    return all(one.same for one in compared)


def _due(settings: Settings) -> list[Due]:
    """Reports and Annual Reviews of the two years, each on the day that the calendar says."""
    holidays, delays = read_holidays(settings.seeds), read_delays(settings.seeds)
    periods = [("quarterly", read_period(label)) for label in QUARTERS]
    periods += [("annual", read_year(label)) for label in YEARS]
    due = [
        Due(_morning(publication_day(period, delays[name], holidays)), name, period)
        for name, period in periods
    ]
    return sorted(due, key=lambda one: one.at)


def _publish_again(ended: datetime, settings: Settings) -> list[Release]:
    """The newest of each publication once more: a correction if anything came since it was out."""
    newest = {one.publication: one for one in _due(settings)}
    at = max([ended, *(one.at for one in newest.values())])
    return [_publish(Due(at, one.publication, one.period), settings) for one in newest.values()]


def _morning(day: date) -> datetime:
    return datetime.combine(day, PUBLISHING_HOUR)


def _receive(coming: Sequence[Arrival], settings: Settings) -> list[Ingested]:
    done: list[Ingested] = []
    months = groupby(coming, key=lambda one: (one.at.year, one.at.month))
    for (year, month), ours in months:
        got = receive(list(_sweeps(list(ours))), settings.home)
        done += got
        outcomes = [one.outcome for one in got]
        counted = ", ".join(f"{outcomes.count(o)} {o}" for o in sorted(set(outcomes)))
        rows = sum(one.counts.loaded for one in got)
        _tell(f"{date(year, month, 1):%B %Y}: {len(got)} files came: {counted}; {rows:,} rows.")
    return done


def _sweeps(coming: Sequence[Arrival]) -> Iterator[list[Arrival]]:
    """The files in one sweep; a second one of the same name waits for the next."""
    sweep: list[Arrival] = []
    for one in coming:
        if any((o.return_name, o.file_name) == (one.return_name, one.file_name) for o in sweep):
            yield sweep
            sweep = []
        sweep.append(one)
    yield sweep


def _publish(due: Due, settings: Settings) -> Release:
    with on_clock(due.at):
        publish = publish_annual if due.publication == "annual" else publish_quarterly
        release = publish(due.period.label, settings.home)
    if release.changed:
        _tell(f"{due.at:%d %B %Y}: published {release.name}.")
    return release


def _report(
    settings: Settings,
    done: Sequence[Ingested],
    releases: Sequence[Release],
    compared: Sequence[Compared],
    as_json: bool,
) -> None:
    wrong = [one for one in compared if not one.same]
    if as_json:
        found = {
            "home": str(settings.home),
            "files": len(done),
            "releases": [{"release": one.name, "path": str(one.path)} for one in releases],
            "compared": len(compared),
            "wrong": [asdict(one) for one in wrong],
        }
        print(json.dumps(found, indent=2, default=str))
        return
    print(f"\n{len(done)} files came; {len(releases)} releases stand in {settings.published}:")
    for release in releases:
        print(f"  {release.name}")
    right = len(compared) - len(wrong)
    print(f"\n{right:,} of {len(compared):,} outcomes, faults and figures are as they should be.")
    for one in wrong[:LISTED]:
        print(f"  BUT {one.what}: {one.ours}, and should be {one.true}")
    if len(wrong) > LISTED:
        print(f"  and {len(wrong) - LISTED:,} more")
    print(f"\nOpen the pages:            {settings.published / 'index.html'}")
    print(f"Open the newest workbook:  {next(iter(releases[-1].path.glob('*.xlsx')))}")
    print(f"Ask for more:              .venv/bin/social-value findings --home {settings.home}")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
