"""The contract register of each quarter: its rows as they stand there, right or wrong."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from flows.demo.made.authority.authority import Supplier, suppliers
from flows.demo.made.authority.periods import QUARTERS, first_day, last_day
from flows.demo.made.contracts.contracts import Contract, contract, contracts

# How each register is sent: two layouts of a table, or notices as Contracts Finder has them.
TABLE, BOOK, NOTICES = "table", "book", "notices"
FORMS = dict(zip(QUARTERS, (TABLE, BOOK, NOTICES, BOOK, TABLE, NOTICES, BOOK, BOOK), strict=True))
SENT_TWICE = "2022-23 Q4"  # first with errors, then corrected

# What is wrong with the register, by the contract's reference.
VALUE_TO_COME = "CR-0092"  # TBC in the first register, a value from the second on
ROLLING = "CR-0079"  # a word for a value, always
TEN_TIMES = "CR-0088"  # a comma slipped in the first register
NO_AWARD_DAY = "CR-0093"  # never an award date: the start, a day and a quarter later, stands for it
ONGOING = "CR-0003"  # a word for the last day, in the first register
NOTICE_TYPO = "CR-0126"  # a notice a hundred times too high, put right six minutes later
NOTICE_CORRECTED = "CR-0123"  # a notice that is put right three quarters later
IN_LOTS = "CR-0168"  # two rows, a lot each
LISTED_TWICE = "CR-0083"  # the same row twice
SMALL_LETTERS = "CR-0129"  # the reference in small letters, with a blank at the end
TOO_LOW = "CR-0132"  # a nought short in the last register's first sending
LEFT_OUT = "CR-0174"  # missing in the last register's first sending

_FIRST_SAID = Decimal("186000.00")  # what the notice of NOTICE_CORRECTED said at first


@dataclass(frozen=True)
class Entry:
    """A row of a register. None is a cell that says nothing, or a word in its place."""

    reference: str
    title: str
    supplier: Supplier
    directorate: str
    process: str
    awarded: date | None
    start: date
    end: date | None
    value: Decimal | None
    value_word: str = ""
    end_word: str = ""
    is_extension: bool = False

    @property
    def key(self) -> str:
        """The reference as references are compared."""
        return self.reference.strip().upper()


@cache
def register(quarter: str) -> tuple[Entry, ...]:
    """The rows of a quarter's register as it stands in force; of notices, the latest of each."""
    if FORMS[quarter] == NOTICES:
        return tuple(_notice(each, quarter) for each in noticed(quarter))
    first, last = first_day(quarter), last_day(quarter)
    listed = [c for c in contracts() if c.awarded <= last and _end_known(c, quarter) >= first]
    return tuple(row for each in listed for row in _rows(each, quarter))


def first_sending() -> tuple[Entry, ...]:
    """The last register as it was first sent: a row missing, no extensions, a value too low."""
    kept = (e for e in register(SENT_TWICE) if e.key != LEFT_OUT and not e.is_extension)
    return tuple(
        replace(e, value=e.value / 10) if e.key == TOO_LOW and e.value else e for e in kept
    )


def noticed(quarter: str) -> list[Contract]:
    """The contracts of which a notice was released in the quarter: new awards, and a correction."""
    first, last = first_day(quarter), last_day(quarter)
    awarded = [c for c in contracts() if first <= c.awarded <= last]
    return awarded if quarter == "2021-22 Q3" else [*awarded, contract(NOTICE_CORRECTED)]


def unreferenced() -> Entry:
    """A row that names no reference, in the second register: it cannot be kept."""
    named = _base(contract("CR-0089"))
    return replace(named, reference="", title="Catering, call-off", value=Decimal("9800.00"))


@cache
def supplier_of(supplier_id: str) -> Supplier:
    """The supplier with that number."""
    return next(s for s in suppliers() if s.supplier_id == supplier_id)


def _rows(held: Contract, quarter: str) -> list[Entry]:
    rows = _as_written(_base(held), quarter)
    if held.extension and held.extension.agreed <= last_day(quarter):
        extension = replace(
            rows[0],
            title=f"{held.title} - extension",
            awarded=held.extension.agreed,
            start=date.fromordinal(held.end.toordinal() + 1),
            end=held.extension.end,
            value=held.extension.value,
            is_extension=True,
        )
        rows.append(extension)
    return rows


def _as_written(entry: Entry, quarter: str) -> list[Entry]:
    """The entry as the quarter's register has it: wrong, in lots or twice where that is planted."""
    first, reference = quarter == QUARTERS[0], entry.reference
    if reference == IN_LOTS:
        lot = Decimal("150000.00")
        values = {"lot A": lot, "lot B": (entry.value or lot) - lot}
        return [replace(entry, title=f"{entry.title}, {n}", value=v) for n, v in values.items()]
    if reference == LISTED_TWICE and quarter == "2022-23 Q3":
        return [entry, entry]
    if reference == ROLLING:
        return [replace(entry, value=None, value_word="rolling")]
    if reference == VALUE_TO_COME and first:
        return [replace(entry, value=None, value_word="TBC")]
    if reference == TEN_TIMES and first:
        return [replace(entry, value=(entry.value or 0) * Decimal(10))]
    if reference == ONGOING and first:
        return [replace(entry, end=None, end_word="ongoing")]
    if reference == NOTICE_CORRECTED and quarter < "2022-23 Q2":
        return [replace(entry, value=_FIRST_SAID)]
    if reference == NO_AWARD_DAY:
        return [replace(entry, awarded=None)]
    if reference == SMALL_LETTERS:
        return [replace(entry, reference=f"{reference.lower()} ")]
    return [entry]


def _notice(held: Contract, quarter: str) -> Entry:
    """What a notice says: no directorate, and the award's value as it is first known."""
    entry = replace(_base(held), directorate="")
    early = held.reference == NOTICE_CORRECTED and quarter < "2022-23 Q2"
    return replace(entry, value=_FIRST_SAID) if early else entry


def _base(held: Contract) -> Entry:
    return Entry(
        reference=held.reference,
        title=held.title,
        supplier=supplier_of(held.supplier_id),
        directorate=held.directorate,
        process=held.process,
        awarded=held.awarded,
        start=held.start,
        end=held.end,
        value=held.value,
    )


def _end_known(held: Contract, quarter: str) -> date:
    """The last day as it is known at the end of the quarter."""
    known = held.extension and held.extension.agreed <= last_day(quarter)
    return held.last_day if known else held.end
