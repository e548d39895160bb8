"""How each delivery ends: loaded, replaced, a duplicate, rejected; and how late it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.demo.made.authority.delivery import Sending, Sum
from flows.demo.made.authority.periods import last_day
from flows.demo.made.obligations import due, obligations


@dataclass(frozen=True)
class Outcome:
    """How a delivery ends. `loaded` and the like are what the file itself gives, also where a later
    one replaces it; a duplicate or a rejected file gives nothing.

    `replaced` says that a later delivery took its place. `late_days` are those of the slot, by what
    came first for it: a correction of what came in time is not late.
    """

    at: datetime
    return_name: str
    file_name: str
    sender: str
    period: str
    part: str
    outcome: str
    replaced: bool
    late_days: int
    loaded: Sum
    quarantined: Sum
    dropped_rows: int


@dataclass(frozen=True)
class Missing:
    """A return that is owed and never comes."""

    return_name: str
    sender: str
    period: str
    part: str


def outcomes(sent: Sequence[Sending]) -> list[Outcome]:
    """How each sending ends once all of them are in, in the same order."""
    came: dict[tuple[str, str, str, str], datetime] = {}
    last: dict[tuple[str, str, str, str], Sending] = {}
    for sending in sent:
        came.setdefault(sending.slot, sending.delivery.at)
        if sending.outcome == "loaded":
            last[sending.slot] = sending
    return [
        _outcome(sending, came[sending.slot], last.get(sending.slot) is sending) for sending in sent
    ]


def missing(sent: Sequence[Sending]) -> list[Missing]:
    """What is owed by the last arrival, and did not come."""
    came = {sending.slot for sending in sent}
    today = sent[-1].delivery.at.date()
    owed = (
        (o.return_name, o.sender, period, o.part)
        for o in obligations()
        for period in o.periods()
        if last_day(period) < today
    )
    return [Missing(*slot) for slot in owed if slot not in came]


def _outcome(sending: Sending, came: datetime, in_force: bool) -> Outcome:
    delivery = sending.delivery
    until = due(delivery.return_name, sending.sender, sending.period, sending.part)
    return Outcome(
        at=delivery.at,
        return_name=delivery.return_name,
        file_name=delivery.file_name,
        sender=sending.sender,
        period=sending.period,
        part=sending.part,
        outcome=sending.outcome,
        replaced=sending.outcome == "loaded" and not in_force,
        late_days=max(0, (came.date() - until).days) if until else 0,
        loaded=sending.loaded,
        quarantined=sending.quarantined,
        dropped_rows=sending.dropped_rows,
    )
