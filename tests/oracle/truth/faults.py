"""Which file and row holds which planted fault."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.demo.made.authority.delivery import Sending
from tests.oracle.truth.outcomes import outcomes

# What is odd and no fault: it has to be read for what it means, and nothing is to be found.
READ_RIGHT = frozenset(
    {
        "title row",
        "blank row",
        "repeated header",
        "total row",
        "negative",
        "withheld name",
        "identical rows that are real",
        "supplier without number",
        "not in the vendor master",
        "spelt another way",
        "looks like a redaction or a total and is none",
        "contract not in the register",  # found when the register is laid beside it
        "a rating in other words",
        "extension under the same reference",
        "identical rows that are one contract",
        "no award date",
        "reference written another way",
        "a share of a shared outcome",
        "a postcode that nobody knows",
        "an organisation-wide figure",
    }
)


@dataclass(frozen=True)
class Fault:
    """A planted fault. `row` counts from 1 at the top of the file (or of its sheet); 0 is the whole
    file. `delivery` is the place among what came.
    """

    delivery: int
    file_name: str
    sheet: str
    row: int
    kind: str
    text: str

    @property
    def calls_for_a_finding(self) -> bool:
        """Whether a finding has to name this row (or the whole file, where that is refused)."""
        return self.row > 0 and self.kind not in READ_RIGHT


def faults(sent: Sequence[Sending]) -> list[Fault]:
    """Every planted fault of what came, in the order of arrival."""
    found = []
    first_of_slot: set[tuple[str, str, str, str]] = set()
    for nth, (sending, outcome) in enumerate(zip(sent, outcomes(sent), strict=True)):
        name = sending.delivery.file_name
        kinds = {
            "late": outcome.late_days > 0 and sending.slot not in first_of_slot,
            "duplicate under another name": sending.outcome == "duplicate",
            "refused": sending.outcome == "rejected",
            "corrected file": sending.corrects,
        }
        first_of_slot.add(sending.slot)
        found += [Fault(nth, name, "", 0, kind, "") for kind, is_so in kinds.items() if is_so]
        found += [Fault(nth, name, p.sheet, p.row, p.kind, p.text) for p in sending.planted]
    return found
