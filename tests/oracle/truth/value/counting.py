"""From rows as they are sent to figures: how much was delivered, and how far the claim has come.

Sections 3 and 4 of `docs/counting-rules.md`: figures to date become what they add, shares are
taken, and a row counts no further than its attestations, evidence, commitment and shares allow.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from flows.demo.made.authority.periods import QUARTERS, last_day, months_of
from flows.demo.made.contracts.measures import MEASURES
from flows.demo.made.delivery.claims import CLAIMED, EVIDENCED, REJECTED, TO_DATE, VALIDATED
from tests.oracle.truth.value.agreements import rounded

# Each basis with the steps of the ladder that it holds.
BASES = {
    CLAIMED: (CLAIMED, EVIDENCED, VALIDATED),
    EVIDENCED: (EVIDENCED, VALIDATED),
    VALIDATED: (VALIDATED,),
}
_ORDER = (REJECTED, CLAIMED, EVIDENCED, VALIDATED)


@dataclass(frozen=True)
class Counted:
    """A row that was kept. `figure` is what it adds in its quarter, its share taken.

    `series` is what its figures to date run over; `counts_as` is how far it counts: claimed,
    evidenced, validated or rejected; '' counts nowhere, as its contract is not matched.
    """

    series: tuple[str, ...]
    quarter: str
    measure_id: str
    quantity: Decimal
    reckoning: str
    share: Decimal | None
    shared_outcome: str
    counts_as: str
    figure: Decimal = Decimal(0)
    extra_cost: Decimal | None = None


def counted(rows: Iterable[Counted]) -> list[Counted]:
    """The rows with their figures; those of an over-claimed outcome count as claimed.

    They come in the order in which they stand in their returns.
    """
    running: dict[tuple[str, ...], Decimal] = {}
    found = []
    for row in sorted(rows, key=lambda r: QUARTERS.index(r.quarter)):
        quantity = row.quantity
        if MEASURES[row.measure_id].accumulates:
            before = running.get(row.series, Decimal(0))
            running[row.series] = quantity if row.reckoning == TO_DATE else before + quantity
            quantity = running[row.series] - before
        share = Decimal(1) if row.share is None else row.share
        found.append(replace(row, figure=rounded(quantity * share)))
    over = _over_claimed(found)
    return [
        replace(r, counts_as=CLAIMED) if _outcome(r) in over and r.counts_as in BASES else r
        for r in found
    ]


def least(steps: Iterable[str]) -> str:
    """The lowest step of several."""
    return min(steps, key=_ORDER.index)


def standing_for(rows: Sequence[Counted], basis: str, period: str) -> list[Counted]:
    """The rows of one measure that stand for a period (a quarter, half or year), on a basis.

    Of a level, the newest quarter in which each series has a row of the basis.
    """
    held = [row for row in rows if row.counts_as in BASES[basis] and is_in(row.quarter, period)]
    return _newest(held)


def total(rows: Sequence[Counted], basis: str, period: str) -> Decimal:
    """What rows of one measure come to in a period, on a basis."""
    return sum((row.figure for row in standing_for(rows, basis, period)), Decimal(0))


def total_to_date(rows: Sequence[Counted], basis: str, period: str) -> Decimal:
    """What rows of one measure come to from the first quarter to the end of the period."""
    end = last_day(period)
    held = [r for r in rows if r.counts_as in BASES[basis] and last_day(r.quarter) <= end]
    return sum((row.figure for row in _newest(held)), Decimal(0))


def is_in(quarter: str, period: str) -> bool:
    """Whether a quarter lies in the period: a quarter, half or year."""
    return set(months_of(quarter)) <= set(months_of(period))


def _newest(rows: list[Counted]) -> list[Counted]:
    """All the rows where figures accumulate; of levels, those of each series' newest quarter."""
    if not rows or MEASURES[rows[0].measure_id].accumulates:
        return rows
    newest = {row.series: row.quarter for row in rows}  # they come by quarter
    return [row for row in rows if row.quarter == newest[row.series]]


def _outcome(row: Counted) -> tuple[str, str, str]:
    return row.shared_outcome, row.measure_id, row.quarter


def _over_claimed(rows: Sequence[Counted]) -> set[tuple[str, str, str]]:
    shares: dict[tuple[str, str, str], Decimal] = {}
    for row in rows:
        if row.shared_outcome and row.counts_as != REJECTED:
            taken = Decimal(1) if row.share is None else row.share
            shares[_outcome(row)] = shares.get(_outcome(row), Decimal(0)) + taken
    return {outcome for outcome, taken in shares.items() if taken > 1}
