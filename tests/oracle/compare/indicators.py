"""The tables of indicators' figures: a quarter's, a year's, and cost beside benefit."""

from collections.abc import Iterator

from tests.oracle.compare.edition import Edition, Row, Value, share_of
from tests.oracle.compare.money import PAYMENTS, held_back
from tests.oracle.compare.performance import TARGETS, performance
from tests.oracle.compare.registry import Basis
from tests.oracle.truth.figures import Key

MONEY = ("F05", "F03", "C08", "I01")  # indicators whose figures are cost or benefit in money
DIRECTIONS = {"higher": "higher is better", "lower": "lower is better", "neither": "neither"}
NO_COMPARISON = "no comparison"
NEWEST = "latest"  # of a year stands its last quarter


def indicators(edition: Edition) -> Iterator[Row]:
    """Every figure about no people, in the quarter."""
    for basis in _about_no_people(edition):
        columns = {**_figure(edition, basis), **_coverage(edition, basis, edition.period)}
        columns["unit"] = basis.unit
        columns |= _since(edition, basis)
        of_payments = PAYMENTS in basis.feeds
        columns["amount_quarantined"] = held_back(edition, edition.period) if of_payments else None
        yield basis.key, columns


def year_figures(edition: Edition) -> Iterator[Row]:
    """Every figure about no people, in the year, beside the year before and the target."""
    for basis in _about_no_people(edition):
        rests_on = edition.quarter if basis.over_time == NEWEST else edition.period
        columns = {**_figure(edition, basis), **_coverage(edition, basis, rests_on)}
        columns |= {"unit": basis.unit, "direction": DIRECTIONS[basis.better]}
        yield basis.key, columns | _compared(edition, basis)


def cost_and_benefit(edition: Edition) -> Iterator[Row]:
    """The year's figures of cost and of benefit in money."""
    for basis in _about_no_people(edition):
        if basis.key[0] in MONEY:
            both = {**_figure(edition, basis), **_compared(edition, basis)}
            columns = {name: both[name] for name in ("value", "value_before")}
            yield basis.key, columns | {"unit": basis.unit}


def _about_no_people(edition: Edition) -> Iterator[Basis]:
    """The figures of the whole that count nobody, and of which nobody can be counted."""
    for basis in edition.registry.bases:
        people = basis.indicator["counts_people"] == "yes"
        if not (people or basis.indicator["only_by"] or basis.key in edition.registry.tells_people):
            yield basis


def _figure(edition: Edition, basis: Basis) -> dict[str, Value]:
    found = edition.figure(*basis.key, edition.period)
    if found is None:
        return dict.fromkeys(("value", "numerator", "denominator"))
    return {
        "value": found.value,
        "numerator": found.numerator,
        "denominator": found.denominator or None,  # nothing below the line is nothing known
    }


def _compared(edition: Edition, basis: Basis) -> dict[str, Value]:
    found = performance(edition, Key(*basis.key, edition.period))
    if found is None:
        nothing: dict[str, Value] = dict.fromkeys(("value_before", "change", "rating", *TARGETS))
        return nothing | {"verdict": NO_COMPARISON}
    before = found.year_before
    return {
        "value_before": before,
        "change": None if before is None else found.value - before,
        "rating": found.rating,
        "verdict": found.moved(before),
        **{name: getattr(found, name) for name in TARGETS},
    }


def _since(edition: Edition, basis: Basis) -> dict[str, Value]:
    """Which way is better, the target, and where a quarter's figure went since it was last had."""
    found = performance(edition, Key(*basis.key, edition.period))
    columns: dict[str, Value] = {
        "direction": DIRECTIONS[basis.better],
        "rating": found.rating if found else None,
        **{name: getattr(found, name) if found else None for name in TARGETS},
    }
    for name in ("before", "year_before"):
        then = getattr(found, name) if found else None
        columns[f"value_{name}"] = then
        columns[f"change_{name}"] = found.value - then if found and then is not None else None
        columns[f"verdict_{name}"] = found.moved(then) if found else NO_COMPARISON
    known = found.known if found else ()
    columns |= {"quarters_known": len(known) or None, "lowest_known": min(known, default=None)}
    columns |= {"highest_known": max(known, default=None)}
    columns["verdict_known"] = found.standing if found else NO_COMPARISON
    return columns


def _coverage(edition: Edition, basis: Basis, period: str) -> dict[str, Value]:
    here, owed = edition.received(basis.feeds[0], period)
    share = share_of(here, owed)
    return {"n_reporting": here, "n_expected": owed, "coverage": share}
