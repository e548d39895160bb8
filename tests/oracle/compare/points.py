"""What must be acted on in a quarter, and what is working well or not in a year."""

from collections.abc import Iterator
from decimal import Decimal

from flows.demo.made.authority.periods import months_of
from flows.demo.made.delivery.progress import NOT_REPORTED
from tests.oracle.compare.edition import Edition, Row, Value
from tests.oracle.compare.framework import OFF_TRACK, commitments
from tests.oracle.compare.performance import Performance, is_checked_in_part, performances
from tests.oracle.compare.registry import Basis, Record, number

GREEN, MEASURE = "GREEN", "measure"
PAYMENTS = "finance_payments"
KIND_OF = {"missing": "Return missing", "loaded": "Return late"}
OF_RETURNS = ("every-return-in", "returns-missing")  # rules that tell no figure
SAID_OF = ("", MEASURE, "employer")  # breakdowns of which a review speaks


def exceptions(edition: Edition) -> Iterator[Row]:
    """Everything that the executive team must act on."""
    yield from _off_track(edition)
    for figure in performances(edition, edition.quarter):
        yield from _missed(edition, figure)
        yield from _moved(edition, figure)
    yield from _returns(edition)
    for (month, part), load in edition.truth.loads.items():
        if month in months_of(edition.quarter) and load.quarantined.rows:
            key = ("Money held back", PAYMENTS, f"lcrca {part}", month)
            yield key, {"figure": load.quarantined.amount, "compared_with": None, "unit": "GBP"}


def review_points(edition: Edition) -> Iterator[Row]:
    """Every figure of the year that a rule of the review speaks of, in order; none of people."""
    placed = _with_places(edition)
    aimed = {one.key.indicator for one, _, _ in placed if one.target is not None}
    found = [
        (int(rule["rule_order"]), figure)
        for figure in placed
        for rule in edition.registry.rows("review_rules")
        if figure[0].key.breakdown in SAID_OF
        and _speaks(edition, rule, *figure, aimed)
        and (rule["rule_id"] in OF_RETURNS or not _counts_people(edition, *figure[:2]))
    ]
    found.sort(key=lambda one: (one[0], _place(one[1][0])))
    rules = edition.registry.rows("review_rules")
    of_returns = {int(r["rule_order"]) for r in rules if r["rule_id"] in OF_RETURNS}
    for nth, (order, (figure, basis, _)) in enumerate(found, 1):
        of_figures = order not in of_returns
        columns: dict[str, Value] = {
            "point": nth,
            "value": figure.value if of_figures else None,
            "target": figure.target if of_figures else None,
            "value_year_before": figure.year_before if of_figures else None,
            "indicator_id": figure.key.indicator,
            "unit": edition.registry.unit_of(basis, figure.key.breakdown_value),
        }
        yield (str(nth),), columns | edition.counts(basis.feeds[0], _rests_on(edition, basis))


def _off_track(edition: Edition) -> Iterator[Row]:
    rows = {row["commitment_id"]: row for row in edition.registry.rows("commitments")}
    for (name,), columns in commitments(edition):
        kinds = {NOT_REPORTED: "Commitment not reported"}
        kinds |= dict.fromkeys(OFF_TRACK, "Commitment off track")
        if kind := kinds.get(str(columns["rag"])):
            row = rows[name]
            key = (kind, f"{name} {row['title']}", row["responsible_post"], edition.quarter)
            figures: dict[str, Value] = dict.fromkeys(("figure", "compared_with", "unit"))
            yield key, figures | {"rating": columns["rag"]}


def _missed(edition: Edition, missed: Performance) -> Iterator[Row]:
    basis = _basis(edition, missed)
    if missed.rating in (None, GREEN) or _counts_people(edition, missed, basis):
        return
    part = missed.key.breakdown_value
    if missed.key.breakdown == MEASURE:
        part = edition.registry.measures[part]["title"]
    key = ("Target missed", _subject(basis), part or "all", edition.quarter)
    unit = edition.registry.unit_of(basis, missed.key.breakdown_value)
    columns: dict[str, Value] = {
        "figure": missed.value,
        "compared_with": missed.target,
        "unit": unit,
    }
    yield key, columns | {"rating": missed.rating}


