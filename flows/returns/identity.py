"""Whose a return is, and for when, as its file name and the command line say."""

import hashlib
import re
from dataclasses import dataclass

from flows.common.errors import Rejected
from flows.common.files import slug
from flows.common.periods import Period, PeriodError, read_period
from flows.returns.contract import Contract

_NAME = re.compile(
    r"^(?P<sender>[a-z0-9][a-z0-9-]*)"
    r"_(?P<period>\d{4}-(?:\d{2}-)?[qh]\d|\d{4}-\d{2})"
    r"(?:_(?P<part>[a-z0-9][a-z0-9-]*))?$"
)

_SENDER_ALONE = re.compile(r"^[A-Za-z][A-Za-z0-9-]*_\d{2,4}\b")


@dataclass(frozen=True)
class Hints:
    """What the command line says of a file; None where it says nothing."""

    sender: str | None = None
    period: Period | None = None
    part: str | None = None


@dataclass(frozen=True)
class Owner:
    """Sender and part of a return, the period it must be for, if given, and the one it may be."""

    sender: str
    part: str
    given_period: Period | None
    name_period: Period | None


def find_owner(file_name: str, contract: Contract, hints: Hints) -> Owner:
    """Sender, part and period as given on the command line or, failing that, by the file's name.

    Names read `<sender>_<period>.csv` or `<sender>_<period>_<part>.csv`. Raises Rejected where
    nothing names the sender.
    """
    named = _NAME.match(file_name.rsplit(".", 1)[0].lower())
    sender = slug(hints.sender) if hints.sender else (named["sender"] if named else None)
    if not sender and _SENDER_ALONE.match(file_name):
        raise Rejected(
            "identify",
            f"{file_name} names a period that does not read: write a month as 2022-04, a quarter "
            "as 2022-23-Q1, or give --sender and --period.",
        )
    if not sender:
        raise Rejected(
            "identify",
            f"{file_name} does not say who sent it: call it <sender>_<period>.csv, for example "
            "northmoor_2022-04.csv, or give --sender.",
        )
    part = slug(hints.part) if hints.part else (named["part"] or "" if named else "")
    name_period = None
    if named and "file_name" in contract.period.read_from:
        try:
            name_period = read_period(named["period"])
        except (PeriodError, ValueError):  # also a year that no calendar has, such as 0000
            name_period = None
    return Owner(sender, part, hints.period, name_period)


def sender_and_part(file_name: str) -> tuple[str, str]:
    """The sender and part that a file's name speaks of, each empty if it does not."""
    named = _NAME.match(file_name.rsplit(".", 1)[0].lower())
    return (named["sender"], named["part"] or "") if named else ("", "")


def filing_id(contract: Contract, owner: Owner, sha256: str) -> str:
    """The name of one sending: the same for all periods a file covers, and for a second sending.

    Where rows carry their dates the bytes say the period; else what was given is part of the name,
    as the same vendor master may be sent for two months.
    """
    period = owner.given_period or (None if contract.period.column else owner.name_period)
    key = (
        contract.return_name,
        owner.sender,
        period.label if period else "",
        owner.part,
        sha256,
    )
    return f"{contract.return_name}-{hashlib.sha256('|'.join(key).encode()).hexdigest()[:12]}"
