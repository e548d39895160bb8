"""What the directorates do themselves, quarter by quarter, before it is written into a return."""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from flows.demo.made.authority.periods import QUARTERS, first_day
from flows.demo.made.authority.workbook import Cell
from flows.demo.made.contracts.measures import MEASURES
from flows.demo.made.delivery.claims import (
    CLAIMED,
    EVIDENCED,
    REJECTED,
    TO_DATE,
    VALIDATED,
    dice_of,
)

EMPLOYER, PROVIDER = "employer", "service provider"
INVESTOR, LEADER = "investor", "civic leader"


@dataclass(frozen=True)
class Activity:
    """Something a directorate does every quarter: about so much, growing by so much a quarter."""

    directorate: str
    role: str
    measure_id: str
    programme: str
    about: str
    growth: str = "0"
    is_to_date: bool = False
    template: str = "standard"


@dataclass(frozen=True)
class Deed:
    """A row of a directorate's return. `quantity` is in the measure's unit.

    `cell` stands in place of the quantity, `role_word` of the role. `fault` is why the row is kept
    out ('' where it is kept).
    """

    role: str
    measure_id: str
    programme: str
    quantity: Decimal
    reckoning: str = ""
    evidence: str = ""
    share: Decimal | None = None
    shared_outcome: str = ""
    status: str = ""
    extra_cost: Decimal | None = None
    narrative: str = ""
    template: str = "standard"
    cell: Cell = None
    role_word: str = ""
    fault: str = ""


CORPORATE, SKILLS = "Corporate Services", "Skills and Employment"
INVESTMENT, POLICY = "Investment and Delivery", "Policy and Strategy"
TRANSPORT = "Integrated Transport"

ACTIVITIES = (
    Activity(CORPORATE, EMPLOYER, "M08", "Volunteering days", "610", "22", template="words"),
    Activity(CORPORATE, PROVIDER, "M14", "Devices for all", "26", "1"),
    Activity(CORPORATE, PROVIDER, "M11", "Rooms lent to charities", "4400.00", "150"),
    Activity(CORPORATE, EMPLOYER, "M05", "Work experience", "5", "0.5", template="essex"),
    Activity(SKILLS, PROVIDER, "M15", "Adult Education Budget", "4650", "60"),
    Activity(SKILLS, PROVIDER, "M15", "Households into Work", "140", "5"),
    Activity(SKILLS, PROVIDER, "M06", "Job clubs", "820", "12", template="essex"),
    Activity(
        INVESTMENT, INVESTOR, "M20", "Strategic Investment Fund", "31.5", "2", is_to_date=True
    ),
    Activity(INVESTMENT, INVESTOR, "M12", "Low-carbon grants", "18.4", "1.5", is_to_date=True),
    Activity(INVESTMENT, INVESTOR, "M11", "Match from partners", "9000.00", "-250"),
    Activity(POLICY, LEADER, "M17", "Fair Employment Charter", "112", "7"),
    Activity(POLICY, LEADER, "M18", "Fair Employment Charter", "81500", "4000"),
    Activity(
        POLICY, LEADER, "M08", "Anchor institutions' volunteering", "340", "15", is_to_date=True
    ),
    Activity(TRANSPORT, PROVIDER, "M16", "Care leavers' travel", "96", "3"),
    Activity(TRANSPORT, PROVIDER, "M12", "Ferries and tunnels", "36.2", "0.8", template="words"),
    Activity(TRANSPORT, EMPLOYER, "M08", "Volunteering days", "255", "9"),
    Activity(POLICY, LEADER, "M19", "Trees for schools", "120", "10"),
)
_STEPS = {"hours": "1", "GBP": "0.01", "weeks": "0.5", "FTE": "0.5", "tCO2e": "0.001"}

