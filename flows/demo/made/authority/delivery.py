"""A file that arrives, and what its maker knows of it: whose, what it holds, which faults."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class Delivery:
    """A file that arrives: when (UTC, without a zone), as which return, its name, bytes, story."""

    at: datetime
    return_name: str
    file_name: str
    content: bytes
    story: str


@dataclass(frozen=True)
class Sum:
    """So many rows, and what their money adds up to (nothing where a return has no money)."""

    rows: int = 0
    amount: Decimal = Decimal("0.00")

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.rows + other.rows, self.amount + other.amount)


@dataclass(frozen=True)
class Planted:
    """A fault that stands in a row (from 1 at the sheet's first row; 0: the whole file).

    `text` is the cell's own text, '' where there is none to show; `sheet` is '' in a CSV file.
    """

    row: int
    kind: str
    text: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Sending:
    """A delivery with what is known of it behind the scenes.

    `outcome` is loaded, duplicate or rejected; `loaded`, `quarantined` and `dropped_rows` (titles,
    blank rows, totals) are what the file itself gives, also where a later one replaces it. They
    count the rows of all its tables; money is that of the return's own. `corrects` says that it
    replaces an earlier one.
    """

    delivery: Delivery
    sender: str
    period: str
    part: str = ""
    loaded: Sum = Sum()
    quarantined: Sum = Sum()
    dropped_rows: int = 0
    planted: tuple[Planted, ...] = ()
    outcome: str = "loaded"
    corrects: bool = False

    @property
    def slot(self) -> tuple[str, str, str, str]:
        """Return, sender, period and part: what a later sending replaces."""
        return (self.delivery.return_name, self.sender, self.period, self.part)


def sent_again(sent: Sending, at: datetime, story: str, file_name: str = "") -> Sending:
    """The same bytes once more: a duplicate. `file_name` where it comes under another name."""
    name = file_name or sent.delivery.file_name
    delivery = replace(sent.delivery, at=at, story=story, file_name=name)
    return Sending(delivery, sent.sender, sent.period, sent.part, outcome="duplicate")


def in_order(sent: Iterable[Sending]) -> list[Sending]:
    """The sendings in the order of arrival, and of return and file name within a moment."""
    return sorted(sent, key=lambda s: (s.delivery.at, s.delivery.return_name, s.delivery.file_name))
