"""What the ledger says became of each file and fault, beside what was made up."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from flows.common.settings import Settings
from flows.demo.made.authority.delivery import Delivery
from flows.warehouse import connection as door
from flows.warehouse.findings import list_findings
from flows.warehouse.slots import status
from tests.oracle.compare.compared import Compared
from tests.oracle.truth.faults import Fault
from tests.oracle.truth.outcomes import Missing, Outcome

# Each return as it was first judged, and each copy of one that came under another name.
JUDGED = """
    with judged as (select * from warehouse.ledger.returns where attempt = 1)
    select "return", file_name, received_at, return_id, outcome, coalesce(reason, ''),
           rows_loaded, rows_quarantined, rows_dropped, coalesce(amount_total, 0)
    from judged
    union all
    select copied."return", json_extract_string(event.detail, '$.file_name'),
           cast(json_extract_string(event.detail, '$.received_at') as timestamp),
           copied.return_id, 'duplicate', '', 0, 0, 0, 0
    from warehouse.ledger.events as event
    join judged as named on named.return_id = event.subject
    join judged as copied on copied.filing_id = named.filing_id
    where event.kind = 'duplicate'
    order by 1, 2, 3, 4
"""
BYTES = "select return_id, sha256 from warehouse.ledger.returns"
SLOT = ("return", "sender", "period", "part")
Name = tuple[str, str, datetime]  # return, file name, when it came


@dataclass(frozen=True)
class Judged:
    """What became of a file: outcome, why, its returns, and the rows and money of all of them."""

    outcome: str
    reason: str
    returns: tuple[str, ...]
    loaded: int = 0
    quarantined: int = 0
    dropped: int = 0
    amount: Decimal = Decimal(0)

    @property
    def text(self) -> str:
        """The outcome and the counts in a line."""
        return counted(self.outcome, self.loaded, self.quarantined, self.dropped, self.amount)


def read_judged(settings: Settings, deliveries: Iterable[Delivery]) -> dict[Name, Judged]:
    """Every file that came, as it was first judged.

    Of the same bytes under the same name the ledger writes nothing: where it knows them and the
    inbox has let them go, they were a duplicate.
    """
    with door.reading(settings) as connection:
        rows = connection.execute(JUDGED).fetchall()
        bytes_of = dict(connection.execute(BYTES).fetchall())
    judged = {name: _judged(list(group)) for name, group in groupby(rows, lambda row: row[:3])}
    for one in deliveries:
        name = (one.return_name, one.file_name, one.at)
        waits = (settings.inbox / one.return_name / one.file_name).exists()
        if name not in judged and not waits:
            returns = _returns_of_the_same_bytes(one, judged, bytes_of)
            if returns:
                judged[name] = Judged("duplicate", "", returns)
    return judged


def _returns_of_the_same_bytes(
    one: Delivery, judged: Mapping[Name, Judged], bytes_of: Mapping[str, str]
) -> tuple[str, ...]:
    """The returns that an earlier file of that name and those bytes made."""
    sha256 = hashlib.sha256(one.content).hexdigest()
    for (return_name, file_name, at), earlier in judged.items():
        is_before = (return_name, file_name) == (one.return_name, one.file_name) and at < one.at
        if is_before and {bytes_of[name] for name in earlier.returns} == {sha256}:
            return earlier.returns
    return ()


def _judged(rows: Sequence[tuple[object, ...]]) -> Judged:
    _, _, _, returns, outcomes, reasons, loaded, quarantined, dropped, amounts = zip(
        *rows, strict=True
    )
    return Judged(
        outcome=next((one for one in outcomes if one != "loaded"), "loaded"),
        reason=" ".join(filter(None, reasons)),
        returns=returns,
        loaded=sum(loaded),
        quarantined=sum(quarantined),
        dropped=sum(dropped),
        amount=sum(amounts),
    )


def counted(outcome: str, loaded: int, quarantined: int, dropped: int, amount: Decimal) -> str:
    """An outcome with its rows and money, as text."""
    return f"{outcome} {loaded} {quarantined} {dropped} {amount:.2f}"


def compare_outcomes(
    judged: Mapping[Name, Judged], outcomes: Sequence[Outcome]
) -> Iterator[Compared]:
    """What became of each file: outcome, rows and money, in the order of arrival."""
    expected = {_name(one): one for one in outcomes}
    for name in dict.fromkeys([*expected, *judged]):
        came, true = judged.get(name), expected.get(name)
        yield Compared(
            f"{name[0]} {name[1]} of {name[2]:%Y-%m-%d}",
            came.text if came else "did not come",
            _text(true) if true else "should not come",
        )


def _name(one: Outcome) -> Name:
    return one.return_name, one.file_name, one.at


def _text(one: Outcome) -> str:
    rows = (one.loaded.rows, one.quarantined.rows, one.dropped_rows)
    return counted(one.outcome, *rows, one.loaded.amount)


def compare_lateness(
    settings: Settings, outcomes: Sequence[Outcome], missing: Sequence[Missing]
) -> Iterator[Compared]:
    """How late each slot is in `status` that something came for, and what never came."""
    listed = {tuple(str(row[name]) for name in SLOT): row for row in status(settings)}
    late = {(o.return_name, o.sender, o.period, o.part): o.late_days for o in outcomes}
    for slot, days in late.items():
        row = listed.get(slot)
        came = "not listed" if row is None else f"{row['late_days'] or 0} days late"
        yield Compared(" ".join(filter(None, slot)), came, f"{days} days late")
    for one in missing:
        slot = (one.return_name, one.sender, one.period, one.part)
        row = listed.get(slot)
        came = "not listed" if row is None else str(row["outcome"])
        yield Compared(" ".join(filter(None, slot)), came, "missing")


def compare_faults(
    settings: Settings,
    judged: Mapping[Name, Judged],
    outcomes: Sequence[Outcome],
    faults: Sequence[Fault],
) -> Iterator[Compared]:
    """Whether each planted fault that calls for a finding, or a refusal, has it on its very row."""
    found = {(f["return_id"], f["row"]) for f in list_findings(settings, everything=True)}
    for fault in faults:
        if not fault.calls_for_a_finding:
            continue
        one = judged.get(_name(outcomes[fault.delivery]))
        named = one is not None and any((name, fault.row) in found for name in one.returns)
        if one is not None and one.outcome == "rejected":
            # A file of which nothing is left is answered in one sentence.
            named = named or re.search(rf"\brow {fault.row}\b", one.reason) is not None
        what = f"{fault.file_name}, row {fault.row}: {fault.kind}"
        yield Compared(what, "found" if named else "not found", "found")
