"""What the directorates' own figures must be: by role and measure, and E13's volunteering hours."""

from decimal import Decimal
from functools import cache

from flows.demo.made.authority.authority import slug
from flows.demo.made.delivery.claims import CLAIMED, REJECTED
from flows.demo.made.delivery.deeds import EMPLOYER, Deed
from tests.oracle.truth.standing import Standing
from tests.oracle.truth.value.counting import BASES, Counted, counted, is_in, total


@cache
def done_rows(standing: Standing) -> tuple[Counted, ...]:
    """Every row that was kept; a series is a sender, role, measure and programme."""
    return tuple(
        counted(
            _row(slug(one.directorate), one.quarter, deed)
            for one in standing.done
            for deed in one.deeds
            if not deed.fault
        )
    )


def is_spoken_of(standing: Standing, role: str, measure: str, period: str) -> bool:
    """Whether some return of the period says anything of a measure in a role."""
    rows = _rows(standing, role, measure)
    return any(is_in(row.quarter, period) for row in rows)


def service_figure(standing: Standing, role: str, measure: str, period: str) -> dict[str, Decimal]:
    """What was done of a measure in a role in a quarter or year, by basis."""
    rows = _rows(standing, role, measure)
    return {basis: total(rows, basis, period) for basis in BASES}


def volunteering_hours(standing: Standing, period: str) -> dict[str, Decimal]:
    """E13's numerator: the hours that employees volunteered, by basis."""
    return service_figure(standing, EMPLOYER, "M08", period)


def roles_and_measures(standing: Standing) -> list[tuple[str, str]]:
    """Every role and measure that some return names."""
    return sorted({(row.series[1], row.measure_id) for row in done_rows(standing)})


def _rows(standing: Standing, role: str, measure: str) -> list[Counted]:
    return [r for r in done_rows(standing) if r.series[1] == role and r.measure_id == measure]


def _row(sender: str, quarter: str, deed: Deed) -> Counted:
    return Counted(
        series=(sender, deed.role, deed.measure_id, deed.programme),
        quarter=quarter,
        measure_id=deed.measure_id,
        quantity=deed.quantity,
        reckoning=deed.reckoning,
        share=deed.share,
        shared_outcome=deed.shared_outcome,
        counts_as=_counts_as(deed),
        extra_cost=deed.extra_cost,
    )


def _counts_as(deed: Deed) -> str:
    if deed.status == REJECTED:
        return REJECTED
    return (deed.status or CLAIMED) if deed.evidence else CLAIMED