def _moved(edition: Edition, figure: Performance) -> Iterator[Row]:
    (rule,) = (r for r in edition.registry.rows("review_rules") if r["rule_id"] == "large-movement")
    basis = _basis(edition, figure)
    if figure.key.breakdown or basis.basis["basis_order"] != "1" or figure.before is None:
        return
    large = abs(figure.value - figure.before) > (number(rule["threshold"]) or 0) * abs(
        figure.before
    )
    if large and not _counts_people(edition, figure, basis):
        key = ("Large movement", _subject(basis), "all", edition.quarter)
        columns: dict[str, Value] = {"figure": figure.value, "compared_with": figure.before}
        yield key, columns | {"rating": figure.moved(figure.before), "unit": basis.unit}


def _returns(edition: Edition) -> Iterator[Row]:
    for slot in edition.slots:
        if slot.is_in(edition.quarter) and (slot.late_days or not slot.stands):
            kind = KIND_OF.get(slot.outcome, "Return not taken")
            about = f"{slot.sender} {slot.part}".strip()
            days = slot.late_days if slot.stands else None
            key = (kind, slot.return_name, about, slot.period)
            unit = "days" if slot.stands else None
            columns: dict[str, Value] = {"figure": days, "compared_with": None, "unit": unit}
            yield key, columns | {"rating": slot.outcome}


def _with_places(edition: Edition) -> list[tuple[Performance, Basis, bool]]:
    """Every figure of the year that has a value, and whether it is the first of its return."""
    figures = [(one, _basis(edition, one)) for one in performances(edition, edition.period)]
    figures.sort(
        key=lambda one: (one[0].key.indicator, int(one[1].basis["basis_order"]), one[0].key)
    )
    firsts = {basis.feeds[0]: one.key for one, basis in reversed(figures)}
    return [(one, basis, firsts[basis.feeds[0]] == one.key) for one, basis in figures]


def _speaks(
    edition: Edition,
    rule: Record,
    figure: Performance,
    basis: Basis,
    is_first: bool,
    aimed: set[str],
) -> bool:
    """Whether a rule of the review speaks of a figure. `aimed` are the indicators with a target."""
    name, least = rule["rule_id"], number(rule["threshold"]) or Decimal(0)
    if name in OF_RETURNS:
        here, owed = edition.received(basis.feeds[0], _rests_on(edition, basis))
        if not (is_first and owed):
            return False
        return here == owed if name == "every-return-in" else Decimal(here) / owed < least
    if name in ("target-met", "target-missed"):
        if figure.shortfall is None:
            return False
        met = figure.shortfall <= 0
        return met == (name == "target-met")
    # An indicator is judged once: by its targets, or else by where its first figure went.
    whole = "employer" if basis.indicator["only_by"] == "employer" else ""
    is_judged = basis.basis["basis_order"] == "1" and figure.key.breakdown == whole
    if figure.key.indicator in aimed or not is_judged or is_checked_in_part(edition, figure.key):
        return False
    word, _, since = name.partition("-")
    if since != "than-a-year-before" or figure.moved(figure.year_before) != word:
        return False
    before = figure.year_before or Decimal(0)
    return abs(figure.value - before) >= least * abs(before)


def _basis(edition: Edition, figure: Performance) -> Basis:
    return edition.registry.by_key[figure.key.indicator, figure.key.basis]


def _subject(basis: Basis) -> str:
    titles = basis.indicator["title"], basis.basis["title"]
    return f"{basis.key[0]} {titles[0]}: {titles[1]}"


def _counts_people(edition: Edition, figure: Performance, basis: Basis) -> bool:
    if figure.key.breakdown == MEASURE:
        return edition.registry.measures[figure.key.breakdown_value]["is_people"] == "yes"
    people = basis.indicator["counts_people"] == "yes"
    return people or basis.key in edition.registry.tells_people


def _rests_on(edition: Edition, basis: Basis) -> str:
    return edition.quarter if basis.over_time == "latest" else edition.period


def _place(figure: Performance) -> tuple[str, ...]:
    key = figure.key
    return key.indicator, key.basis, key.breakdown, key.breakdown_value
