"""What the workforce return of a quarter says of each employee, and where it is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from flows.demo.made.authority.periods import first_day, last_day
from flows.demo.made.workforce.pay import hourly
from flows.demo.made.workforce.staff import LCRCA, Employee, staff

PENNY = Decimal("0.01")
FULL_WEEK = Decimal("36.5")
NO_SUCH_POSTCODE, NO_SUCH_DAY = "ZZ99 3CZ", "00/00/1900"
NO_NUMBER, TWICE, FTE_ABOVE_1, SALARY = "no number", "twice", "FTE above 1", "salary as hourly pay"
SENT_TWICE = ("2021-22 Q3", "2022-23 Q4")  # first with rows that cannot be used, then mended


@dataclass(frozen=True)
class Row:
    """A row of the return: an employee at the snapshot, or one who left in the quarter.

    `texts` stand in the file in place of what is true; those in `lost` cannot be read, so that the
    column is unknown. `fault` is why the row is quarantined, '' where it is kept.
    """

    employee: Employee
    quarter: str
    fte: Decimal
    hourly_pay: Decimal | None
    is_full_pay: bool
    bonus: Decimal | None
    texts: Mapping[str, str] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()
    fault: str = ""

    @property
    def snapshot(self) -> date:
        """The quarter's last day."""
        return last_day(self.quarter)

    @property
    def pay_date(self) -> date:
        """The pay date of the pay period that holds the snapshot."""
        return self.snapshot.replace(day=28)

    @property
    def is_apprentice(self) -> bool:
        """Whether an apprentice at the snapshot."""
        return self.employee.is_apprentice(self.snapshot)

    def knows(self, column: str) -> bool:
        """Whether the cell of that column can be read."""
        return column not in self.lost


@cache
def true_rows(quarter: str, seed: int) -> tuple[Row, ...]:
    """The return of a quarter with nothing wrong in it: who is employed or left in it."""
    first, last = first_day(quarter), last_day(quarter)
    here = (e for e in staff(seed) if e.start <= last and (e.leave is None or e.leave >= first))
    return tuple(_row(nth, employee, quarter) for nth, employee in enumerate(here))


def versions(quarter: str, seed: int) -> Iterator[list[Row]]:
    """The rows of each sending of a quarter, in the order in which they come."""
    rows = _with_what_stays_wrong(list(true_rows(quarter, seed)), quarter)
    if quarter in SENT_TWICE:
        yield _first_sent(rows, quarter)
    yield rows


def _row(nth: int, employee: Employee, quarter: str) -> Row:
    snapshot = last_day(quarter)
    is_reduced = quarter in employee.reduced_pay
    pay = hourly(employee.grade, employee.point, snapshot)
    reduced = (pay / 2).quantize(PENNY, ROUND_HALF_UP) if nth % 2 else None
    bonus = Decimal(employee.bonus).quantize(PENNY)
    return Row(
        employee=employee,
        quarter=quarter,
        fte=Decimal(employee.fte),
        hourly_pay=reduced if is_reduced else pay,
        is_full_pay=not is_reduced,
        bonus=bonus if bonus or nth % 3 == 0 else None,  # nil and blank both say that there is none
    )


def _with_what_stays_wrong(rows: list[Row], quarter: str) -> list[Row]:
    found = list(rows)
    if quarter == "2021-22 Q4":
        found[300] = _lost(found[300], ethnicity="X9")
        found.append(replace(found[100], fault=TWICE))
    if quarter == "2022-23 Q2":
        found[40] = _lost(found[40], sex="?")
        found[60] = _lost(found[60], birth_date=NO_SUCH_DAY)
        for nth in (80, 500):
            found[nth] = _lost(found[nth], home_postcode=NO_SUCH_POSTCODE)
    if quarter == "2022-23 Q3":
        found[410] = replace(found[410], texts={"employee_number": ""}, fault=NO_NUMBER)
        found[411] = _lost(found[411], disability="see file")
    return found


def _first_sent(rows: list[Row], quarter: str) -> list[Row]:
    found = list(rows)
    if quarter == "2021-22 Q3":
        found[200] = replace(found[200], texts={"fte": "1.5"}, fault=FTE_ABOVE_1)
        return found
    wrong = [nth for nth, row in enumerate(found) if row.employee.employer == LCRCA][20:25]
    for nth in wrong:
        pay = found[nth].hourly_pay or Decimal("12.00")
        salary = f"{(pay * FULL_WEEK * 52).quantize(PENNY)}"
        found[nth] = replace(found[nth], texts={"hourly_pay": salary}, fault=SALARY)
    return found


def _lost(row: Row, **texts: str) -> Row:
    return replace(row, texts=texts, lost=frozenset(texts))
