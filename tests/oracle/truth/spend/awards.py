"""I01 to I03: what was invested, what it brought in, jobs, and how much went to deprived areas.

An award counts in the quarter whose return it stands in. What others put in counts as nothing where
nobody says it; the ratio is the sum of what others put in over the sum of the awards.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from flows.demo.made.authority.authority import DISTRICTS
from flows.demo.made.authority.periods import MONTHS, months_of
from flows.demo.made.finance.awards import Award
from tests.oracle.truth.figures import Figure, Key, Tally

MOST_DEPRIVED = (1, 2)
NOTHING = Decimal(0)


def award_figures(returns: Mapping[str, Sequence[Award]]) -> Iterator[tuple[Key, Figure]]:
    """I01 (invested, leveraged, leverage), I02 (created, safeguarded), I03 (of known, of all), each
    whole and by programme (I01 and I02 by district too); by quarter, half and year.
    """
    tallies = {
        "invested": Tally("I01", "invested", "sum"),
        "leveraged": Tally("I01", "leveraged", "sum"),
        "leverage": Tally("I01", "leverage", "mean"),
        "created": Tally("I02", "created", "sum"),
        "safeguarded": Tally("I02", "safeguarded", "sum"),
        "known": Tally("I03", "known"),
        "all": Tally("I03", "all"),
    }
    for quarter, found in returns.items():
        month = months_of(quarter)[-1]  # a quarter's return counts in it whole
        for award in found:
            parts = _parts(award)
            tallies["invested"].add(month, award.amount, NOTHING, parts)
            tallies["leverage"].add(month, award.leveraged or NOTHING, award.amount, parts)
            for name in ("leveraged", "created", "safeguarded"):
                amount: Decimal | None = getattr(award, name)
                if amount is not None:
                    tallies[name].add(month, amount, NOTHING, parts)
            decile = award.place.decile if award.place else None
            deprived = award.amount if decile in MOST_DEPRIVED else NOTHING
            programme = {"programme": award.programme}
            tallies["all"].add(month, deprived, award.amount, programme)
            if decile is not None:
                tallies["known"].add(month, deprived, award.amount, programme)
    for tally in tallies.values():
        yield from ((key, figure) for key, figure in tally.figures() if key.period not in MONTHS)


def _parts(award: Award) -> dict[str, str]:
    """Its programme, and its district where that is one of the six."""
    district = DISTRICTS.get(award.place.code, "") if award.place else ""
    parts = {"programme": award.programme, "district": district}
    return {breakdown: word for breakdown, word in parts.items() if word}
