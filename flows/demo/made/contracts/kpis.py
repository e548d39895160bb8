"""The key performance indicators of the large contracts, as the contract register reports them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flows.demo.made.authority.periods import last_day
from flows.demo.made.contracts.contracts import KPI_THRESHOLD, Contract, contracts

GOOD, APPROACHING, IMPROVE = "Good", "Approaching target", "Requires improvement"
INADEQUATE, OTHER = "Inadequate", "Other"
RATINGS = (GOOD, APPROACHING, IMPROVE, INADEQUATE, OTHER)
CUTOFFS = ((Decimal("1.00"), GOOD), (Decimal("0.90"), APPROACHING), (Decimal("0.70"), IMPROVE))
NO_RATING_WORD = "Excellent"  # no word of the scheme: it is taken for blank

_TITLES = ("Services run on time", "Complaints answered in ten days", "Faults put right in a day")
_FIGURES = (  # target, achieved: in turn above, on, near, just under, and far below the target
    ("95", "97.5"),
    ("90", "90"),
    ("95", "90.25"),
    ("80", "71.9"),
    ("98", "88.2"),
    ("90", "62"),
    ("92", "93"),
    ("60", "41.9"),
)


@dataclass(frozen=True)
class Rating:
    """An indicator of a contract as assessed on a day. `rating` is the word as it stands there."""

    reference: str
    title: str
    target: Decimal | None
    achieved: Decimal | None
    rating: str
    assessed_on: date

    @property
    def counts_as(self) -> str:
        """The rating given; where there is none, what the cut-offs make of the figures."""
        if self.rating in RATINGS:
            return self.rating
        if self.target is None or self.achieved is None:
            return OTHER
        reached = self.achieved / self.target
        return next((word for least, word in CUTOFFS if reached >= least), INADEQUATE)


def rated_contracts() -> list[Contract]:
    """The contracts with indicators: those above the threshold, and the one that stands on it."""
    return [contract for contract in contracts() if contract.value >= KPI_THRESHOLD]


def ratings(quarter: str) -> list[Rating]:
    """Every rating that the register of a quarter reports, its own and those of earlier quarters.

    Contracts are assessed at the end of the financial year, the first two in September too. The
    last contract is not assessed in the second year.
    """
    found = []
    for nth, contract in enumerate(rated_contracts()):
        for day in _days(nth, contract):
            if day <= last_day(quarter):
                found += [_rating(contract, nth, kpi, day, quarter) for kpi in range(3)]
    return found


def _days(nth: int, contract: Contract) -> list[date]:
    days = [date(2022, 3, 29), date(2023, 3, 28)]
    if nth < 2:
        days = [date(2021, 9, 28), days[0], date(2022, 9, 27), days[1]]
    if nth == len(rated_contracts()) - 1:
        days = days[:1]
    return [day for day in days if contract.start < day]


def _rating(contract: Contract, nth: int, kpi: int, day: date, quarter: str) -> Rating:
    turn = nth * 3 + kpi + day.month + 2 * day.year
    target, achieved = (Decimal(figure) for figure in _FIGURES[turn % len(_FIGURES)])
    rating = Rating(contract.reference, _TITLES[kpi], target, achieved, "", day)
    if (nth, kpi) == (1, 2):  # a question of the public's opinion, which no figure describes
        return Rating(contract.reference, _TITLES[kpi], None, None, OTHER, day)
    if (nth, kpi) == (2, 0):
        return Rating(contract.reference, _TITLES[kpi], target, achieved, NO_RATING_WORD, day)
    if (nth, kpi) == (3, 1) and day.year == 2022:  # put right in the last register
        word = INADEQUATE if quarter == "2022-23 Q4" else GOOD
        return Rating(contract.reference, _TITLES[kpi], target, achieved, word, day)
    if turn % 3 == 0:  # left blank: the cut-offs decide
        return rating
    return Rating(contract.reference, _TITLES[kpi], target, achieved, rating.counts_as, day)
