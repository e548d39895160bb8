"""What the investment team sends: the awards of each quarter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from flows.demo.made.authority.authority import SENDER
from flows.demo.made.authority.canaries import identity
from flows.demo.made.authority.delivery import Delivery, Planted, Sending, Sum
from flows.demo.made.authority.layouts import columns
from flows.demo.made.authority.periods import QUARTERS, last_day, slug
from flows.demo.made.authority.sheets import Sheet, as_workbook, shown_money, uk_date
from flows.demo.made.authority.workbook import Cell
from flows.demo.made.finance.awards import Award, awards

INVESTMENTS = "finance_investments"
CONTACTS = 15_000  # the first of the identities that are recipients' contacts
LATE = {"2022-23 Q3": 32}  # days after the quarter's end; it is due after 20
WORKBOOKS = ("2021-22 Q4", "2022-23 Q3")
SENT_TWICE = "2022-23 Q2"
TWICE, NEGATIVE, NO_AMOUNT = "award twice", "negative award", "award without amount"
USUAL = columns("investments")
# The grants team's layout (after the 360Giving standard), from April 2022.
OTHER = columns("investments of the grants team")
OTHER_FROM = "2022-23"


@dataclass(frozen=True)
class Entry:
    """A row of the return. `texts` stand in place of what is true; `fault`: why it is not taken."""

    award: Award
    texts: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True)
class AwardsSent(Sending):
    """An investments return, and the awards in it that were taken."""

    awards: tuple[Award, ...] = ()


def investment_sendings(seed: int) -> Iterator[AwardsSent]:
    """The investments returns of the two years."""
    for quarter in QUARTERS:
        entries = _entries(quarter, seed)
        if quarter == SENT_TWICE:
            wrong = replace(entries[2].award, amount=entries[2].award.amount * 10)
            first = [*entries[:2], Entry(wrong), *entries[3:]]
            yield _sent(quarter, first, "One award has a nought too many.", corrects=False)
            yield _sent(quarter, entries, "The nought is gone.", corrects=True)
        else:
            yield _sent(quarter, entries, _story(quarter, entries), corrects=False)


def _entries(quarter: str, seed: int) -> list[Entry]:
    true = awards(quarter, seed)
    entries = [Entry(award) for award in true]
    if quarter == "2021-22 Q2":
        entries.append(Entry(true[3], fault=TWICE))
    if quarter == "2021-22 Q3":
        unsaid = replace(true[1], leveraged=None)
        entries[1] = Entry(unsaid, texts={"leveraged": "TBC"})
    if quarter == "2022-23 Q1":
        back = replace(true[4], reference="INV-0900", amount=-true[4].amount)
        entries.append(Entry(back, fault=NEGATIVE))
    if quarter == "2022-23 Q4":
        entries[5] = Entry(true[5], texts={"amount": ""}, fault=NO_AMOUNT)
    return entries


def _sent(quarter: str, entries: Sequence[Entry], story: str, *, corrects: bool) -> AwardsSent:
    is_workbook = quarter in WORKBOOKS
    sheet = _sheet(quarter, entries, is_workbook=is_workbook)
    content = as_workbook("Awards", sheet) if is_workbook else sheet.as_csv("cp1252", "\r\n")
    days = LATE.get(quarter, 12 + QUARTERS.index(quarter) % 5) + (9 if corrects else 0)
    at = datetime.combine(last_day(quarter), datetime.min.time()) + timedelta(days=days, hours=16)
    taken = [entry.award for entry in entries if not entry.fault]
    left = [entry for entry in entries if entry.fault]
    readable = (e.award.amount for e in left if "amount" not in e.texts)
    name = f"{SENDER}_{slug(quarter)}.{'xlsx' if is_workbook else 'csv'}"
    return AwardsSent(
        delivery=Delivery(at, INVESTMENTS, name, content, story),
        sender=SENDER,
        period=quarter,
        loaded=Sum(len(taken), sum((award.amount for award in taken), Decimal("0.00"))),
        quarantined=Sum(len(left), sum(readable, Decimal("0.00"))),
        dropped_rows=sheet.dropped,
        planted=tuple(_planted(sheet, entries, "Awards" if is_workbook else "")),
        corrects=corrects,
        awards=tuple(taken),
    )


def _sheet(quarter: str, entries: Sequence[Entry], *, is_workbook: bool) -> Sheet:
    layout = OTHER if quarter >= OTHER_FROM else USUAL
    sheet = Sheet(len(layout))
    if not is_workbook:
        sheet.title(f"Investment awards, {quarter}")
    sheet.header(list(layout))
    for entry in entries:
        cells = _cells(entry.award, is_workbook=is_workbook) | dict(entry.texts)
        sheet.line([cells[column] for column in layout.values()])
    return sheet


def _cells(award: Award, *, is_workbook: bool) -> dict[str, Cell]:
    contact = identity(CONTACTS + sum(map(ord, award.recipient)))

    def money(amount: Decimal | None) -> Cell:
        if amount is None or is_workbook:
            return amount
        return shown_money(amount)

    def jobs(count: Decimal | None) -> Cell:
        return count if count is None or is_workbook else f"{count}"

    return {
        "reference": award.reference,
        "day": award.day if is_workbook else uk_date(award.day),
        "programme": award.programme,
        "recipient": award.recipient,
        "company_number": award.company_number,
        "charity_number": award.charity_number,
        "postcode": award.place.postcode if award.place else "",
        "amount": money(award.amount),
        "leveraged": money(award.leveraged),
        "created": jobs(award.created),
        "safeguarded": jobs(award.safeguarded),
        "purpose": award.purpose,
        "equality": award.equality,
        "contact": contact.name,
        "email": contact.email,
    }


def _planted(sheet: Sheet, entries: Sequence[Entry], page: str) -> Iterator[Planted]:
    for title in sheet.title_rows:
        yield Planted(title, "title row", str(sheet.rows[title - 1][0]), page)
    for row, entry in zip(sheet.line_rows, entries, strict=True):
        if entry.fault:
            yield Planted(row, entry.fault, entry.award.reference, page)
        elif entry.texts:
            yield Planted(row, "unreadable and not needed", entry.texts["leveraged"], page)


def _story(quarter: str, entries: Sequence[Entry]) -> str:
    faults = [entry.fault for entry in entries if entry.fault]
    if quarter in LATE:
        return "Late: due 20 January, it comes on 1 February."
    return f"On time, with a fault: {faults[0]}." if faults else "On time."
