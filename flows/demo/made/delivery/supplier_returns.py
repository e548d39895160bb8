"""What suppliers send: a return for each quarter they owe, but for those that never come."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from flows.demo.made.authority.delivery import Delivery, Planted, Sending, Sum, sent_again
from flows.demo.made.authority.periods import QUARTERS, last_day, slug
from flows.demo.made.contracts.register import supplier_of
from flows.demo.made.delivery.claim_faults import SMALL_LETTERS, Slot, claims_of
from flows.demo.made.delivery.claims import Claim, code_cell, dice_of, senders, template_of
from flows.demo.made.delivery.supplier_files import Filled, Manner, fill_in
from flows.demo.made.delivery.worker_faults import LEFT_OUT, workers_of
from flows.demo.made.delivery.workers import NO_SUCH_POSTCODE, Worker
from flows.demo.made.obligations import due

RETURN = "supplier_returns"
NEVER_SENT: set[Slot] = {
    ("400318", "2021-22 Q4"),  # reports to date, so that the next return holds two quarters
    ("400507", "2021-22 Q2"),
    ("400136", "2022-23 Q1"),
    ("400227", "2022-23 Q2"),
    ("400353", "2022-23 Q3"),
    ("400479", "2022-23 Q4"),
}
NOT_OWED: Slot = ("400437", "2022-23 Q2")  # sent after the contract's end
TEN_TIMES: Slot = ("400521", "2021-22 Q4")  # sent with a slip of the pen, then corrected
ROW_MISSING: Slot = ("400206", "2022-23 Q2")  # sent without its last row, then corrected
NO_PEOPLE: Slot = ("400164", "2022-23 Q3")  # sent without the people sheet, then corrected
UNKNOWN_HEADER: Slot = ("400374", "2022-23 Q1")  # rejected, then sent as the template wants it
SENT_TWICE: set[Slot] = {("400479", "2021-22 Q3"), ("400437", "2021-22 Q2")}
MANNERS: dict[Slot, Manner] = {
    ("400143", "2022-23 Q1"): Manner(as_csv=True),
    ("400220", "2021-22 Q2"): Manner(sheet="Sheet1 (2)"),
    ("400416", "2022-23 Q1"): Manner(is_protected=True),
}
_FIRST_SENT = {TEN_TIMES, ROW_MISSING, NO_PEOPLE, UNKNOWN_HEADER}


@dataclass(frozen=True)
class Returned:
    """A supplier's return as it was sent. `workers` None: without the people sheet."""

    supplier_id: str
    quarter: str
    at: datetime
    claims: tuple[Claim, ...]
    workers: tuple[Worker, ...] | None
    manner: Manner = Manner()
    story: str = "A supplier's return."
    is_replaced: bool = False
    corrects: bool = False

    @property
    def slot(self) -> Slot:
        """The supplier and the quarter."""
        return self.supplier_id, self.quarter

    @property
    def is_rejected(self) -> bool:
        """Whether the file cannot be taken at all."""
        return bool(self.manner.quantity_header)


@dataclass(frozen=True, kw_only=True)
class SupplierSent(Sending):
    """A supplier's file, and the return that it writes down."""

    returned: Returned


@cache
def returned(seed: int) -> tuple[Returned, ...]:
    """Every return of the two years as it was sent, also those that a later one replaces."""
    return tuple(one for supplier_id in senders() for one in _of_supplier(supplier_id, seed))


def supplier_sendings(seed: int) -> Iterator[Sending]:
    """The files of the suppliers."""
    for one in returned(seed):
        sending = _sending(one)
        yield sending
        if one.slot in SENT_TWICE:
            at = one.at + timedelta(days=1, minutes=7)
            yield sent_again(sending, at, "The same file once more: a duplicate.")


def _of_supplier(supplier_id: str, seed: int) -> Iterator[Returned]:
    claims, workers = claims_of(supplier_id, seed), workers_of(supplier_id, seed)
    if supplier_id == NOT_OWED[0]:
        claims[NOT_OWED[1]] = claims[QUARTERS[QUARTERS.index(NOT_OWED[1]) - 1]][:1]
    for quarter, rows in claims.items():
        slot = supplier_id, quarter
        if slot in NEVER_SENT:
            continue
        listed = workers.get(quarter)
        sent = Returned(
            supplier_id,
            quarter,
            _arrival(slot, seed),
            tuple(rows),
            None if listed is None else tuple(listed),
            MANNERS.get(slot, Manner()),
        )
        if slot in _FIRST_SENT:
            yield _first_sent(sent)
            later = sent.at + timedelta(days=9, hours=2)
            sent = replace(sent, at=later, corrects=True, story="The return, put right.")
        yield sent