FALLS = (INVESTMENT, "2022-23 Q2", "M20")  # a figure to date below the quarter before
PHONE = "07700 900123"  # which leaves the narrative before anybody reads it
CHARITY_DAY = "CHARITY-DAY"  # two directorates share it; the shares add up to one
_SHARED = {
    (CORPORATE, "2022-23 Q3"): Deed(
        EMPLOYER, "M08", "Charity day", Decimal(300), share=Decimal("0.7")
    ),
    (TRANSPORT, "2022-23 Q3"): Deed(
        EMPLOYER, "M08", "Charity day", Decimal(300), share=Decimal("0.3")
    ),
}


def deeds_of(directorate: str, quarter: str, seed: int) -> tuple[Deed, ...]:
    """Every row that the directorate writes for the quarter, right or wrong."""
    rows = [
        _deed(activity, quarter, seed)
        for activity in ACTIVITIES
        if activity.directorate == directorate
    ]
    if shared := _SHARED.get((directorate, quarter)):
        deed = replace(shared, shared_outcome=CHARITY_DAY, status=VALIDATED, evidence="photographs")
        rows.append(replace(deed, reckoning="in period", narrative="Our share of the charity day."))
    return tuple(_as_written(directorate, quarter, rows))


def _deed(activity: Activity, quarter: str, seed: int) -> Deed:
    dice = dice_of(seed, activity.directorate, activity.programme, activity.measure_id, quarter)
    quantity = _quantity(activity, quarter, seed)
    if activity.is_to_date:
        until = QUARTERS[: QUARTERS.index(quarter) + 1]
        quantity = sum((_quantity(activity, q, seed) for q in until), Decimal(0))
    if (activity.directorate, quarter, activity.measure_id) == FALLS:
        quantity -= Decimal(60)
    thrown = dice.random()
    status = VALIDATED if thrown < 0.7 else EVIDENCED if thrown < 0.88 else CLAIMED
    has_evidence = status != CLAIMED and dice.random() > 0.05
    return Deed(
        role=activity.role,
        measure_id=activity.measure_id,
        programme=activity.programme,
        quantity=quantity,
        reckoning=TO_DATE if activity.is_to_date else dice.choice(("", "in period")),
        evidence=f"{activity.programme} {first_day(quarter):%b %Y}" if has_evidence else "",
        status=status,
        narrative=f"{activity.programme}: see the service's own records.",
        template=activity.template,
    )


def _quantity(activity: Activity, quarter: str, seed: int) -> Decimal:
    """What is done in the quarter; of a level, where it stands at its end."""
    nth = QUARTERS.index(quarter)
    about = Decimal(activity.about) + nth * Decimal(activity.growth)
    if not MEASURES[activity.measure_id].accumulates:
        return about.quantize(Decimal(1))
    dice = dice_of(seed, activity.programme, activity.measure_id, nth)
    step = Decimal(_STEPS.get(MEASURES[activity.measure_id].unit, "1"))
    return (about * Decimal(dice.randint(85, 115)) / 100).quantize(step, ROUND_HALF_UP)


def _as_written(directorate: str, quarter: str, rows: list[Deed]) -> list[Deed]:
    """The rows with what is planted in them."""
    where = directorate, quarter
    if where == (SKILLS, "2021-22 Q4"):
        rows[0] = replace(rows[0], cell="c. 4,800", fault="words in a number")
    if where == (SKILLS, "2022-23 Q2"):
        rows.append(replace(rows[1], role_word="partner", fault="a role that nobody knows"))
    if where == (CORPORATE, "2022-23 Q2"):
        rows[1] = replace(rows[1], status=REJECTED, evidence="")
        rows.append(replace(rows[2], fault="the same row twice"))
    if where == (TRANSPORT, "2022-23 Q1"):
        passes = replace(rows[0], quantity=Decimal(9), programme="Taster passes")
        rows.append(replace(passes, narrative=f"Ring {PHONE} for the list of names."))
    if where == (POLICY, "2022-23 Q4"):
        rows[2] = replace(rows[2], evidence="", status=VALIDATED)
    if where == (INVESTMENT, "2022-23 Q4"):
        rows[2] = replace(rows[2], extra_cost=Decimal("1500.00"))
    return rows
