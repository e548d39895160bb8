"""What HR sends: the workforce of both employers at the end of each quarter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.demo.made.authority.authority import SENDER
from flows.demo.made.authority.delivery import Delivery, Planted, Sending, Sum
from flows.demo.made.authority.periods import QUARTERS, last_day, slug
from flows.demo.made.authority.sheets import Sheet
from flows.demo.made.workforce.staff_files import FORMS, Form, written
from flows.demo.made.workforce.staff_rows import (
    FTE_ABOVE_1,
    NO_NUMBER,
    SALARY,
    TWICE,
    Row,
    versions,
)

WORKFORCE = "hr_workforce"
LATE = {"2022-23 Q1": 29}  # days after the quarter's end; it is due after 20
KINDS = {
    NO_NUMBER: "employee without number",
    TWICE: "employee twice",
    FTE_ABOVE_1: "FTE above 1",
    SALARY: "salary as hourly pay",
}
STORIES = {
    "2021-22 Q2": "Another extract: other headers, another order, letters for words, ISO dates.",
    "2021-22 Q3": "A workbook whose dates are partly plain numbers; an FTE of 1.5.",
    "2021-22 Q4": "One employee twice, one ethnic group that is no word agreed.",
    "2022-23 Q1": "Late: due 20 July, it comes on 29 July.",
    "2022-23 Q2": "A workbook under a title; a sex, a birth date and two homes that lead nowhere.",
    "2022-23 Q3": "Five forms of date in one column; one employee without number.",
    "2022-23 Q4": "Five salaries where pay by the hour should stand.",
}


@dataclass(frozen=True)
class StaffSent(Sending):
    """A workforce return, and its rows (also the quarantined ones)."""

    rows: tuple[Row, ...] = ()


def workforce_sendings(seed: int) -> Iterator[StaffSent]:
    """The workforce returns of the two years."""
    for quarter in QUARTERS:
        for nth, rows in enumerate(versions(quarter, seed)):
            yield _sent(quarter, rows, corrects=nth > 0)


def _sent(quarter: str, rows: Sequence[Row], *, corrects: bool) -> StaffSent:
    form = Form() if corrects else FORMS.get(quarter, Form())
    sheet, content = written(rows, form)
    days = LATE.get(quarter, 14 + QUARTERS.index(quarter) % 4) + (6 if corrects else 0)
    at = datetime.combine(last_day(quarter), datetime.min.time()) + timedelta(days=days, hours=10)
    story = "Corrected." if corrects else STORIES.get(quarter, "On time.")
    kept = [row for row in rows if not row.fault]
    name = f"{SENDER}_{slug(quarter)}.{'xlsx' if form.is_workbook else 'csv'}"
    return StaffSent(
        delivery=Delivery(at, WORKFORCE, name, content, story),
        sender=SENDER,
        period=quarter,
        loaded=Sum(len(kept)),
        quarantined=Sum(len(rows) - len(kept)),
        dropped_rows=sheet.dropped,
        planted=tuple(_planted(sheet, rows, "Staff" if form.is_workbook else "")),
        corrects=corrects,
        rows=tuple(rows),
    )


def _planted(sheet: Sheet, rows: Sequence[Row], page: str) -> Iterator[Planted]:
    for title in sheet.title_rows:
        yield Planted(title, "title row", str(sheet.rows[title - 1][0]), page)
    for blank in sheet.blank_rows:
        yield Planted(blank, "blank row", "", page)
    for at, row in zip(sheet.line_rows, rows, strict=True):
        text = next(iter(row.texts.values()), "")
        if row.fault:
            named = row.employee.number if row.fault == TWICE else text or row.employee.directorate
            yield Planted(at, KINDS[row.fault], named, page)
        elif row.lost:
            yield Planted(at, "unreadable and not needed", text, page)
