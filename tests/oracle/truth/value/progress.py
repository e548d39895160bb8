"""F01: what the posts' reports in force say of the framework's commitments."""

from dataclasses import dataclass

from flows.demo.made.authority.periods import QUARTERS
from flows.demo.made.delivery.progress import AMBER_RED, NOT_REPORTED, RATINGS, RED, Report, classes
from tests.oracle.truth.standing import Standing


@dataclass(frozen=True)
class Reported:
    """F01 of a quarter: commitments by class and rating, and by movement since the last one."""

    ratings: dict[tuple[str, str], int]
    movement: dict[str, int]
    without_action: tuple[str, ...]


def progress_of(standing: Standing, quarter: str) -> Reported:
    """F01 at the end of a quarter; of a year, its last quarter's."""
    now, before = reported(standing, quarter), reported(standing, _quarter_before(quarter))
    ratings: dict[tuple[str, str], int] = {}
    movement = dict.fromkeys(("better", "worse", "the same", "new"), 0)
    for commitment, (kind, _) in classes().items():
        rating = rating_of(now, commitment)
        ratings[kind, rating] = ratings.get((kind, rating), 0) + 1
        if rating != NOT_REPORTED:
            movement[moved(before.get(commitment), now[commitment])] += 1
    lacking = [c for c, row in now.items() if row.stated in (RED, AMBER_RED) and not row.action]
    return Reported(ratings, movement, tuple(sorted(lacking)))


def reported(standing: Standing, quarter: str) -> dict[str, Report]:
    """The rows that stand of a quarter, by commitment."""
    rows = (row for sent in standing.progress if sent.period == quarter for row in sent.rows)
    return {row.commitment: row for row in rows if not row.fault}


def rating_of(found: dict[str, Report], commitment: str) -> str:
    """The rating in words; of a commitment that nobody speaks of, NOT REPORTED."""
    return found[commitment].stated if commitment in found else NOT_REPORTED


def moved(before: Report | None, now: Report) -> str:
    """How a rating moved since the quarter before."""
    if before is None:
        return "new"
    steps = RATINGS.index(now.stated) - RATINGS.index(before.stated)
    if steps == 0:
        return "the same"
    return "better" if steps > 0 else "worse"


def _quarter_before(quarter: str) -> str:
    nth = QUARTERS.index(quarter)
    return QUARTERS[nth - 1] if nth else ""
