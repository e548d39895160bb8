"""What is counted of social value, and what the templates of suppliers call it."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Measure:
    """A measure: its unit, and whether its quarters add up (else it is a level)."""

    measure_id: str
    unit: str
    accumulates: bool = True


@dataclass(frozen=True)
class Code:
    """A template's code: the measure, the template's unit, and how many of ours one of it is."""

    code: str
    measure_id: str
    unit: str
    factor: Decimal = Decimal(1)

    def in_unit(self, quantity: Decimal) -> Decimal:
        """A quantity of the measure in the template's unit."""
        return (quantity / self.factor).normalize() + 0


MEASURES = {
    measure.measure_id: measure
    for measure in (
        Measure("M01", "FTE years"),
        Measure("M02", "people", accumulates=False),
        Measure("M03", "people"),
        Measure("M04", "weeks"),
        Measure("M05", "weeks"),
        Measure("M06", "attendee hours"),
        Measure("M07", "staff hours"),
        Measure("M08", "hours"),
        Measure("M09", "GBP"),
        Measure("M10", "GBP"),
        Measure("M11", "GBP"),
        Measure("M12", "tCO2e"),
        Measure("M13", "tonnes"),
        Measure("M14", "devices"),
        Measure("M15", "people"),
        Measure("M16", "passes"),
        Measure("M17", "employers", accumulates=False),
        Measure("M18", "workers", accumulates=False),
        Measure("M19", "trees"),
        Measure("M20", "FTE"),
    )
}

STANDARD = tuple(Code(m.measure_id, m.measure_id, m.unit) for m in MEASURES.values())
ESSEX = (
    Code("ECC1", "M01", "FTE years"),
    Code("ECC3", "M02", "people"),
    Code("ECC10", "M04", "weeks"),
    Code("ECC9", "M05", "weeks"),
    Code("ECC8", "M06", "attendee hours"),
    Code("ECC39", "M07", "staff hours"),
    Code("ECC38", "M10", "GBP"),
    Code("ECC52", "M12", "tCO2e"),
    Code("ECC47", "M13", "tonnes"),
)
WORDS = (
    Code("LOCAL-JOBS", "M01", "FTE years"),
    Code("DISADV", "M02", "people"),
    Code("APP-START", "M03", "people"),
    Code("APP-DAYS", "M04", "days", Decimal("0.2")),
    Code("VOL-HRS", "M08", "hours"),
    Code("LOCAL-SPEND-K", "M09", "thousand GBP", Decimal(1000)),
    Code("IN-KIND", "M11", "GBP"),
    Code("CO2-KG", "M12", "kgCO2e", Decimal("0.001")),
)
# A template calls a measure by its own code where it has one, else by ours.
TEMPLATES = {"standard": STANDARD, "essex": ESSEX, "words": WORDS}


def code_for(measure_id: str, template: str) -> Code:
    """The code under which a template asks for a measure."""
    own = {code.measure_id: code for code in (*STANDARD, *TEMPLATES[template])}
    return own[measure_id]
