"""The people of the workforce returns in force, as what they count: words, districts, ages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flows.demo.made.authority.authority import DISTRICTS
from flows.demo.made.authority.periods import QUARTERS, first_day, last_day
from flows.demo.made.workforce.staff_rows import Row

UNDISCLOSED = "undisclosed"
BANDS = ((65, "65 and over"), (55, "55-64"), (45, "45-54"), (35, "35-44"), (25, "25-34"))
YOUNGEST = "under 25"
ADULT = 18

Returns = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class Person:
    """A row that was taken, as what it counts. None: not known."""

    row: Row
    quarter: str

    @property
    def is_in_headcount(self) -> bool:
        """Employed at the snapshot."""
        return self.row.employee.is_employed(self.row.snapshot)

    @property
    def birth(self) -> date | None:
        """The day of birth, where the return gives a day."""
        return self.row.employee.birth if self.row.knows("birth_date") else None

    @property
    def district(self) -> str:
        """The district of the six; '' elsewhere or not known."""
        home = self.row.employee.home
        return DISTRICTS.get(home.code, "") if home and self.is_home_known else ""

    @property
    def is_home_known(self) -> bool:
        """Whether the home's local authority is known."""
        return self.row.employee.home is not None and self.row.knows("home_postcode")

    @property
    def decile(self) -> int | None:
        """The decile of deprivation of the home."""
        home = self.row.employee.home
        return home.decile if home and self.is_home_known else None

    @property
    def is_adult(self) -> bool | None:
        """Whether 18 or over on the pay date."""
        return None if self.birth is None else age(self.birth, self.row.pay_date) >= ADULT

    @cached_property
    def words(self) -> dict[str, str]:
        """The word that the person stands under in each breakdown; '' stands in no part."""
        employee = self.row.employee
        return {
            "employer": employee.employer,
            "directorate": employee.directorate,
            "grade": employee.grade,
            "district": self.district,
            "age_band": band(self.birth, self.row.snapshot),
            "sex": self._disclosed("sex", employee.sex),
            "ethnicity": self._disclosed("ethnicity", employee.ethnicity),
            "disability": self._disclosed("disability", employee.disability),
        }

    def _disclosed(self, column: str, word: str) -> str:
        return word if self.row.knows(column) else UNDISCLOSED


def age(birth: date, on: date) -> int:
    """Whole years on a day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def band(birth: date | None, on: date) -> str:
    """The age band on a day."""
    if birth is None:
        return UNDISCLOSED
    years = age(birth, on)
    return next((word for first, word in BANDS if years >= first), YOUNGEST)


def people(returns: Returns) -> dict[str, list[Person]]:
    """The rows taken of each quarter's return in force."""
    return {
        quarter: [Person(row, quarter) for row in rows if not row.fault]
        for quarter, rows in returns.items()
    }


def newest(period: str, quarters: Mapping[str, object]) -> str:
    """The newest quarter of a quarter, half or year that has a return; '' where none has."""
    inside = [q for q in quarters_of(period) if q in quarters]
    return inside[-1] if inside else ""


def quarters_of(period: str) -> list[str]:
    """The quarters of a quarter, half or year."""
    first, last = first_day(period), last_day(period)
    return [q for q in QUARTERS if first <= first_day(q) and last_day(q) <= last]


def parts_of(here: Sequence[Person], *columns: str) -> dict[str, list[Person]]:
    """The people by the words of one column, or of two (`lcrca/female`); '' is no part."""
    found: dict[str, list[Person]] = {}
    for person in here:
        words = [person.words[column] for column in columns]
        if all(words):
            found.setdefault("/".join(words), []).append(person)
    return found
