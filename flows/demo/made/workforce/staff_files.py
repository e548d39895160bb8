"""How the HR system's extracts look: two layouts, words and letters, dates in many forms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from flows.demo.made.authority.layouts import columns
from flows.demo.made.authority.sheets import (
    MIXED_DATES,
    DateStyle,
    Sheet,
    as_workbook,
    date_cell,
    iso_date,
    serial_cell,
    uk_date,
    word_date,
)
from flows.demo.made.authority.workbook import Cell
from flows.demo.made.workforce.staff import LCRCA, MERSEYTRAVEL
from flows.demo.made.workforce.staff_rows import FULL_WEEK, Row

# Which column stands under which header.
USUAL = columns("workforce")
OTHER = columns("workforce of the other system")
WORDS = {
    "male": "Male",
    "female": "Female",
    "undisclosed": "Prefer not to say",
    "disabled": "Yes",
    "not disabled": "No",
    "white": "White British",
    "asian": "Asian or Asian British",
    "black": "Black, Black British, Caribbean or African",
    "mixed": "Mixed or multiple ethnic groups",
    "other": "Other ethnic group",
    LCRCA: "LCRCA",
    MERSEYTRAVEL: "Merseytravel",
}
LETTERS = WORDS | {
    "male": "M",
    "female": "F",
    "undisclosed": "Not stated",
    "disabled": "Y",
    "not disabled": "N",
    "white": "White",
    LCRCA: "Liverpool City Region Combined Authority",
    MERSEYTRAVEL: "MT",
}


@dataclass(frozen=True)
class Form:
    """How an extract looks."""

    layout: Mapping[str, str] = field(default_factory=lambda: USUAL)
    words: Mapping[str, str] = field(default_factory=lambda: WORDS)
    dates: tuple[DateStyle, ...] = (uk_date,)
    is_workbook: bool = False
    title: str = ""


FORMS = {
    "2021-22 Q2": Form(OTHER, LETTERS, (iso_date,)),
    "2021-22 Q3": Form(dates=(date_cell, serial_cell), is_workbook=True),
    "2021-22 Q4": Form(dates=(uk_date, word_date)),
    "2022-23 Q1": Form(words=LETTERS),
    "2022-23 Q2": Form(OTHER, WORDS, (date_cell,), is_workbook=True, title="Workforce extract"),
    "2022-23 Q3": Form(dates=MIXED_DATES, title="Workforce, all staff; restricted"),
}


def written(rows: Sequence[Row], form: Form) -> tuple[Sheet, bytes]:
    """The file of a return."""
    sheet = Sheet(len(form.layout))
    if form.title:
        sheet.title(form.title)
        sheet.blank()
    sheet.header(list(form.layout))
    for nth, row in enumerate(rows):
        cells = _cells(row, form, nth)
        sheet.line([row.texts.get(column, cells[column]) for column in form.layout.values()])
    return sheet, as_workbook("Staff", sheet) if form.is_workbook else sheet.as_csv()


def _cells(row: Row, form: Form, nth: int) -> dict[str, Cell]:
    one, words = row.employee, form.words
    day = _days(form, nth)
    amount = _amounts(form)
    return {
        "employer": words[one.employer],
        "snapshot_date": day(row.snapshot),
        "employee_number": one.number,
        "full_name": one.who.name,
        "email": one.who.email,
        "phone": one.who.phone,
        "birth_date": day(one.birth),
        "home_postcode": one.home.postcode if one.home else "",
        "sex": words[one.sex],
        "ethnicity": words[one.ethnicity],
        "disability": words[one.disability],
        "directorate": one.directorate,
        "grade": one.grade,
        "contract_type": one.contract_type.capitalize(),
        "weekly_hours": amount((row.fte * FULL_WEEK).quantize(Decimal("0.01"))),
        "fte": row.fte if form.is_workbook else f"{row.fte}",
        "hourly_pay": amount(row.hourly_pay),
        "is_full_pay": "Yes" if row.is_full_pay else "No",
        "bonus_pay": amount(row.bonus),
        "pay_date": day(row.pay_date),
        "is_apprentice": "Yes" if row.is_apprentice else "No",
        "apprenticeship_start": day(one.apprentice_from if row.is_apprentice else None),
        "start_date": day(one.start),
        "leave_date": day(one.leave if one.leave and one.leave <= row.snapshot else None),
    }


def _days(form: Form, nth: int) -> Callable[[date | None], Cell]:
    style = form.dates[nth % len(form.dates)]
    return lambda day: "" if day is None else style(day)


def _amounts(form: Form) -> Callable[[Decimal | None], Cell]:
    if form.is_workbook:
        return lambda amount: amount
    return lambda amount: "" if amount is None else f"{amount:.2f}"
