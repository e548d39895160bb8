"""What is odd or wrong on the people sheets: rows added and rows changed, by sender and quarter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from flows.demo.made.authority.periods import first_day, last_day
from flows.demo.made.delivery.claim_faults import Slot
from flows.demo.made.delivery.workers import NO_SUCH_POSTCODE, Worker, first_workers, lists_people

Change = Callable[[Worker], Worker]

# People that are added, each from a quarter on, with the contract's other people. Their places in
# the list of identities begin where those of the suppliers' own people end.
_OUTSIDE = "WA4 6TN"
LEFT_OUT = ("400248", "2022-23 Q1")  # the sheet is forgotten in that quarter


def workers_of(supplier_id: str, seed: int) -> dict[str, list[Worker] | None]:
    """The people sheet of each quarter the supplier owes; None where it sends none."""
    if not lists_people(supplier_id):
        return {}
    found: dict[str, list[Worker] | None] = {}
    for quarter, listed in first_workers(supplier_id, seed).items():
        added = [_as_known(w, quarter) for w in _ADDED.get(supplier_id, []) if _is_on(w, quarter)]
        rows = [*listed, *added, *_WRONG.get((supplier_id, quarter), [])]
        found[quarter] = rows if rows and (supplier_id, quarter) != LEFT_OUT else None
    return found


def _is_on(worker: Worker, quarter: str) -> bool:
    first, last = first_day(quarter), last_day(quarter)
    return bool(worker.start and worker.start <= last and (not worker.end or worker.end >= first))


def _as_known(worker: Worker, quarter: str) -> Worker:
    return replace(
        worker, end=worker.end if worker.end and worker.end <= last_day(quarter) else None
    )


def _person(
    contract: str, nth: int, start: date | None, fte: str = "1", **fields: object
) -> Worker:
    worker = Worker(contract, f"PX{410_000 + nth * 7}", nth, start, None, Decimal(fte), None)
    return replace(worker, **fields)  # type: ignore[arg-type]


_ADDED: dict[str, list[Worker]] = {
    "400528": [
        # In two groups under two contracts; the first start decides the group and the months.
        _person("CR-0046", 4001, date(2021, 11, 15), "0.5", group="care leaver", is_local=True),
        _person("CR-0173", 4001, date(2022, 10, 10), "0.5", group="disabled", is_local=True),
        # Still disadvantaged in the second year, which no longer counts.
        _person("CR-0046", 4002, date(2021, 4, 1), group="long-term unemployed", is_local=True),
        # Twelve months end on the last day of a quarter, and on the first of the next.
        _person("CR-0046", 4003, date(2021, 10, 1), "0.8", group="veteran", is_local=True),
        _person("CR-0046", 4004, date(2021, 10, 2), "0.8", group="veteran", is_local=True),
    ],
    "400479": [
        # More than one full-time post over two contracts.
        _person("CR-0056", 4011, date(2021, 6, 1), "0.8", is_local=True, postcode=""),
        _person("CR-0144", 4011, date(2022, 6, 1), "0.6", is_local=True, postcode=""),
        # No postcode: the mark decides. Neither: unknown. A postcode nobody knows: the mark.
        _person("CR-0056", 4012, date(2021, 5, 1), is_local=True, postcode=""),
        _person("CR-0056", 4013, date(2021, 5, 1), is_local=None, postcode=""),
        _person("CR-0056", 4014, date(2021, 5, 1), is_local=True, postcode=NO_SUCH_POSTCODE),
        # A home outside the region and marked as local: the postcode decides.
        _person("CR-0056", 4015, date(2021, 5, 1), is_local=True, postcode=_OUTSIDE),
        # A day of work in a quarter, at each end.
        _person("CR-0056", 4016, date(2021, 6, 30), is_local=True, postcode=""),
        _person(
            "CR-0056", 4017, date(2021, 4, 1), is_local=True, postcode="", end=date(2021, 7, 1)
        ),
    ],
    "400353": [
        _person("CR-0117", 4021, date(2021, 11, 1), group="care leaver", is_local=True),
        _person("CR-0117", 4022, date(2021, 11, 1), group="disabled", is_local=False),
        _person("CR-0117", 4023, date(2022, 1, 1), group="ex-offender", is_local=True),
    ],
}
_WRONG: dict[Slot, list[Worker]] = {
    ("400409", "2022-23 Q1"): [
        _person("CR-0087", 4031, date(2022, 1, 10), "1.2", fault="more than full time")
    ],
    ("400423", "2022-23 Q2"): [_person("CR-0132", 4032, None, fault="no start")],
    ("400150", "2022-23 Q3"): [
        _person("CR-0115", 4033, date(2022, 5, 2), group="single parent", fault="no such group")
    ],
    ("400269", "2022-23 Q1"): [
        _person("CR-0051", 4034, date(2022, 1, 5), "0.5", is_local=True),
        _person("CR-0051", 4034, date(2022, 1, 5), "0.5", is_local=True, fault="a person twice"),
    ],
    ("400101", "2022-23 Q4"): [_person("CR-O102", 4035, date(2022, 1, 5), is_local=True)],
}
