"""What must be acted on in a quarter, and what is working well or not in a year."""

from collections.abc import Iterator
from decimal import Decimal

from flows.demo.made.authority.periods import months_of
from flows.demo.made.delivery.progress import NOT_REPORTED
from tests.oracle.compare.edition import Edition, Row, Value
from tests.oracle.compare.framework import OFF_TRACK, commitments
from tests.oracle.compare.performance import Performance, performances
from tests.oracle.compare.registry import Basis, Record, number

GREEN, MEASURE = "GREEN", "measure"
PAYMENTS = "finance_payments"
KIND_OF = {"missing": "Return missing", "loaded": "Return late"}
SAID_OF = ("", MEASURE, "employer")  # breakdowns of which a review speaks


def exceptions(edition: Edition) -> Iterator[Row]:
    """Everything that the executive team must act on."""
    yield from _off_track(edition)
    for told in performances(edition, edition.quarter):
        yield from _missed(edition, told)
        yield from _moved(edition, told)
    yield from _returns(edition)
    for (month, part), load in edition.truth.loads.items():
        if month in months_of(edition.quarter) and load.quarantined.rows:
            key = ("Money held back", PAYMENTS, f"lcrca {part}", month)
            yield key, {"figure": load.quarantined.amount, "compared_with": None, "unit": "GBP"}


def review_points(edition: Edition) -> Iterator[Row]:
    """Every figure of the year that a rule of the review speaks of, in order."""
    found = [
        (int(rule["rule_order"]), told)
        for told in _with_places(edition)
        for rule in edition.registry.rows("review_rules")
        if told[0].key.breakdown in SAID_OF and _speaks(edition, rule, *told)
    ]
    found.sort(key=lambda one: (one[0], _place(one[1][0])))
    for nth, (_, (told, basis, _)) in enumerate(found, 1):
        shown = not _counts_people(edition, told, basis)
        columns: dict[str, Value] = {
            "point": nth,
            "value": told.value if shown else None,
            "target": told.target if shown else None,
            "value_year_before": told.year_before if shown else None,
            "indicator_id": told.key.indicator,
            "unit": edition.registry.unit_of(basis, told.key.breakdown_value),
        }
        yield (str(nth),), columns | edition.counts(basis.feeds[0], _rests_on(edition, basis))


def _off_track(edition: Edition) -> Iterator[Row]:
    rows = {row["commitment_id"]: row for row in edition.registry.rows("commitments")}
    for (name,), told in commitments(edition):
        kinds = {NOT_REPORTED: "Commitment not reported"}
        kinds |= dict.fromkeys(OFF_TRACK, "Commitment off track")
        if kind := kinds.get(str(told["rag"])):
            row = rows[name]
            key = (kind, f"{name} {row['title']}", row["responsible_post"], edition.quarter)
            figures: dict[str, Value] = dict.fromkeys(("figure", "compared_with", "unit"))
            yield key, figures | {"rating": told["rag"]}


def _missed(edition: Edition, told: Performance) -> Iterator[Row]:
    if told.rating in (None, GREEN):
        return
    basis = _basis(edition, told)
    part = told.key.breakdown_value
    if told.key.breakdown == MEASURE:
        part = edition.registry.measures[part]["title"]
    figure = None if _counts_people(edition, told, basis) else told.value
    key = ("Target missed", _subject(basis), part or "all", edition.quarter)
    unit = edition.registry.unit_of(basis, told.key.breakdown_value)
    columns: dict[str, Value] = {"figure": figure, "compared_with": told.target, "unit": unit}
    yield key, columns | {"rating": told.rating}


def _moved(edition: Edition, told: Performance) -> Iterator[Row]:
    (rule,) = (r for r in edition.registry.rows("review_rules") if r["rule_id"] == "large-movement")
    basis = _basis(edition, told)
    if told.key.breakdown or basis.basis["basis_order"] != "1" or told.before is None:
        return
    large = abs(told.value - told.before) > (number(rule["threshold"]) or 0) * abs(told.before)
    if large and not _counts_people(edition, told, basis):
        key = ("Large movement", _subject(basis), "all", edition.quarter)
        columns: dict[str, Value] = {"figure": told.value, "compared_with": told.before}
        yield key, columns | {"rating": told.moved(told.before), "unit": basis.unit}


def _returns(edition: Edition) -> Iterator[Row]:
    for slot in edition.slots:
        if slot.is_in(edition.quarter) and (slot.late_days or not slot.stands):
            kind = KIND_OF.get(slot.outcome, "Return not taken")
            about = f"{slot.sender} {slot.part}".strip()
            days = slot.late_days if slot.stands else None
            key = (kind, slot.return_name, about, slot.period)
            unit = "days" if slot.stands else None
            told: dict[str, Value] = {"figure": days, "compared_with": None, "unit": unit}
            yield key, told | {"rating": slot.outcome}


def _with_places(edition: Edition) -> list[tuple[Performance, Basis, bool]]:
    """Every figure of the year that has a value, and whether it is the first of its return."""
    told = [(one, _basis(edition, one)) for one in performances(edition, edition.period)]
    told.sort(key=lambda one: (one[0].key.indicator, int(one[1].basis["basis_order"]), one[0].key))
    firsts = {basis.feeds[0]: one.key for one, basis in reversed(told)}
    return [(one, basis, firsts[basis.feeds[0]] == one.key) for one, basis in told]


def _speaks(
    edition: Edition, rule: Record, told: Performance, basis: Basis, is_first: bool
) -> bool:
    """Whether a rule of the review speaks of a figure."""
    name, least = rule["rule_id"], number(rule["threshold"]) or Decimal(0)
    if name in ("every-return-in", "returns-missing"):
        here, owed = edition.received(basis.feeds[0], _rests_on(edition, basis))
        if not (is_first and owed):
            return False
        return here == owed if name == "every-return-in" else Decimal(here) / owed < least
    if told.shortfall is None:
        return False
    if name in ("target-met", "target-missed"):
        met = told.shortfall <= 0
        return met if name == "target-met" else told.shortfall > told.tolerance
    word, _, since = name.partition("-")
    if since != "than-a-year-before" or told.moved(told.year_before) != word:
        return False
    before = told.year_before or Decimal(0)
    return abs(told.value - before) >= least * abs(before)


def _basis(edition: Edition, told: Performance) -> Basis:
    return edition.registry.by_key[told.key.indicator, told.key.basis]


def _subject(basis: Basis) -> str:
    titles = basis.indicator["title"], basis.basis["title"]
    return f"{basis.key[0]} {titles[0]}: {titles[1]}"


def _counts_people(edition: Edition, told: Performance, basis: Basis) -> bool:
    if told.key.breakdown == MEASURE:
        return edition.registry.measures[told.key.breakdown_value]["is_people"] == "yes"
    people = basis.indicator["counts_people"] == "yes"
    return people or basis.key in edition.registry.tells_people


def _rests_on(edition: Edition, basis: Basis) -> str:
    return edition.quarter if basis.over_time == "latest" else edition.period


def _place(told: Performance) -> tuple[str, ...]:
    key = told.key
    return key.indicator, key.basis, key.breakdown, key.breakdown_value
