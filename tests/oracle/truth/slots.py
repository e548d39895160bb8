"""What is owed and what came, slot by slot: a return, its sender, period and part."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from flows.demo.made.authority.delivery import Sending
from flows.demo.made.authority.periods import last_day, months_of
from flows.demo.made.obligations import obligations
from tests.oracle.truth.standing import Standing

LOADED, MISSING = "loaded", "missing"


@dataclass(frozen=True)
class Slot:
    """What came for a slot by a moment. `due` is None of what nobody owes.

    `outcome` is loaded where something stands, else what became of the last that came, or missing.
    `came` is when the first file came; `replaced_at` when the last that took another's place did.
    The rows are those of what stands.
    """

    return_name: str
    sender: str
    period: str
    part: str
    due: date | None
    outcome: str = MISSING
    came: datetime | None = None
    replacements: int = 0
    replaced_at: datetime | None = None
    loaded: int = 0
    quarantined: int = 0
    dropped: int = 0

    @property
    def is_owed(self) -> bool:
        """Whether somebody owes it."""
        return self.due is not None

    @property
    def stands(self) -> bool:
        """Whether something that was taken stands."""
        return self.outcome == LOADED

    @property
    def late_days(self) -> int | None:
        """How late the first file came; None where nothing came or nothing is owed."""
        if self.due is None or self.came is None:
            return None
        return max(0, (self.came.date() - self.due).days)

    @property
    def is_revised(self) -> bool:
        """Whether what stands took another's place after the due day."""
        if self.due is None or self.replaced_at is None:
            return False
        return self.replaced_at.date() > self.due

    def is_in(self, period: str) -> bool:
        """Whether it is for a period within the period, or for one that ends with it."""
        return is_within(self.period, period)


def is_within(inner: str, period: str) -> bool:
    """Whether a period lies within another, or is longer and ends with it."""
    if len(months_of(inner)) > len(months_of(period)):
        return last_day(inner) == last_day(period)
    return set(months_of(inner)) <= set(months_of(period))


@cache
def slots(standing: Standing) -> tuple[Slot, ...]:
    """Every slot of the two years that is owed, or for which something came by then."""
    owed = {
        (o.return_name, o.sender, period, o.part): last_day(period) + timedelta(days=o.due_days)
        for o in obligations()
        for period in o.periods()
    }
    came: dict[tuple[str, str, str, str], list[Sending]] = {slot: [] for slot in owed}
    for sending in standing.sent:
        came.setdefault(sending.slot, []).append(sending)
    return tuple(_untold(_slot(slot, owed.get(slot), sent) for slot, sent in came.items()))


def _untold(found: Iterable[Slot]) -> Iterator[Slot]:
    """The slots; a story is one of its sender's by number, in the order in which they came."""
    stories: dict[tuple[str, str], list[Slot]] = {}
    for slot in found:
        if slot.return_name == "case_studies":
            stories.setdefault((slot.sender, slot.period), []).append(slot)
        else:
            yield slot
    for sent in stories.values():
        for nth, slot in enumerate(sorted(sent, key=lambda one: str(one.came)), start=1):
            yield replace(slot, part=f"story {nth}")


def received(found: Iterable[Slot], return_name: str, period: str) -> tuple[int, int]:
    """How many of the returns owed for a period stand, and how many are owed."""
    owed = [s for s in found if s.return_name == return_name and s.is_owed and s.is_in(period)]
    return sum(slot.stands for slot in owed), len(owed)


def _slot(slot: tuple[str, str, str, str], owed: date | None, sent: list[Sending]) -> Slot:
    if not sent:
        return Slot(*slot, owed)
    taken = [sending for sending in sent if sending.outcome == LOADED]
    newest = taken[-1] if taken else sent[-1]
    return Slot(
        *slot,
        owed,
        outcome=newest.outcome,
        came=sent[0].delivery.at,
        replacements=max(0, len(taken) - 1),
        replaced_at=newest.delivery.at if len(taken) > 1 else None,
        loaded=newest.loaded.rows,
        quarantined=newest.quarantined.rows,
        dropped=newest.dropped_rows,
    )
