"""The demo: a made-up authority's returns, from its inbox to its releases, on a set clock."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import groupby

from exports.release.publish import Release
from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.due_dates import publication_day, read_delays, read_holidays
from flows.common.periods import Period, read_period, read_year
from flows.common.settings import PROJECT, Settings
from flows.demo import AUTHORITY
from flows.demo.made.authority.delivery import Delivery
from flows.demo.made.deliveries import QUARTER, Scope, deliveries
from flows.demo.replay import receive
from flows.intake.inbox import make_inbox
from flows.intake.rules import read_rules
from flows.intake.submission import Ingested
from flows.operations.prefect_flows import publish_annual, publish_quarterly
from flows.warehouse.home import make_folders

PUBLISHING_HOUR = time(9)


@dataclass(frozen=True)
class Due:
    """A publication that is due at a moment."""

    at: datetime
    publication: str
    period: Period


def run(settings: Settings, scope: Scope, as_json: bool) -> None:
    """Let the returns of a scope arrive, publish what is due when it is due, and say what came."""
    settings = settings.model_copy(update={"authority": AUTHORITY})
    make_folders(settings)
    make_inbox(settings, read_rules(settings))
    received: list[Ingested] = []
    releases: list[Release] = []
    arriving = deliveries(scope=scope)
    ended = arriving[-1].at
    publications = _due(settings, scope)
    for due in publications:
        coming = [delivery for delivery in arriving if delivery.at < due.at]
        arriving = arriving[len(coming) :]
        received += _receive(coming, settings)
        releases.append(_publish(due, settings))
    if arriving:
        received += _receive(arriving, settings)
    releases += _correct(publications, ended, settings)
    new = [one for one in releases if one.changed]
    _report(settings, scope, received, new, as_json)


def _due(settings: Settings, scope: Scope) -> list[Due]:
    """Reports and Annual Reviews of the scope, each on the day that the calendar says.

    The newest quarter is corrected before the newest year is reviewed, which draws its figures.
    """
    seeds = places_in_use(settings).seeds
    holidays, delays = read_holidays(seeds), read_delays(seeds)
    due = []
    for label in scope.periods:
        publication = "quarterly" if " " in label else "annual"
        period = read_period(label) if " " in label else read_year(label)
        day = publication_day(period, delays[publication], holidays)
        due.append(Due(datetime.combine(day, PUBLISHING_HOUR), publication, period))
    due.sort(key=lambda one: one.at)
    if due[-1].publication == "annual":
        due.insert(-1, replace(due[-2], at=due[-1].at))
    return due


def _correct(publications: Sequence[Due], ended: datetime, settings: Settings) -> Iterator[Release]:
    """The newest of each publication once more: a correction if anything came since it was out."""
    newest = {due.publication: due for due in publications}
    at = max([ended, *(due.at for due in newest.values())])
    for due in newest.values():
        if due.at < at:
            yield _publish(replace(due, at=at), settings)


def _receive(coming: Sequence[Delivery], settings: Settings) -> list[Ingested]:
    received: list[Ingested] = []
    for (year, month), arriving in groupby(coming, key=lambda one: (one.at.year, one.at.month)):
        ingested = receive(list(_sweeps(arriving)), settings.home)
        received += ingested
        outcomes = [one.outcome for one in ingested]
        counted = ", ".join(f"{outcomes.count(o)} {o}" for o in sorted(set(outcomes)))
        rows = sum(one.counts.loaded for one in ingested)
        _print_progress(
            f"{date(year, month, 1):%B %Y}: {len(ingested)} files came: {counted}; {rows:,} rows."
        )
    return received


def _sweeps(coming: Iterator[Delivery]) -> Iterator[list[Delivery]]:
    """The files in one sweep; a second one of the same name waits for the next."""
    sweep: list[Delivery] = []
    for one in coming:
        if any((o.return_name, o.file_name) == (one.return_name, one.file_name) for o in sweep):
            yield sweep
            sweep = []
        sweep.append(one)
    yield sweep


def _publish(due: Due, settings: Settings) -> Release:
    with clock.set_to(due.at):
        publish = publish_annual if due.publication == "annual" else publish_quarterly
        release = publish(due.period.label, settings.home)
    if release.changed:
        _print_progress(f"{due.at:%d %B %Y}: published {release.name}.")
    return release


def _report(
    settings: Settings,
    scope: Scope,
    received: Sequence[Ingested],
    releases: Sequence[Release],
    as_json: bool,
) -> None:
    if as_json:
        found = {
            "home": str(settings.home),
            "files": len(received),
            "releases": [{"release": one.name, "path": str(one.path)} for one in releases],
        }
        print(json.dumps(found, indent=2))
        return
    print(f"\n{len(received)} files came; {len(releases)} releases stand in {settings.published}:")
    for release in releases:
        print(f"  {release.name}")
    print(f"\nOpen the pages:            {settings.published / 'index.html'}")
    print(f"Open the newest workbook:  {next(iter(releases[-1].path.glob('*.xlsx')))}")
    print(f"Ask for more:              .venv/bin/social-value findings --home {settings.home}")
    if (PROJECT / "tests" / "oracle").is_dir():  # a checkout: an installed package has no tests
        words = " --quarter" if scope == QUARTER else ""
        print(
            "Compare with the truth:    "
            f".venv/bin/python -m tests.oracle --home {settings.home}{words}"
        )


def _print_progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
