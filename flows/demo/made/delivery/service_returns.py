"""What the directorates send: a return of their own deeds for each quarter."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from flows.demo.made.authority.authority import directorates
from flows.demo.made.authority.authority import slug as sender_of
from flows.demo.made.authority.canaries import identity
from flows.demo.made.authority.delivery import Delivery, Planted, Sending, Sum, sent_again
from flows.demo.made.authority.layouts import headers
from flows.demo.made.authority.periods import QUARTERS, last_day, slug
from flows.demo.made.authority.sheets import csv_file, whole
from flows.demo.made.authority.workbook import Cell, workbook
from flows.demo.made.contracts.measures import code_for
from flows.demo.made.delivery.claims import dice_of
from flows.demo.made.delivery.deeds import (
    CORPORATE,
    INVESTMENT,
    PHONE,
    POLICY,
    SKILLS,
    TRANSPORT,
    Deed,
    deeds_of,
)
from flows.demo.made.obligations import due

RETURN = "service_returns"
NEVER_SENT = {(POLICY, "2021-22 Q3")}
LATE = {(INVESTMENT, "2021-22 Q2"): 12, (SKILLS, "2022-23 Q1"): 3, (TRANSPORT, "2022-23 Q4"): 1}
CORRECTED = (CORPORATE, "2022-23 Q1")  # sent with a figure a hundred times too high
SENT_TWICE = (TRANSPORT, "2021-22 Q4")
AS_CSV = {SKILLS, TRANSPORT}
_CLERKS = 9100  # the first of the identities that fill these returns in

_BOOK = headers("service return as a workbook")
_TABLE = headers("service return as a table")


@dataclass(frozen=True)
class Done:
    """A directorate's return as it was sent."""

    directorate: str
    quarter: str
    at: datetime
    deeds: tuple[Deed, ...]
    is_replaced: bool = False
    corrects: bool = False


@dataclass(frozen=True, kw_only=True)
class ServiceSent(Sending):
    """A directorate's file, and the return that it writes down."""

    done: Done


@cache
def done(seed: int) -> tuple[Done, ...]:
    """Every return of the two years as it was sent, also the one that a later one replaces."""
    return tuple(one for name in directorates() for q in QUARTERS for one in _of(name, q, seed))


def service_sendings(seed: int) -> Iterator[Sending]:
    """The files of the directorates."""
    for one in done(seed):
        sending = _sending(one)
        yield sending
        if (one.directorate, one.quarter) == SENT_TWICE:
            at = one.at + timedelta(days=4)
            yield sent_again(sending, at, "The same file once more: a duplicate.")


def _of(directorate: str, quarter: str, seed: int) -> Iterator[Done]:
    slot = directorate, quarter
    if slot in NEVER_SENT:
        return
    sent = Done(directorate, quarter, _arrival(*slot, seed), deeds_of(*slot, seed))
    if slot == CORRECTED:
        wrong = replace(sent.deeds[0], quantity=sent.deeds[0].quantity * 100)
        yield replace(sent, deeds=(wrong, *sent.deeds[1:]), is_replaced=True)
        sent = replace(sent, at=sent.at + timedelta(days=7, hours=1), corrects=True)
    yield sent


def _arrival(directorate: str, quarter: str, seed: int) -> datetime:
    owed = due(RETURN, sender_of(directorate), quarter) or last_day(quarter)
    late = LATE.get((directorate, quarter))
    early = dice_of(seed, directorate, quarter, "post").randint(1, 9)
    place = directorates().index(directorate)
    moment = datetime(owed.year, owed.month, owed.day, 11, 10 + place)  # noqa: DTZ001
    return moment + timedelta(days=late or -early)


def _sending(one: Done) -> Sending:
    as_csv = one.directorate in AS_CSV
    sender, suffix = sender_of(one.directorate), "csv" if as_csv else "xlsx"
    rows = [_cells(deed, one.directorate) for deed in one.deeds]
    content = csv_file([_TABLE, *rows]) if as_csv else workbook([("Return", [_BOOK, *rows])])
    bad = sum(bool(deed.fault) for deed in one.deeds)
    story = "A directorate's return."
    if one.is_replaced:
        story = "Sent with a figure a hundred times too high."
    name = f"{sender}_{slug(one.quarter)}.{suffix}"
    return ServiceSent(
        Delivery(one.at, RETURN, name, content, story),
        sender,
        one.quarter,
        loaded=Sum(len(one.deeds) - bad),
        quarantined=Sum(bad),
        planted=tuple(_planted(one, "" if as_csv else "Return")),
        corrects=one.corrects,
        done=one,
    )


def _planted(one: Done, sheet: str) -> Iterator[Planted]:
    if one.corrects:
        yield Planted(0, "corrected file", one.quarter)
    if (one.directorate, one.quarter) in LATE:
        yield Planted(0, "late", one.quarter)
    for row, deed in enumerate(one.deeds, 2):
        if deed.fault:
            yield Planted(
                row, deed.fault, str(deed.cell or deed.role_word or deed.programme), sheet
            )
        if PHONE in deed.narrative:
            yield Planted(row, "a telephone number in the narrative", deed.narrative, sheet)
        if deed.shared_outcome:
            yield Planted(row, "a share of a shared outcome", deed.shared_outcome, sheet)
        if deed.status in ("evidenced", "validated") and not deed.evidence:
            yield Planted(row, "evidence missing", deed.programme, sheet)


def _cells(deed: Deed, directorate: str) -> list[Cell]:
    clerk = identity(_CLERKS + directorates().index(directorate))
    code = code_for(deed.measure_id, deed.template)
    return [
        deed.role_word or deed.role,
        code.code,
        deed.programme,
        whole(code.in_unit(deed.quantity)) if deed.cell is None else deed.cell,
        code.unit,
        deed.reckoning,
        deed.evidence,
        deed.share,
        deed.shared_outcome,
        deed.status,
        deed.extra_cost,
        deed.narrative,
        clerk.name,
        clerk.email,
    ]
