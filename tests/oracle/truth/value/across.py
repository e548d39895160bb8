"""What must be found when the returns in force are laid beside each other.

Sections 3 to 6 of `docs/counting-rules.md` call these findings; none of them changes a row. A row
is named by its sender, quarter, contract (of directorates: role and programme) and measure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from flows.demo.made.authority.periods import first_day, last_day
from flows.demo.made.contracts.measures import MEASURES
from flows.demo.made.contracts.promises import SHEETLESS
from flows.demo.made.delivery.claims import REJECTED, TO_DATE
from tests.oracle.truth.standing import Standing
from tests.oracle.truth.value.agreements import Agreement, contracts_standing, promises_standing
from tests.oracle.truth.value.counting import Counted
from tests.oracle.truth.value.delivered import delivered_rows, is_matched
from tests.oracle.truth.value.people import Person, posts
from tests.oracle.truth.value.services import done_rows

ALIKE_FROM = 10  # smaller figures are alike by chance


@dataclass(frozen=True, order=True)
class Row:
    """Which row: of a supplier, `about` is the contract; of a directorate, role and programme."""

    sender: str
    quarter: str
    about: str
    measure_id: str


@dataclass(frozen=True)
class Across:
    """What must be found, by kind."""

    over_claimed: frozenset[Row]
    falling: frozenset[Row]
    alike_over_contracts: frozenset[Row]
    alike_over_quarters: frozenset[Row]
    not_promised: frozenset[tuple[str, str]]
    unknown_contract: frozenset[Row]
    anothers_contract: frozenset[Row]
    outside_its_life: frozenset[Row]
    unknown_promise: frozenset[tuple[str, str]]
    profile_off: frozenset[tuple[str, str, str]]
    in_two_groups: frozenset[Person]


def across(standing: Standing) -> Across:
    """Everything that must be found, over suppliers and directorates."""
    suppliers, directorates = delivered_rows(standing), done_rows(standing)
    contracts = contracts_standing(standing)
    return Across(
        over_claimed=_named(_over_claimed([*suppliers, *directorates])),
        falling=_named(r for r in (*suppliers, *directorates) if _is_to_date(r) and r.figure < 0),
        alike_over_contracts=_named(_alike(suppliers, over_contracts=True)),
        alike_over_quarters=_named(
            [*_alike(suppliers, over_contracts=False), *_alike(directorates, over_contracts=False)]
        ),
        not_promised=frozenset(_not_promised(standing, suppliers)),
        unknown_contract=_named(r for r in suppliers if r.series[1] not in contracts),
        anothers_contract=_named(
            r
            for r in suppliers
            if r.series[1] in contracts and not is_matched(standing, r.series[0], r.series[1])
        ),
        outside_its_life=_named(r for r in suppliers if _is_outside(r, contracts.get(r.series[1]))),
        unknown_promise=frozenset(_unknown_promises(standing)),
        profile_off=frozenset(_profiles_off(standing)),
        in_two_groups=frozenset(_in_two_groups(standing)),
    )


def _named(rows: Iterable[Counted]) -> frozenset[Row]:
    return frozenset(Row(row.series[0], row.quarter, _about(row), row.measure_id) for row in rows)


def _about(row: Counted) -> str:
    if len(row.series) == 3:
        return row.series[1]
    return f"{row.series[1]}, {row.series[3]}"


def _is_to_date(row: Counted) -> bool:
    return row.reckoning == TO_DATE and MEASURES[row.measure_id].accumulates


def _over_claimed(rows: list[Counted]) -> Iterator[Counted]:
    shares: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    shared = [r for r in rows if r.shared_outcome and r.counts_as != REJECTED]
    for row in shared:
        shares[row.shared_outcome, row.measure_id, row.quarter] += row.share or Decimal(1)
    for row in shared:
        if shares[row.shared_outcome, row.measure_id, row.quarter] > 1:
            yield row


def _alike(rows: Iterable[Counted], *, over_contracts: bool) -> Iterator[Counted]:
    """Rows whose quantity stands in another contract of the quarter, or quarter of the contract."""
    groups: dict[tuple[object, ...], list[Counted]] = defaultdict(list)
    for row in rows:
        if row.quantity < ALIKE_FROM or row.counts_as == REJECTED:
            continue
        adds_up = row.reckoning != TO_DATE and MEASURES[row.measure_id].accumulates
        may_be_alike = bool(row.shared_outcome) if over_contracts else not adds_up
        if may_be_alike:
            continue
        where = row.quarter if over_contracts else _about(row)
        groups[row.series[0], where, row.measure_id, row.quantity].append(row)
    for group in groups.values():
        if len({_about(row) if over_contracts else row.quarter for row in group}) > 1:
            yield from group


def _not_promised(standing: Standing, rows: Iterable[Counted]) -> Iterator[tuple[str, str]]:
    """Contracts and measures of which something was delivered and nothing promised."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.counts_as != REJECTED:
            sums[row.series[1], row.measure_id] += row.figure
    promised = promises_standing(standing)
    return (key for key, figure in sums.items() if figure > 0 and key not in promised)


def _is_outside(row: Counted, contract: Agreement | None) -> bool:
    if contract is None:
        return False
    ended = contract.end is not None and contract.end < first_day(row.quarter)
    return ended or contract.start > last_day(row.quarter)


def _unknown_promises(standing: Standing) -> Iterator[tuple[str, str]]:
    for quarter, sent in standing.promises.items():
        for row in sent.rows:
            if not row.fault and row.commitment.reference not in contracts_standing(standing):
                yield quarter, row.commitment.reference


def _profiles_off(standing: Standing) -> Iterator[tuple[str, str, str]]:
    """Quarters, contracts and measures whose profile is not what the same return promises."""
    for quarter, sent in standing.promises.items():
        profiled: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for row in sent.rows:
            if not row.fault and quarter != SHEETLESS and row.commitment.profile == "short":
                profiled[row.commitment.reference, row.commitment.measure_id] += row.quantity
        yield from ((quarter, *key) for key in profiled)


def _in_two_groups(standing: Standing) -> Iterator[Person]:
    groups: dict[Person, set[str]] = defaultdict(set)
    for post in posts(standing):
        if post.group:
            groups[post.person].add(post.group)
    return (person for person, found in groups.items() if len(found) > 1)
