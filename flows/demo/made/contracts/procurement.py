"""What procurement sends: the contract register and the commitments return of each quarter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from flows.demo.made.authority.authority import SENDER
from flows.demo.made.authority.delivery import Delivery, Planted, Sending, Sum, sent_again
from flows.demo.made.authority.periods import QUARTERS, last_day, slug
from flows.demo.made.contracts.kpis import NO_RATING_WORD, Rating, ratings
from flows.demo.made.contracts.promises import SENT_TWICE as PROMISED_TWICE
from flows.demo.made.contracts.promises import Promise, profile_rows, promise_file, promises
from flows.demo.made.contracts.promises import first_sending as first_promises
from flows.demo.made.contracts.register import (
    BOOK,
    FORMS,
    NOTICE_CORRECTED,
    NOTICE_TYPO,
    NOTICES,
    SENT_TWICE,
    TABLE,
    Entry,
    first_sending,
    register,
    unreferenced,
)
from flows.demo.made.contracts.register_files import Written, book_file, table_file
from flows.demo.made.contracts.releases import NO_AWARDS, award_notices, package
from flows.demo.made.obligations import due

CONTRACTS, COMMITMENTS = "procurement_contracts", "procurement_commitments"
SUFFIX = {TABLE: "csv", BOOK: "xlsx", NOTICES: "json"}
WITHOUT_REFERENCE = "2021-22 Q2"
LATE = {(CONTRACTS, "2021-22 Q3"): 9, (COMMITMENTS, "2022-23 Q3"): 16}  # days after the due day
AGAIN = "2021-22 Q1"  # sent once more, the same bytes


@dataclass(frozen=True)
class RegisterSent(Sending):
    """A register: its rows that can be kept (of notices, the latest of each), and its ratings."""

    entries: tuple[Entry, ...] = ()
    ratings: tuple[Rating, ...] = ()


@dataclass(frozen=True)
class PromisesSent(Sending):
    """A commitments return, and its rows (also the quarantined ones)."""

    rows: tuple[Promise, ...] = ()


def procurement_sendings() -> Iterator[Sending]:
    """Everything procurement sends in the two years, by quarter."""
    for quarter in QUARTERS:
        yield from _registers(quarter)
        yield from _commitments(quarter)


def _registers(quarter: str) -> Iterator[Sending]:
    at = _arrival(CONTRACTS, quarter)
    if FORMS[quarter] == NOTICES:
        yield _notices(quarter, at)
        return
    if quarter == SENT_TWICE:
        story = "Sent with errors: a contract and every extension missing, a value a nought short."
        yield _register(quarter, at, first_sending(), story)
        at += timedelta(days=8, hours=3)
    kept = _register(quarter, at, register(quarter), _register_story(quarter))
    yield kept
    if quarter == AGAIN:
        story = "The first register once more, the same bytes: a duplicate."
        yield sent_again(kept, at + timedelta(days=2), story)


def _register(quarter: str, at: datetime, entries: Sequence[Entry], story: str) -> Sending:
    stray = (unreferenced(),) if quarter == WITHOUT_REFERENCE else ()
    written = _written(quarter, (*entries, *stray))
    rated = tuple(ratings(quarter)) if FORMS[quarter] == BOOK else ()  # a table has no such sheet
    return RegisterSent(
        Delivery(at, CONTRACTS, _name(quarter, SUFFIX[FORMS[quarter]]), written.content, story),
        SENDER,
        quarter,
        loaded=_sum(entries) + Sum(len(rated)),
        quarantined=_sum(stray),
        dropped_rows=written.dropped,
        planted=tuple(_faults(quarter, (*entries, *stray), written)),
        corrects=quarter == SENT_TWICE and any(e.is_extension for e in entries),
        entries=tuple(entries),
        ratings=rated,
    )


def _written(quarter: str, entries: Sequence[Entry]) -> Written:
    if FORMS[quarter] == TABLE:
        return table_file(entries, f"As at {last_day(quarter):%d/%m/%Y}")
    return book_file(entries, ratings(quarter))


def _faults(quarter: str, entries: Sequence[Entry], written: Written) -> Iterator[Planted]:
    sheet = "Contracts" if FORMS[quarter] == BOOK else ""
    seen: set[Entry] = set()
    for row, entry in zip(written.rows, entries, strict=True):
        if not entry.key:
            yield Planted(row, "row without a reference", entry.title, sheet)
        if entry.value_word:
            yield Planted(row, "word for a value", entry.value_word, sheet)
        if entry.end_word:
            yield Planted(row, "word for a date", entry.end_word, sheet)
        if entry.awarded is None:
            yield Planted(row, "no award date", entry.reference, sheet)
        if entry.is_extension:
            yield Planted(row, "extension under the same reference", entry.reference, sheet)
        if entry in seen:
            yield Planted(row, "identical rows that are one contract", entry.reference, sheet)
        if entry.reference != entry.key and entry.key:
            yield Planted(row, "reference written another way", entry.reference, sheet)
        seen.add(entry)
    if FORMS[quarter] == BOOK:
        rated = enumerate(ratings(quarter), 2)
        odd = [nth for nth, rating in rated if rating.rating == NO_RATING_WORD]
        yield from (Planted(row, "no word of the scheme", NO_RATING_WORD, "KPIs") for row in odd)


def _notices(quarter: str, at: datetime) -> Sending:
    typo = sum((e.value or Decimal(0)) * 100 for e in register(quarter) if e.key == NOTICE_TYPO)
    total = _sum(register(quarter))
    planted = [Planted(0, "a later release corrects an earlier one", NOTICE_CORRECTED)]
    if typo:
        planted = [Planted(0, "two releases of one award", NOTICE_TYPO)]
    return RegisterSent(
        Delivery(at, CONTRACTS, _name(quarter, "json"), package(quarter), _register_story(quarter)),
        SENDER,
        quarter,
        loaded=Sum(award_notices(quarter), total.amount + typo),
        dropped_rows=len(NO_AWARDS),
        planted=tuple(planted),
        entries=register(quarter),
    )


def _commitments(quarter: str) -> Iterator[Sending]:
    at = _arrival(COMMITMENTS, quarter)
    if quarter == PROMISED_TWICE:
        yield _promised(quarter, at, first_promises(), "Sent with one quantity ten times too high.")
        at += timedelta(days=6)
    story = "With a profile by quarter on a sheet of its own."
    if quarter == QUARTERS[0]:
        story = "As CSV, so without a profile."
    corrects = quarter == PROMISED_TWICE
    yield _promised(quarter, at, promises(quarter), story, corrects=corrects)


def _promised(
    quarter: str, at: datetime, rows: Sequence[Promise], story: str, *, corrects: bool = False
) -> Sending:
    kept = sum(not row.fault for row in rows)
    suffix = "csv" if quarter == QUARTERS[0] else "xlsx"
    sheet = "" if suffix == "csv" else "Commitments"
    content = promise_file(rows, quarter)
    return PromisesSent(
        Delivery(at, COMMITMENTS, _name(quarter, suffix), content, story),
        SENDER,
        quarter,
        loaded=Sum(kept + len(profile_rows(rows, quarter))),
        quarantined=Sum(len(rows) - kept),
        planted=tuple(
            Planted(nth, row.fault, row.quantity_word or row.code, sheet)
            for nth, row in enumerate(rows, 2)
            if row.fault
        ),
        corrects=corrects,
        rows=tuple(rows),
    )


def _arrival(return_name: str, quarter: str) -> datetime:
    day = due(return_name, SENDER, quarter)
    if day is None:
        raise LookupError(f"nobody owes {return_name} for {quarter}")
    days = LATE.get((return_name, quarter), -(5 + QUARTERS.index(quarter) % 4))
    hour = 9 if return_name == CONTRACTS else 14
    return datetime(day.year, day.month, day.day, hour, 25) + timedelta(days=days)  # noqa: DTZ001


def _register_story(quarter: str) -> str:
    late = " It is late." if (CONTRACTS, quarter) in LATE else ""
    return {
        TABLE: "The register as CSV: titles above it, a total at the foot, values in words.",
        BOOK: "The register as a workbook, with ratings of the large contracts.",
        NOTICES: "The quarter's notices as an OCDS release package instead of the register.",
    }[FORMS[quarter]] + late


def _name(quarter: str, suffix: str) -> str:
    return f"{SENDER}_{slug(quarter)}.{suffix}"


def _sum(entries: Sequence[Entry]) -> Sum:
    values = (entry.value or Decimal(0) for entry in entries)
    return Sum(len(entries), sum(values, Decimal("0.00")))
