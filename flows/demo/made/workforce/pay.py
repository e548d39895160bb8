"""The two employers' grades and what they pay by the hour; the Real Living Wage.

**Which Real Living Wage counts.** A rate is in force from the day by which employers have to have
implemented it, not from the day it is announced: 9.50 from 9 May 2021, 9.90 from 15 May 2022, 10.90
from 14 May 2023. So every pay date of 2021-22 from 9 May on is judged by 9.50, and the snapshot of
31 March 2023 by 9.90 although 10.90 had been announced in September 2022. The seed
`living_wage_rates` makes the same choice in its column `in_force_from`.
"""

from datetime import date
from decimal import Decimal

# The UK rate (GBP an hour), when it was announced, and by when it has to be implemented.
LIVING_WAGE = (
    (Decimal("9.30"), date(2019, 11, 11), date(2020, 5, 11)),
    (Decimal("9.50"), date(2020, 11, 9), date(2021, 5, 9)),
    (Decimal("9.90"), date(2021, 11, 15), date(2022, 5, 15)),
    (Decimal("10.90"), date(2022, 9, 22), date(2023, 5, 14)),
    (Decimal("12.00"), date(2023, 10, 24), date(2024, 5, 1)),
    (Decimal("12.60"), date(2024, 10, 23), date(2025, 5, 1)),
    (Decimal("13.45"), date(2025, 10, 22), date(2026, 5, 1)),
)

# The points of each grade in pence, before and from April 2022. Few points and many people on each:
# that is how equal pay comes to stand on both sides of a quarter's boundary.
APPRENTICE = "Apprentice"
CHIEF = "Chief Officer"
POINTS: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    APPRENTICE: ((430, 656, 943), (481, 683, 981)),
    "Grade 1": ((925, 943), (960, 978)),
    "Grade 2": ((950, 962, 981), (990, 1010, 1030)),
    "Grade 3": ((1001, 1021, 1041), (1101, 1121, 1141)),
    "Grade 4": ((1062, 1105, 1149), (1162, 1205, 1249)),
    "Grade 5": ((1198, 1247, 1299), (1298, 1347, 1399)),
    "Grade 6": ((1352, 1409, 1469), (1452, 1509, 1569)),
    "Grade 7": ((1531, 1596), (1631, 1696)),
    "Grade 8": ((1663, 1733, 1805), (1763, 1833, 1905)),
    "Grade 9": ((1881, 1960), (1981, 2060)),
    "Grade 10": ((2117, 2205, 2300), (2217, 2305, 2400)),
    "Grade 11": ((2511, 2630), (2611, 2730)),
    "Grade 12": ((2940, 3105), (3040, 3205)),
    CHIEF: ((4210, 5575, 7830), (4310, 5675, 7930)),
}
RISE = date(2022, 4, 1)


def hourly(grade: str, point: int, on: date) -> Decimal:
    """What a point of a grade pays by the hour on a day."""
    before, after = POINTS[grade]
    points = after if on >= RISE else before
    return Decimal(points[point % len(points)]).scaleb(-2)


def living_wage(on: date) -> Decimal:
    """The Real Living Wage in force on a day. Raises ValueError before the first that is known."""
    in_force = [rate for rate, _, implement_by in LIVING_WAGE if implement_by <= on]
    if not in_force:
        raise ValueError(f"No Real Living Wage is known for {on}.")
    return in_force[-1]
