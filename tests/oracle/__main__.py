"""`python -m tests.oracle [--home HOME] [--quarter]`: what came of the demo, beside the truth."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from flows.authority.places import places_in_use
from flows.commands.arguments import demo_home
from flows.common import clock
from flows.common.settings import Settings, settings_for
from flows.demo.made.deliveries import QUARTER, WHOLE, Scope
from tests.oracle.compare.compared import Compared
from tests.oracle.compare.figures import compare_figures
from tests.oracle.compare.ledger import (
    compare_faults,
    compare_lateness,
    compare_outcomes,
    read_judged,
)
from tests.oracle.compare.releases import compare_releases
from tests.oracle.truth.faults import faults
from tests.oracle.truth.truth import truth

LISTED = 12  # of what is not as it should be
# What the finance of a quarter feeds by itself: the truth takes all that comes in two years.
QUARTERS_INDICATORS = ("C01", "C02", "C03")
QUARTERS_TABLES = (
    "local_spend",
    "spend_by_place",
    "location_basis",
    "supplier_kinds",
    "prompt_payment",
    "control_totals",
    "returns_received",
    "revisions",
    "data_quality",
)


def compare(settings: Settings, scope: Scope) -> Iterator[Compared]:
    """Every outcome, fault and figure of a home where the demo has ended."""
    true = truth(scope=scope)
    sent = true.standing.sent
    judged = read_judged(settings, [sending.delivery for sending in sent])
    with clock.set_to(sent[-1].delivery.at):
        yield from compare_outcomes(judged, true.outcomes)
        yield from compare_lateness(settings, true.outcomes, true.missing)
        yield from compare_faults(settings, judged, true.outcomes, faults(sent))
        figures, tables = true.figures, None
        if scope == QUARTER:
            figures = {key: figures[key] for key in figures if key.indicator in QUARTERS_INDICATORS}
            tables = QUARTERS_TABLES
        yield from compare_figures(settings, figures)
        yield from compare_releases(
            settings.published, places_in_use(settings).seeds, scope, tables
        )


def main() -> int:
    """Print what differs and how much is right; the exit status is 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--home", type=Path, help="where the demo has ended: data/demo")
    parser.add_argument("--quarter", action="store_true", help="it was demo --quarter")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    words = parser.parse_args()
    compared = list(
        compare(settings_for(demo_home(words.home)), QUARTER if words.quarter else WHOLE)
    )
    wrong = [one for one in compared if not one.same]
    if words.json:
        found = {"compared": len(compared), "wrong": [asdict(one) for one in wrong]}
        print(json.dumps(found, indent=2))
        return 1 if wrong else 0
    print()
    for one in wrong[:LISTED]:
        print(f"  BUT {one.what}: {one.came}, and should be {one.true}")
    if len(wrong) > LISTED:
        print(f"  and {len(wrong) - LISTED:,} more")
    right = len(compared) - len(wrong)
    print(f"{right:,} of {len(compared):,} outcomes, faults and figures are as they should be.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
