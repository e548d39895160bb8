"""What the figures must be: worked out from what was made up, in plain Decimal, row by row."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain

from flows.demo.made.authority.delivery import Sum
from flows.demo.made.authority.periods import months_of
from flows.demo.made.deliveries import DEFAULT_SEED, WHOLE, Scope
from flows.demo.made.finance.finance import PaymentsSent
from tests.oracle.truth.figures import PERIODS, Figure, Key
from tests.oracle.truth.outcomes import Missing, Outcome, missing, outcomes
from tests.oracle.truth.spend.awards import award_figures
from tests.oracle.truth.spend.invoices import invoice_lines, invoices, prompt_payment_figures
from tests.oracle.truth.spend.spend import Spend, in_cells, placed, spend, spend_figures
from tests.oracle.truth.staff.headcount import staff_figures
from tests.oracle.truth.staff.pay import pay_figures
from tests.oracle.truth.standing import Standing, standing_at
from tests.oracle.truth.value.indicators import hours_for_each_fte, value_figures


@dataclass(frozen=True)
class Load:
    """What is in force of a part of a month, and its control total (None: not there yet)."""

    loaded: Sum
    quarantined: Sum
    dropped_rows: int
    control: Sum | None


@dataclass(frozen=True)
class Truth:
    """Every figure that must come of the deliveries.

    `figures` holds the indicators; `spend` the spend by place, by period; `invoice_lines` what the
    lines of a month are to prompt payment; `loads` the payments by month and part; `outcomes` how
    each delivery ends and `missing` what is owed and never comes. `standing` is what they rest on.
    """

    standing: Standing

    figures: dict[Key, Figure]
    spend: dict[str, Spend]
    invoice_lines: dict[str, dict[str, Sum]]
    loads: dict[tuple[str, str], Load]
    outcomes: list[Outcome]
    missing: list[Missing]


def truth(seed: int = DEFAULT_SEED, at: datetime | None = None, scope: Scope = WHOLE) -> Truth:
    """What must come of `deliveries(seed)`: once all are in, or of those that came by a moment."""
    return _truth(standing_at(seed, at, scope))


@cache
def _truth(standing: Standing) -> Truth:
    lines = placed(standing)
    cells, found = in_cells(lines), invoices(lines)
    months = {line.line.month for line in lines}
    reached = [p for p in PERIODS if months & set(months_of(p))]
    figures = dict(
        chain(
            spend_figures(cells),
            prompt_payment_figures(lines, found),
            staff_figures(standing.staff),
            pay_figures(standing.staff),
            award_figures(standing.awards),
            value_figures(standing),
        )
    )
    return Truth(
        standing=standing,
        figures=figures | dict(hours_for_each_fte(figures)),
        spend={label: spend(label, cells) for label in reached},
        invoice_lines=invoice_lines(lines, found),
        loads=_loads(standing),
        outcomes=outcomes(standing.sent),
        missing=missing(standing.sent),
    )


def _loads(standing: Standing) -> dict[tuple[str, str], Load]:
    controls = {
        (sending.period, part): total
        for sending in standing.controls
        for part, total in sending.totals
    }
    sent = {(sending.period, sending.part): sending for sending in standing.payments}
    return {slot: _load(sent.get(slot), controls.get(slot)) for slot in {**sent, **controls}}


def _load(sent: PaymentsSent | None, control: Sum | None) -> Load:
    if sent is None:
        return Load(Sum(), Sum(), 0, control)
    return Load(sent.loaded, sent.quarantined, sent.dropped_rows, control)
