"""Workforce returns whose figures others have published, or that can be added up by hand."""

from decimal import Decimal
from itertools import count

from tests.support.tiny_warehouse import Return, Row

AS_OF = "2023-05-20T12:00:00"
HR = "hr_workforce"
NUMBERS = count(1)


def employee(employer: str, quarter_end: str, **more: object) -> Row:
    """An employee on full-time hours, of whom nothing else is known."""
    row: Row = {
        "employer": employer,
        "snapshot_date": quarter_end,
        "employee_key": f"k{next(NUMBERS)}",
        "fte": Decimal("1"),
        "start_date": "2019-09-02",
    }
    return row | more


def people(how_many: int, employer: str, quarter_end: str, **more: object) -> list[Row]:
    return [employee(employer, quarter_end, **more) for _ in range(how_many)]


# Chelmsford City Council 2021/22, as the combined authority: A 885 employees, B 92 of them new,
# C 32 apprentices, D 23 apprenticeships started. Hinckley and Bosworth, as Merseytravel: 404
# employees before the year and 424 after it, 61 of them new, 9 apprentices, 4 started.
MARCH, JUNE = "2022-03-31", "2022-06-30"
JOINED, STARTED = {"start_date": "2022-02-01"}, {"apprenticeship_start": "2022-01-10"}
CHELMSFORD = [
    *people(23, "LCRCA", MARCH, is_apprentice=True, **JOINED, **STARTED),
    *people(9, "LCRCA", MARCH, is_apprentice=True, apprenticeship_start="2021-09-06"),
    *people(69, "LCRCA", MARCH, **JOINED),
    *people(784, "LCRCA", MARCH),
]
HINCKLEY_BEFORE = people(404, "Merseytravel", MARCH)
HINCKLEY = [
    *people(
        3, "MT", JUNE, is_apprentice=True, start_date="2022-04-01",
        apprenticeship_start="2022-04-01",
    ),
    # started, and left before the quarter was over: a start, a new employee, and in no headcount
    employee(
        "MT", JUNE, is_apprentice=True, start_date="2022-05-03",
        apprenticeship_start="2022-06-30", leave_date="2022-06-29",
    ),
    employee("MT", JUNE, is_apprentice=True, apprenticeship_start="2022-07-01"),  # a day too late
    employee("MT", JUNE, is_apprentice=True, apprenticeship_start="2022-03-31"),  # a day too early
    *people(4, "MT", JUNE, is_apprentice=True, apprenticeship_start="2021-09-06"),
    *people(57, "MT", JUNE, start_date="2022-06-30"),
    *people(358, "MT", JUNE),
]  # fmt: skip

LIVERPOOL, WIRRAL, LEEDS = "E08000012", "E08000015", "E08000035"


def lives(place: str | None, decile: int | None) -> Row:
    return {"home_local_authority_code": place, "home_deprivation_decile": decile}


def paid(amount: str | None, day: str | None, aged_18: bool | None = True) -> Row:
    pay = None if amount is None else Decimal(amount)
    return {"hourly_pay": pay, "pay_date": day, "aged_18_on_pay_date": aged_18}


