"""A figure beside its target, the period before and the year before, as the seeds set them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flows.demo.made.authority.periods import HALVES, QUARTERS, YEARS, first_day, last_day
from tests.oracle.compare.edition import Edition
from tests.oracle.compare.registry import Record, holds_on, number
from tests.oracle.truth.figures import Key
from tests.oracle.truth.spend.invoices import DUE, LATER_MONTHS, later_months

KINDS = {"quarter": (QUARTERS, 4), "half": (HALVES, 2), "year": (YEARS, 1)}
HIGHER = "higher"
TARGETS = ("target", "target_before", "target_since")


@dataclass(frozen=True)
class Performance:
    """A figure that has a value. `aim` is its row of the seed `targets`, where it has one;
    `better` says which way is better: higher, lower or neither; `known` are the values of all like
    periods up to it that were complete, if it is itself. Where the target changed within the
    year, `target_before` is what it was and `target_since` the first day of what it is.
    """

    key: Key
    value: Decimal
    before: Decimal | None
    year_before: Decimal | None
    better: str
    known: tuple[Decimal, ...]
    aim: Record | None
    scheme: tuple[Record, ...] = ()
    target_before: Decimal | None = None
    target_since: date | None = None

    @property
    def target(self) -> Decimal | None:
        """What it should be."""
        return number(self.aim["target"]) if self.aim else None

    @property
    def tolerance(self) -> Decimal:
        """By how much it may fall short."""
        return (number(self.aim["tolerance"]) if self.aim else None) or Decimal(0)

    @property
    def shortfall(self) -> Decimal | None:
        """By how much it falls short of its target; below nought where it is better."""
        if self.aim is None or self.target is None:
            return None
        if self.better == HIGHER:
            return self.target - self.value
        return self.value - self.target

    @property
    def rating(self) -> str | None:
        """The first rating of its scheme that allows for so much; None without a target."""
        if self.shortfall is None:
            return None
        for row in self.scheme:
            most = number(row["shortfall_up_to"])
            if most is None or self.shortfall <= most * self.tolerance:
                return row["rag"]
        return None

    @property
    def standing(self) -> str:
        """Where it stands among all that are known."""
        if not self.known or min(self.known) == max(self.known):
            return "no comparison"
        if min(self.known) < self.value < max(self.known):
            return "between"
        is_highest = self.value == max(self.known)
        if self.better == "neither":
            return "highest" if is_highest else "lowest"
        return "best" if is_highest == (self.better == HIGHER) else "worst"

    def moved(self, before: Decimal | None) -> str:
        """Where it went since: better or worse where the registry says which, else up or down."""
        if before is None:
            return "no comparison"
        if self.value == before:
            return "the same"
        rose = self.value > before
        if self.better == "neither":
            return "up" if rose else "down"
        return "better" if rose == (self.better == HIGHER) else "worse"


def performances(edition: Edition, period: str) -> Iterator[Performance]:
    """Every figure of the period that has a value, whole and in its parts."""
    for key in edition.truth.figures:
        if key.period == period and (found := performance(edition, key)):
            yield found


def performance(edition: Edition, key: Key) -> Performance | None:
    """A figure beside what it is compared with; None where it has no value."""
    value = edition.value(key.indicator, key.basis, key.period, key.breakdown, key.breakdown_value)
    if value is None:
        return None
    kind = next(kind for kind, (labels, _) in KINDS.items() if key.period in labels)
    labels, in_a_year = KINDS[kind]
    place = labels.index(key.period)

    def earlier(steps: int) -> Decimal | None:
        if place < steps:
            return None
        if not _compares(edition, key, labels[place - steps]):
            return None
        part = (key.breakdown, key.breakdown_value)
        return edition.value(key.indicator, key.basis, labels[place - steps], *part)

    def known() -> Iterator[Decimal]:
        part = (key.breakdown, key.breakdown_value)
        for label in labels[: place + 1]:
            found = edition.value(key.indicator, key.basis, label, *part)
            if found is not None and _compares(edition, key, label):
                yield found

    aim = _aim(edition, key, kind)
    scheme = aim["scheme_id"] if aim else ""
    schemes = (row for row in edition.registry.rows("rag_schemes") if row["scheme_id"] == scheme)
    ranked = tuple(sorted(schemes, key=lambda row: int(row["rag_order"])))
    better = edition.registry.by_key[key.indicator, key.basis].better
    both = earlier(1), earlier(in_a_year)
    changed = _changed(edition, key, kind)
    return Performance(key, value, *both, better, tuple(known()), aim, ranked, *changed)


def _is_whole(edition: Edition, key: Key, period: str) -> bool:
    """Whether a period was over, and the later months that complete the figure were all in."""
    if last_day(period) >= edition.at.date() or _is_unchecked(edition, key, period):
        return False
    if (key.indicator, key.basis) != ("C05", DUE):
        return True
    counts = [edition.received("finance_payments", month) for month in later_months(period)]
    return len(counts) == LATER_MONTHS and all(here == owed for here, owed in counts)


def _is_unchecked(edition: Edition, key: Key, period: str) -> bool:
    """Whether there are claims, and none is validated yet, or has evidence: 0 says nothing."""
    part = (key.breakdown, key.breakdown_value)
    return (
        edition.value(key.indicator, key.basis, period, *part) == 0
        and (_claimed(edition, key, period) or 0) > 0
    )


def is_checked_in_part(edition: Edition, key: Key) -> bool:
    """Whether more is claimed than was validated so far."""
    if not key.basis.startswith("validated"):
        return False
    claimed = _claimed(edition, key, key.period)
    own = edition.value(key.indicator, key.basis, key.period, key.breakdown, key.breakdown_value)
    return claimed is not None and own is not None and own < claimed


def _claimed(edition: Edition, key: Key, period: str) -> Decimal | None:
    """What is claimed, beside a figure of what was validated of it, or has evidence; None of any
    other."""
    proof = next((one for one in ("validated", "evidenced") if key.basis.startswith(one)), None)
    if proof is None:
        return None
    basis = key.basis.replace(proof, "claimed")
    return edition.value(key.indicator, basis, period, key.breakdown, key.breakdown_value)


def _compares(edition: Edition, key: Key, earlier: str) -> bool:
    """Whether the figure may stand beside that of an earlier period, or of its own: both periods
    are whole, and what is counted did not become another thing in or between them.
    """
    broken = earlier != key.period and any(
        row["indicator_id"] == key.indicator
        and row["basis"] in ("", key.basis)
        and first_day(earlier) < date.fromisoformat(row["first_day"]) <= last_day(key.period)
        for row in edition.registry.rows("definition_breaks")
    )
    return not broken and all(_is_whole(edition, key, one) for one in (earlier, key.period))


def _aim(edition: Edition, key: Key, kind: str) -> Record | None:
    return _on(_aims(edition, key, kind), last_day(key.period))


def _aims(edition: Edition, key: Key, kind: str) -> list[Record]:
    wanted = (key.indicator, key.basis, key.breakdown, key.breakdown_value, kind)
    names = ("indicator_id", "basis", "breakdown", "breakdown_value", "period_kind")
    rows = edition.registry.rows("targets")
    return [row for row in rows if tuple(row[name] for name in names) == wanted]


def _on(aims: list[Record], day: date) -> Record | None:
    return next((row for row in aims if holds_on(row, day)), None)


def _changed(edition: Edition, key: Key, kind: str) -> tuple[Decimal | None, date | None]:
    """The target before its last change within the year, and the day of that: day by day back."""
    aims = _aims(edition, key, kind)
    day, begun = last_day(key.period), first_day(key.period.partition(" ")[0])
    while aims and day > begun:
        yesterday = day - timedelta(days=1)
        before, now = (
            number(row["target"]) if row else None for row in (_on(aims, yesterday), _on(aims, day))
        )
        if before != now:
            return before, day
        day = yesterday
    return None, None
