"""The one function that tells the time."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from flows.common.errors import InputError

NOW_VARIABLE = "SOCIAL_VALUE_NOW"
BECAUSE_VARIABLE = "SOCIAL_VALUE_BACKDATE_BECAUSE"


class ClockError(InputError):
    """SOCIAL_VALUE_NOW does not read as a moment."""


def now() -> datetime:
    """The present moment in UTC, without a time zone, to the second.

    SOCIAL_VALUE_NOW (ISO 8601; UTC unless it names an offset) sets it, for the demo and tests.
    Raises ClockError if that variable cannot be read.
    """
    if not is_set():
        return true_now()
    return read_moment(os.environ[NOW_VARIABLE])


def true_now() -> datetime:
    """The present moment by the machine's own clock, in UTC, without a time zone, to the second."""
    return datetime.now(UTC).replace(microsecond=0, tzinfo=None)


def is_set() -> bool:
    """Whether somebody has set the clock."""
    return bool(os.environ.get(NOW_VARIABLE, "").strip())


def backdated_because() -> str:
    """Why a set clock may stand before what is on record already; empty: it may not."""
    return os.environ.get(BECAUSE_VARIABLE, "").strip()


def as_set() -> dict[str, str]:
    """What is said of the clock, for another process to have it too; empty: the machine's own."""
    told = {name: os.environ.get(name, "").strip() for name in (NOW_VARIABLE, BECAUSE_VARIABLE)}
    return {name: value for name, value in told.items() if value}


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Let the clock stand at a moment, and give it back as it was."""
    with set_as(as_set() | {NOW_VARIABLE: moment.isoformat()}):
        yield


@contextmanager
def set_as(told: Mapping[str, str]) -> Iterator[None]:
    """Have the clock that `as_set` told of, and give it back as it was."""
    before = as_set()
    _tell(told)
    try:
        yield
    finally:
        _tell(before)


def _tell(told: Mapping[str, str]) -> None:
    for name in (NOW_VARIABLE, BECAUSE_VARIABLE):
        if name in told:
            os.environ[name] = told[name]
        else:
            os.environ.pop(name, None)


def read_moment(text: str) -> datetime:
    """A moment in ISO 8601 as UTC without a time zone, to the second. Raises ClockError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ClockError(
            f"{text!r} is not a moment: write it as 2022-07-11 or 2022-07-11T09:30:00."
        ) from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.replace(microsecond=0)