def _first_sent(sent: Returned) -> Returned:
    """The return as it was sent before it was put right."""
    sent = replace(sent, is_replaced=True)
    if sent.slot == TEN_TIMES:
        tenfold = tuple(replace(claim, quantity=claim.quantity * 10) for claim in sent.claims)
        return replace(sent, claims=tenfold, story="Sent with figures ten times too high.")
    if sent.slot == ROW_MISSING:
        return replace(sent, claims=sent.claims[:-1], story="Sent without its last row.")
    if sent.slot == NO_PEOPLE:
        return replace(sent, workers=None, story="Sent without the people sheet.")
    story = "Sent with a header that no template has: rejected."
    return replace(sent, manner=Manner(quantity_header="Figure"), story=story)


def _arrival(slot: Slot, seed: int) -> datetime:
    """Some days after the quarter's end; one in thirteen after the due day."""
    supplier_id, quarter = slot
    dice = dice_of(seed, supplier_id, quarter, "post")
    place, nth = senders().index(supplier_id), QUARTERS.index(quarter)
    owed = due(RETURN, f"s{supplier_id}", quarter)
    is_late = (place * 8 + nth) % 13 == 0 and owed and slot not in _FIRST_SENT
    start = owed if is_late and owed else last_day(quarter)
    days = dice.randint(1, 20) if is_late else dice.randint(4, 20)
    moment = datetime(start.year, start.month, start.day, 7 + place % 9, place)  # noqa: DTZ001
    return moment + timedelta(days=days)


def _sending(one: Returned) -> Sending:
    supplier = supplier_of(one.supplier_id)
    filled = fill_in(one.claims, one.workers, supplier, template_of(one.supplier_id), one.manner)
    suffix = "csv" if one.manner.as_csv else "xlsx"
    name = f"s{one.supplier_id}_{slug(one.quarter)}.{suffix}"
    faults = [c.fault for c in one.claims] + [w.fault for w in one.workers or ()]
    bad = sum(map(bool, faults))
    rejected = one.is_rejected
    return SupplierSent(
        Delivery(one.at, RETURN, name, filled.content, one.story),
        f"s{one.supplier_id}",
        one.quarter,
        loaded=Sum() if rejected else Sum(len(faults) - bad),
        quarantined=Sum() if rejected else Sum(bad),
        dropped_rows=0 if rejected else filled.dropped,
        planted=tuple(_planted(one, filled)),
        outcome="rejected" if rejected else "loaded",
        corrects=one.corrects,
        returned=one,
    )


def _planted(one: Returned, filled: Filled) -> Iterator[Planted]:
    yield from (Planted(0, kind, one.quarter) for kind in _of_file(one))
    for row, claim in enumerate(one.claims, filled.first_row):
        yield from (Planted(row, k, t, filled.sheet) for k, t in _of_claim(one, claim))
    for row, worker in enumerate(one.workers or (), 2):
        yield from (Planted(row, k, t, filled.people_sheet) for k, t in _of_worker(worker))


def _of_file(one: Returned) -> Iterator[str]:
    owed = due(RETURN, f"s{one.supplier_id}", one.quarter)
    if one.slot == NOT_OWED:
        yield "not owed"
    elif owed and one.at.date() > owed and not one.corrects:
        yield "late"
    if one.corrects:
        yield "corrected file"
    if one.is_rejected:
        yield "a header that no template has"
    if one.slot == LEFT_OUT:
        yield "people sheet forgotten"
    if one.manner.as_csv:
        yield "a CSV file"
    if one.manner.sheet:
        yield "another sheet name, behind a sheet of instructions"
    if one.manner.is_protected:
        yield "locked without a password"


def _of_claim(one: Returned, claim: Claim) -> Iterator[tuple[str, str]]:
    if claim.fault:
        yield claim.fault, claim.reference
    if not (claim.contract_only and claim.committed):
        yield "attestation missing", claim.reference
    yield from _of_status(claim)
    if claim.shared_outcome:
        yield "a share of a shared outcome", claim.shared_outcome
    elif claim.share is not None:
        yield "a share of no named outcome", str(claim.share)
    if claim.extra_cost_word:
        yield "a word for money", claim.extra_cost_word
    if one.slot in SMALL_LETTERS:
        yield "reference written another way", claim.reference
    if "@" in claim.narrative:
        yield "an e-mail address in the narrative", claim.narrative
    if claim.narrative == "Volunteering by all our staff.":
        yield "an organisation-wide figure", code_cell(claim)


def _of_status(claim: Claim) -> Iterator[tuple[str, str]]:
    if claim.said in ("evidenced", "validated") and not claim.evidence:
        yield "evidence missing", claim.reference
    if claim.said in ("validated", "rejected"):
        yield "a supplier's own decision", claim.reference


def _of_worker(worker: Worker) -> Iterator[tuple[str, str]]:
    if worker.fault:
        yield worker.fault, worker.reference
    if worker.postcode == NO_SUCH_POSTCODE:
        yield "a postcode that nobody knows", NO_SUCH_POSTCODE
