"""The tables of what was owed, what came, when, and what was sent again."""

from collections.abc import Iterator
from decimal import Decimal

from tests.oracle.compare.edition import Edition, Row, Value
from tests.oracle.truth.figures import percent
from tests.oracle.truth.slots import Slot
from tests.oracle.truth.value.stories import waits


def returns_received(edition: Edition) -> Iterator[Row]:
    """Every slot of the quarter."""
    for slot in _of(edition, edition.quarter):
        yield (
            _key(slot),
            {
                "due": slot.due,
                "received_at": slot.came,
                "outcome": slot.outcome,
                "late_days": slot.late_days,
                "rows_loaded": slot.loaded,
                "rows_quarantined": slot.quarantined,
                "rows_dropped": slot.dropped,
            },
        )


def coverage(edition: Edition) -> Iterator[Row]:
    """Each kind of return of the quarter."""
    for name, slots in _by_return(_of(edition, edition.quarter)).items():
        owed = [slot for slot in slots if slot.is_owed]
        received = sum(slot.stands for slot in owed)
        days = [slot.late_days for slot in slots if slot.late_days is not None]
        missing = sum(slot.outcome == "missing" for slot in slots)
        yield (
            (name,),
            {
                "owed": len(owed),
                "received": received,
                "percent_received": _percent(received, len(owed)),
                "late": sum(day > 0 for day in days),
                "latest_days": max(days, default=None),
                "missing": missing,
                "not_taken": sum(not slot.stands for slot in slots) - missing,
                "sent_again": sum(slot.replacements > 0 for slot in slots),
                "revised": sum(slot.is_revised for slot in slots),
            },
        )


def revisions(edition: Edition) -> Iterator[Row]:
    """Every slot of the quarter that was sent again."""
    for slot in _of(edition, edition.quarter):
        if slot.replacements:
            yield (
                _key(slot),
                {
                    "replacements": slot.replacements,
                    "first_received": slot.came.date() if slot.came else None,
                    "last_replaced": slot.replaced_at.date() if slot.replaced_at else None,
                    "due_date": slot.due,
                    "is_revision": slot.is_revised if slot.is_owed else None,
                },
            )


def returns_of_the_year(edition: Edition) -> Iterator[Row]:
    """Each kind of return of the year."""
    for name, slots in _by_return(_of(edition, edition.period)).items():
        owed = [slot for slot in slots if slot.is_owed]
        yield (
            (name,),
            {
                "owed": len(owed),
                "received": sum(slot.stands for slot in owed),
                "late": sum(bool(slot.late_days) for slot in owed),
                "missing": sum(not slot.stands for slot in owed),
                "corrected": sum(slot.replacements for slot in slots),
                "rows_loaded": sum(slot.loaded for slot in slots),
                "rows_quarantined": sum(slot.quarantined for slot in slots),
                "stories_waiting": _waiting(edition) if name == "case_studies" else None,
            },
        )


def _waiting(edition: Edition) -> int:
    stories = edition.truth.standing.stories
    return sum(waits(one) for one in stories if one.quarter.startswith(edition.period))


def _of(edition: Edition, period: str) -> list[Slot]:
    return [slot for slot in edition.slots if slot.is_in(period)]


def _by_return(slots: list[Slot]) -> dict[str, list[Slot]]:
    found: dict[str, list[Slot]] = {}
    for slot in slots:
        found.setdefault(slot.return_name, []).append(slot)
    return found


def _key(slot: Slot) -> tuple[str, str, str, str]:
    return slot.return_name, slot.sender, slot.period, slot.part


def _percent(part: int, whole: int) -> Value:
    return percent(Decimal(part), Decimal(whole))
