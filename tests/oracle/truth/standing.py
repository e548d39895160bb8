"""What is in force: of each return, sender, period and part the last that was taken."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, cached_property

from flows.demo.made.authority.authority import Supplier
from flows.demo.made.authority.delivery import Sending
from flows.demo.made.contracts.procurement import PromisesSent, RegisterSent
from flows.demo.made.deliveries import DEFAULT_SEED, WHOLE, Scope, sendings
from flows.demo.made.delivery.progress import ProgressSent
from flows.demo.made.delivery.service_returns import Done, ServiceSent
from flows.demo.made.delivery.stories import Story, StorySent
from flows.demo.made.delivery.supplier_returns import Returned, SupplierSent
from flows.demo.made.delivery.validations import About, DecisionsSent
from flows.demo.made.finance.awards import Award
from flows.demo.made.finance.finance import ControlsSent, PaymentsSent, VendorsSent
from flows.demo.made.finance.investments import AwardsSent
from flows.demo.made.finance.ledger import Line
from flows.demo.made.workforce.staff_rows import Row
from flows.demo.made.workforce.workforce import StaffSent


class Standing:
    """The sendings in force once `sent` have come, as what they hold.

    `sent` is everything that came, in the order of arrival, also what was replaced or never taken.
    """

    def __init__(self, sent: Iterable[Sending]) -> None:
        self.sent = list(sent)
        slots: dict[tuple[str, str, str, str], Sending] = {}
        for sending in self.sent:
            if sending.outcome == "loaded":
                slots[sending.slot] = sending
        self.in_force = list(slots.values())

    @cached_property
    def payments(self) -> list[PaymentsSent]:
        """The payments files in force, by month and part."""
        found = [s for s in self.in_force if isinstance(s, PaymentsSent)]
        return sorted(found, key=lambda s: (s.period, s.part))

    @cached_property
    def lines(self) -> list[Line]:
        """Every payment line in force, also the quarantined ones."""
        return [line for sending in self.payments for line in sending.lines]

    @cached_property
    def masters(self) -> dict[str, tuple[Supplier, ...]]:
        """The vendor master in force of each month that has one."""
        found = [s for s in self.in_force if isinstance(s, VendorsSent)]
        return {sending.period: sending.vendors for sending in found}

    @cached_property
    def controls(self) -> list[ControlsSent]:
        """The control totals in force, by month."""
        found = [s for s in self.in_force if isinstance(s, ControlsSent)]
        return sorted(found, key=lambda s: s.period)

    @cached_property
    def staff(self) -> dict[str, tuple[Row, ...]]:
        """The rows of the workforce return in force of each quarter, also the quarantined ones."""
        return {s.period: s.rows for s in self.in_force if isinstance(s, StaffSent)}

    @cached_property
    def awards(self) -> dict[str, tuple[Award, ...]]:
        """The awards of the investments return in force of each quarter."""
        return {s.period: s.awards for s in self.in_force if isinstance(s, AwardsSent)}

    @cached_property
    def registers(self) -> dict[str, RegisterSent]:
        """The contract register in force of each quarter that has one, from the first quarter."""
        found = [s for s in self.in_force if isinstance(s, RegisterSent)]
        return {s.period: s for s in sorted(found, key=lambda s: s.period)}

    @cached_property
    def promises(self) -> dict[str, PromisesSent]:
        """The commitments return in force of each quarter that has one, from the first quarter."""
        found = [s for s in self.in_force if isinstance(s, PromisesSent)]
        return {s.period: s for s in sorted(found, key=lambda s: s.period)}

    @cached_property
    def returned(self) -> list[Returned]:
        """The suppliers' returns in force."""
        return [s.returned for s in self.in_force if isinstance(s, SupplierSent)]

    @cached_property
    def decisions(self) -> dict[tuple[str, About], str]:
        """What officers have decided, by quarter and claim."""
        found = [s for s in self.in_force if isinstance(s, DecisionsSent)]
        return {(s.period, about): said for s in found for about, said in s.decisions}

    @cached_property
    def done(self) -> list[Done]:
        """The directorates' returns in force."""
        return [s.done for s in self.in_force if isinstance(s, ServiceSent)]

    @cached_property
    def progress(self) -> list[ProgressSent]:
        """The posts' reports in force."""
        return [s for s in self.in_force if isinstance(s, ProgressSent)]

    @cached_property
    def stories(self) -> list[Story]:
        """The stories in force."""
        return [s.story for s in self.in_force if isinstance(s, StorySent)]

    @cached_property
    def first_came(self) -> dict[tuple[str, str, str, str], date]:
        """The day on which the first file came for each slot, whatever became of it."""
        return {s.slot: s.delivery.at.date() for s in reversed(self.sent)}

    def master_month(self, month: str) -> str:
        """Whose month's vendor master serves: its own, else the latest before, else the earliest
        after it. Raises ValueError where there is none at all.
        """
        earlier = [held for held in self.masters if held <= month]
        return max(earlier) if earlier else min(self.masters)


def standing_at(
    seed: int = DEFAULT_SEED, at: datetime | None = None, scope: Scope = WHOLE
) -> Standing:
    """What is in force at a moment, or once all are in; the same between two arrivals."""
    came = sum(at is None or sending.delivery.at <= at for sending in sendings(seed, scope))
    return _standing(seed, came, scope)


@cache
def _standing(seed: int, came: int, scope: Scope) -> Standing:
    return Standing(sendings(seed, scope)[:came])
