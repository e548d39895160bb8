"""Social value as figures of indicators, under the bases that the registry names."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial

from flows.demo.made.authority.authority import directorates
from flows.demo.made.authority.periods import QUARTERS, last_day
from flows.demo.made.contracts.measures import MEASURES
from flows.demo.made.delivery.progress import AMBER_RED, RED, REPORTED
from tests.oracle.truth.figures import NOTHING, Figure, Key
from tests.oracle.truth.standing import Standing
from tests.oracle.truth.value.agreements import Agreement
from tests.oracle.truth.value.commissioner import (
    PERIODS,
    SIZES,
    Which,
    awarded,
    cost,
    coverage,
    delivery,
    everything,
    kpi_ratings,
    size_of,
)
from tests.oracle.truth.value.counting import BASES, is_in
from tests.oracle.truth.value.money import money_figures
from tests.oracle.truth.value.people import DISADVANTAGED, disadvantaged
from tests.oracle.truth.value.progress import progress_of
from tests.oracle.truth.value.services import is_spoken_of, roles_and_measures, service_figure

Found = Iterator[tuple[Key, Figure]]
SERVICE_INDICATORS = {
    ("employer", "M08"): "E13",
    ("service provider", "M15"): "S01",
    ("service provider", "M16"): "S02",
    ("service provider", "M14"): "S03",
    ("service provider", "M11"): "S04",
    ("service provider", "M12"): "S05",
    ("service provider", "M06"): "S06",
    ("investor", "M20"): "I04",
    ("civic leader", "M17"): "L01",
    ("civic leader", "M18"): "L02",
    ("civic leader", "M19"): "L03",
}


def value_figures(standing: Standing) -> Found:
    """C06 to C10, E13, F01 to F03, F05, I04, S01 to S06 and L01 to L03, by quarter, half and year.

    Figures of nought are given too, but none of what nobody speaks of: a directorate's measure
    that no return names, ratings where nothing was assessed, costs that nobody states.
    """
    for period in PERIODS:
        yield from _awards(standing, period)
        yield from _ratings(standing, period)
        yield from _coverage(standing, period)
        yield from _costs(standing, period)
        yield from _services(standing, period)
        for measure in MEASURES:
            yield from _deliveries(standing, period, measure)
    for period in (p for p in PERIODS if last_day(p) >= last_day(REPORTED[0])):
        yield from _progress(standing, period)
    yield from money_figures(standing)


def hours_for_each_fte(figures: Mapping[Key, Figure]) -> Found:
    """E13 for each full-time equivalent: the period's hours over the newest headcount's FTE."""
    for period in PERIODS:
        hours = figures.get(Key("E13", "validated", period))
        fte = figures.get(Key("E01", "fte", period))
        if hours:
            key = Key("E13", "validated-per-fte", period)
            below = fte.numerator if fte else NOTHING
            yield key, Figure(hours.numerator, below, "mean")


def _awards(standing: Standing, period: str) -> Found:
    for breakdown, word, part in _parts():
        found, of = awarded(standing, period, part), (breakdown, word)
        if not found.all:
            continue
        if found.known:
            yield _share("C06", "with-commitment", period, found.with_commitment, found.known, *of)
        if found.reported_on:
            yield _share(
                "C06",
                "with-evidenced-delivery",
                period,
                found.with_evidence,
                found.reported_on,
                *of,
            )
        yield _amount("C06", "without-a-value", period, found.without_value, *of)


def _ratings(standing: Standing, period: str) -> Found:
    for breakdown, word, part in _parts():
        if breakdown != "contract_size":
            found = kpi_ratings(standing, period, part)
            whole = sum(found.values())
            for rating, count in found.items() if whole else ():
                basis = rating.lower().replace(" ", "-")
                yield _share("C09", basis, period, count, whole, breakdown, word)


def _parts() -> Iterator[tuple[str, str, Which]]:
    """All contracts, and those of each directorate and size."""
    yield "", "", everything
    for name in directorates():
        yield "directorate", name, partial(_is_of, name)
    for size, _ in SIZES:
        yield "contract_size", size, partial(_is_as_large_as, size)


def _is_of(directorate: str, contract: Agreement) -> bool:
    return contract.directorate == directorate


def _is_as_large_as(size: str, contract: Agreement) -> bool:
    return size_of(contract) == size


def _coverage(standing: Standing, period: str) -> Found:
    found = coverage(standing, period)
    yield _share("C10", "returned", period, found.returned, found.expected)
    yield _share("C10", "late", period, found.late, found.expected)
    yield _share("C10", "contract-value", period, found.value_covered, found.value_expected)
    yield _amount("C10", "without-a-value", period, found.without_value)


def _costs(standing: Standing, period: str) -> Found:
    found = cost(standing, period)
    yield _amount("F05", "contract-value", period, found.value)
    if found.extra_cost is not None:
        yield _amount("F05", "extra-cost", period, found.extra_cost)
    for basis, amount in found.delivered.items():
        yield _amount("F05", basis, period, amount)


def _deliveries(standing: Standing, period: str, measure: str) -> Found:
    found = delivery(standing, measure, period)
    part = ("measure", measure)
    yield _amount("C07", "committed", period, found.committed, *part)
    yield _amount("C07", "profiled-to-date", period, found.profiled_to_date, *part)
    yield _amount("C07", "profiled", period, found.profiled_in_period, *part)
    yield _amount("C07", "rejected", period, found.rejected_in_period, *part)
    apart = "-not-deduplicated" if measure == DISADVANTAGED else ""
    for basis in BASES:
        yield _amount("C07", f"{basis}{apart}", period, found.in_period[basis], *part)
        yield _amount("C07", f"{basis}{apart}-to-date", period, found.to_date[basis], *part)
    if measure == DISADVANTAGED:
        yield from _people(standing, period)
        return
    done = found.to_date["validated"]
    yield _share("C07", "validated-of-profiled", period, done, found.profiled_to_date, *part)
    yield _share("C07", "validated-of-committed", period, done, found.committed, *part)


def _people(standing: Standing, period: str) -> Found:
    inside = [quarter for quarter in QUARTERS if is_in(quarter, period)]
    until = [quarter for quarter in QUARTERS if last_day(quarter) <= last_day(period)]
    for basis in BASES:
        for word, quarters in (("", inside), ("-to-date", until)):
            people = disadvantaged(standing, basis, quarters).people
            name = f"{basis}-people{word}"
            yield _amount("C07", name, period, people, "measure", DISADVANTAGED)


def _services(standing: Standing, period: str) -> Found:
    for role, measure in roles_and_measures(standing):
        indicator = SERVICE_INDICATORS.get((role, measure))
        if indicator and is_spoken_of(standing, role, measure, period):
            for basis, amount in service_figure(standing, role, measure, period).items():
                yield _amount(indicator, basis, period, amount)


def _progress(standing: Standing, period: str) -> Found:
    """F01 at the period's end: of a half or year, its last quarter's."""
    quarter = [quarter for quarter in REPORTED if is_in(quarter, period)][-1]
    found = progress_of(standing, quarter)
    yield _amount("F01", "commitments", period, sum(found.ratings.values()))
    for word, count in found.movement.items():
        yield _amount("F01", word.replace(" ", "-"), period, count)
    yield _amount("F01", "off-track-without-action", period, len(found.without_action))
    off_track = sum(n for (_, rating), n in found.ratings.items() if rating in (RED, AMBER_RED))
    yield _amount("F01", "off-track", period, off_track)
    for (kind, rating), count in found.ratings.items():
        part = f"{kind}/{rating}"
        yield _amount("F01", "commitments", period, count, "commitment_class/rag", part)


def _share(
    indicator: str,
    basis: str,
    period: str,
    part: Decimal | int,
    whole: Decimal | int,
    breakdown: str = "",
    value: str = "",
) -> tuple[Key, Figure]:
    key = Key(indicator, basis, period, breakdown, value)
    return key, Figure(Decimal(part), Decimal(whole), "per cent")


def _amount(
    indicator: str,
    basis: str,
    period: str,
    amount: Decimal | int,
    breakdown: str = "",
    value: str = "",
) -> tuple[Key, Figure]:
    key = Key(indicator, basis, period, breakdown, value)
    return key, Figure(Decimal(amount), None, "sum")
