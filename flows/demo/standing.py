"""What is in force at a moment: of each return, sender, period and part the last that was taken."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from flows.demo.authority import Supplier
from flows.demo.awards import Award
from flows.demo.delivery import Sending
from flows.demo.finance import ControlsSent, PaymentsSent, VendorsSent
from flows.demo.investments import AwardsSent
from flows.demo.ledger import Line
from flows.demo.staff_rows import Row
from flows.demo.workforce import StaffSent


class Standing:
    """The sendings in force at a moment (or once all are in), as what they hold."""

    def __init__(self, sent: Iterable[Sending], at: datetime | None = None) -> None:
        slots: dict[tuple[str, str, str, str], Sending] = {}
        for sending in sent:  # in the order of arrival
            if sending.outcome == "loaded" and (at is None or sending.delivery.at <= at):
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

    def master_month(self, month: str) -> str:
        """Whose month's vendor master serves: its own, else the latest before, else the earliest
        after it. Raises ValueError where there is none at all.
        """
        earlier = [held for held in self.masters if held <= month]
        return max(earlier) if earlier else min(self.masters)