WOMAN, MAN = {"sex": "female"}, {"sex": "male"}
# Nine of whom eight are in the headcount; the Real Living Wage rose to GBP 9.90 on 15 May 2022.
EIGHT = [
    employee(
        "LCRCA", JUNE, **WOMAN, **lives(LIVERPOOL, 1), **paid("9.50", "2022-05-14"),
        ethnicity="asian", disability="disabled", age_band="25-34", grade="G5",
        directorate="Transport",
    ),
    employee(
        "LCRCA", JUNE, **WOMAN, **lives(LIVERPOOL, 2), **paid("9.49", "2022-05-14"),
        ethnicity="white", disability="not disabled", age_band="25-34", grade="G5",
        directorate="Transport", leave_date=JUNE,  # the last day of all: still there
    ),
    employee("LCRCA", JUNE, **WOMAN, **lives(WIRRAL, 3), **paid("9.89", "2022-05-15")),
    employee(
        "LCRCA", JUNE, **MAN, **lives(LEEDS, 10), **paid("9.90", "2022-05-15"), start_date=JUNE
    ),
    employee("LCRCA", JUNE, **MAN, **lives(None, None), **paid("4.81", "2022-05-15", False)),
    employee("LCRCA", JUNE, **MAN, **paid("30.00", "2022-06-24", None), fte=Decimal("0.6")),
    employee("LCRCA", JUNE, **paid(None, "2022-06-24"), fte=Decimal("0.512345")),
    employee("LCRCA", JUNE, **paid("30.00", None), sex="undisclosed"),
    employee("LCRCA", JUNE, **WOMAN, **lives(LIVERPOOL, 1), leave_date="2022-06-29"),
]  # fmt: skip

# The combined authority's published pay quarters of 31 March 2021: 55 people in each, of whom 20,
# 20, 22 and 34 are men (36.4, 36.4, 40.0 and 61.8 per cent).
NEXT_MARCH = "2023-03-31"
LCRCA = [
    person
    for pay, men, women in [
        ("10.00", 20, 35), ("12.00", 20, 35), ("15.00", 22, 33), ("20.00", 34, 21),
    ]
    for sex, how_many in [("male", men), ("female", women)]
    for person in people(
        how_many, "LCRCA", NEXT_MARCH, sex=sex, is_full_pay=True, hourly_pay=Decimal(pay),
        ethnicity="white",
    )
]  # fmt: skip
for person in LCRCA[:12]:
    person["ethnicity"] = "asian"  # on GBP 10.00
for person in LCRCA[-9:]:
    person["ethnicity"] = "black"  # on GBP 20.00: too few to be shown
for person in LCRCA[12:14]:
    person["ethnicity"] = None


# Six full-pay relevant employees, four of them on the same pay over all boundaries; and who is not.
def full(pay: str, bonus: str | None = None) -> Row:
    """On full pay, at so much an hour, with a bonus perhaps."""
    bonus_pay = None if bonus is None else Decimal(bonus)
    return {"is_full_pay": True, "hourly_pay": Decimal(pay), "bonus_pay": bonus_pay}


SIX = [
    employee("MT", NEXT_MARCH, **MAN, **full("10.00")),
    employee("MT", NEXT_MARCH, **MAN, **full("11.00", "500")),
    *people(3, "MT", NEXT_MARCH, **WOMAN, **full("11.00")),
    employee("MT", NEXT_MARCH, **WOMAN, **full("20.00", "300")),
    # relevant, and not on full pay: a bonus counts, the hour does not
    employee(
        "MT", NEXT_MARCH, **MAN, is_full_pay=False, hourly_pay=Decimal("1.00"),
        bonus_pay=Decimal("1500"),
    ),
    employee("MT", NEXT_MARCH, **WOMAN, is_full_pay=False, bonus_pay=Decimal("0")),
    # on neither side
    employee("MT", NEXT_MARCH, sex="undisclosed", **full("99.00")),
    # left the day before, and starts the day after
    employee("MT", NEXT_MARCH, **MAN, **full("99.00"), leave_date="2023-03-30"),
    employee("MT", NEXT_MARCH, **MAN, **full("99.00"), start_date="2023-04-01"),
]  # fmt: skip

RETURNS = [
    Return(HR, "2021-22 Q4", "2022-04-20", CHELMSFORD + HINCKLEY_BEFORE),
    Return(HR, "2022-23 Q1", "2022-07-20", EIGHT + HINCKLEY),
    Return(HR, "2022-23 Q4", "2023-04-20", LCRCA + SIX),
    Return(
        "reference_deprivation",
        "2022-23",
        "2022-04-02",
        [{"postcode": "L31BP", "deprivation_decile": 1}],
    ),
]
CHECK = (RETURNS[1], "fte_at_most_one", "passed", 433, 0)
