"""The reference return that says how deprived a postcode is; one a year.

It has every postcode of suppliers, homes and recipients in England that the demo uses, and one that
nobody uses and whose decile is none. The second year's has postcodes that the first did not have.
"""

from collections.abc import Iterator
from datetime import datetime

from flows.demo.made.authority.authority import SENDER, Place, places
from flows.demo.made.authority.delivery import Delivery, Planted, Sending, Sum
from flows.demo.made.authority.periods import YEARS
from flows.demo.made.authority.sheets import table
from flows.demo.made.workforce.staff import NEW_HOMES

DEPRIVATION = "reference_deprivation"
ARRIVES = {"2021-22": datetime(2021, 5, 14, 15, 20), "2022-23": datetime(2022, 5, 16, 9, 45)}  # noqa: DTZ001
HEADER = ("pcds", "laua", "imd_decile")
UNUSED = Place("L1 0AA", "E08000012", "Liverpool", 2)
NO_DECILE = "0"


def deprivation_sendings() -> Iterator[Sending]:
    """The reference return of each year."""
    for year in YEARS:
        yield _sent(year)


def _sent(year: str) -> Sending:
    is_first = year == YEARS[0]
    known = [*places().values()][: -NEW_HOMES if is_first else None]
    known = [place for place in known if place.decile is not None]
    body = [[place.postcode, place.code, str(place.decile)] for place in known]
    body.append([UNUSED.postcode, UNUSED.code, NO_DECILE if is_first else str(UNUSED.decile)])
    sheet = table(HEADER, body)
    story = "With a decile of 0." if is_first else "With postcodes that last year's did not have."
    name = f"{SENDER}_{year}.csv"
    return Sending(
        delivery=Delivery(ARRIVES[year], DEPRIVATION, name, sheet.as_csv(), story),
        sender=SENDER,
        period=year,
        loaded=Sum(len(body) - is_first),
        quarantined=Sum(int(is_first)),
        planted=(Planted(len(body) + 1, "decile outside 1 to 10", NO_DECILE),) if is_first else (),
    )
