"""An attacker who reads the published CSV files and knows that people are whole numbers.

It shares no code with the defence: what the files say and how their words hang together is written
down here anew, as equations between whole numbers, and an integer program of another package says
whether a hidden count can be each number.
"""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Row = Mapping[str, str]
Count = tuple[str, str, str, str]  # quarter or year, what is counted, at whom or of what, cut
ALL = "All"
STEPS = ("validated", "evidenced", "claimed")


class WholeAdversary:
    """Collects what is published of counts and asks what a hidden one can be."""

    def __init__(self) -> None:
        self.place: dict[Count, int] = {}
        self.hidden: dict[Count, None] = {}
        self.open: set[tuple[str, str]] = set()  # quarters and what: returns may still come
        self.low: list[float] = []
        self.high: list[float] = []
        self.is_whole: list[bool] = []
        self.told: dict[tuple[tuple[tuple[int, float], ...], float, float], None] = {}

    def read(self, release: Path) -> None:
        """Take in every table of people in a release's folder."""
        for name, take_in in (
            ("workforce", self._workforce),
            ("workforce_shares", self._shares),
            ("volunteering", self._volunteering),
            ("apprenticeships", self._apprenticeships),
            ("measures_people", self._measures),
            ("people_supported", self._supported),
        ):
            path = release / "tables" / f"{name}.csv"
            if path.is_file():
                with path.open(encoding="utf-8", newline="") as lines:
                    take_in(list(csv.DictReader(lines)))

    def link(self) -> None:
        """What holds between tables and periods, once all are read."""
        for period, what, where, cut in list(self.place):
            if what == "of E11 starts-of-headcount-before":
                self._same((period, what, where, cut), (before(period), "headcount", where, cut))
            if what.removesuffix(" to date") in STEPS:
                self._nested(period, what, where)
            if what in STEPS and " Q" in period:
                self._grown(period, what, where)
            if what in ("validated", "E11 starts-of-headcount-before") and " Q" not in period:
                self._sums_up([(f"{period} Q{n}", what, where, cut) for n in range(1, 5)], period)

    def is_consistent(self) -> bool:
        """Whether anything fits all that is published."""
        return self._solve({}) is not None

    def possible(self, count: Count, numbers: Iterable[int]) -> set[int]:
        """Which of the numbers the count can be."""
        at = self.place[count]
        found: set[int] = set()
        for number in sorted(numbers):
            if number not in found and (fits := self._solve({at: number})) is not None:
                found.add(round(float(fits[at])))
        return found

    def ends(self, count: Count) -> tuple[float, float]:
        """The least and the most that the count can be."""
        least, most = (self._solve({}, {self.place[count]: sign}) for sign in (1, -1))
        at = self.place[count]
        return (
            0 if least is None else float(least[at]),
            np.inf if most is None else float(most[at]),
        )

    def _at(self, count: Count, whole: bool = True) -> int:
        if count not in self.place:
            self.place[count] = len(self.low)
            self.low.append(0.0)
            self.high.append(np.inf)
            self.is_whole.append(whole)
        return self.place[count]

    def _say(self, terms: Mapping[Count, float], low: float, high: float) -> None:
        places = tuple((self._at(count), times) for count, times in terms.items())
        self.told[places, low, high] = None

    def _same(self, one: Count, other: Count) -> None:
        if one in self.place and other in self.place:
            self._say({one: 1, other: -1}, 0, 0)

    def _cell(self, count: Count, text: str, whole: bool = True) -> None:
        at = self._at(count, whole)
        if text == "[c]":
            self.hidden[count] = None
        if text.startswith("["):
            return
        half, shown = (2.0 if whole else 2.5), float(text)
        low, high = (max(5.0, shown - half), shown + half) if shown else (0.0, 0.0)
        self.low[at], self.high[at] = max(self.low[at], low), min(self.high[at], high)

    def _percent(self, text: str, part: Count, whole: Count, shown: tuple[str, str]) -> None:
        """A whole percentage is worked out from the counts that are shown, and tells no more.

        One with a decimal is of true counts, rounded half up: the upper end itself would read as
        the next percentage.
        """
        if part == whole:
            return
        self._say({whole: 1, part: -1}, 0, np.inf)
        if text.startswith("["):
            return
        percent = float(text)
        if "." not in text:
            few, many = (int(count) for count in shown)
            assert int(percent) == (200 * few + many) // (2 * many), f"{text} of {shown}"
            return
        self._say({part: 100, whole: -(percent - 0.05)}, -0.02, np.inf)
        if percent < 100:
            self._say({part: 100, whole: -(percent + 0.05)}, -np.inf, -0.02)

    def _adds_up(self, counts: Iterable[tuple[Count, Count]]) -> None:
        """Each total is the sum of its parts."""
        parts: dict[Count, dict[Count, float]] = {}
        for total, part in counts:
            parts.setdefault(total, {})[part] = -1
        for total, terms in parts.items():
            self._say({total: 1, **terms}, 0, 0)

    def _workforce(self, rows: list[Row]) -> None:
        def named(row: Row, **other: str) -> Count:
            row = {**row, **other}
            cut = "" if row["category"] == ALL else f"{row['characteristic']}={row['category']}"
            return row["quarter"], "headcount", row["employer"], cut

        everyone = {row["employer"]: row["people"] for row in rows if row["category"] == ALL}
        for row in rows:
            self._cell(named(row), row["people"])
            shown = row["people"], everyone[row["employer"]]
            self._percent(row["percent_of_employer"], named(row), named(row, category=ALL), shown)
        apart = [row for row in rows if row["employer"] != ALL]
        self._adds_up((named(row, employer=ALL), named(row)) for row in apart)
        for kind in {row["characteristic"] for row in rows} - {"all"}:
            cut = [row for row in rows if row["characteristic"] == kind]
            self._adds_up((named(row, category=ALL), named(row)) for row in cut)

    def _shares(self, rows: list[Row]) -> None:
        def named(row: Row, of: str = "", at: str | None = None) -> Count:
            what = f"{of}{row['indicator_id']} {row['basis']}"
            return row["quarter"], what, at or row["employer"], ""

        for row in rows:
            self._cell(named(row), row["people"])
            self._cell(named(row, "of "), row["out_of"])
            shown = row["people"], row["out_of"]
            self._percent(row["percent_of_people"], named(row), named(row, "of "), shown)
            quarter, employer = row["quarter"], row["employer"]
            everyone = (quarter, "headcount", employer, "")
            figure = f"{row['indicator_id']} {row['basis']}"
            if figure in ("E02 not known", "E03 not known", "E11 apprentices-of-headcount"):
                self._same(named(row, "of "), everyone)
            if figure == "E12 not known" and everyone in self.place:  # who is not of 18 yet
                self._adds_up(
                    (everyone, one)
                    for one in (named(row, "of "), (quarter, "under 18", employer, ""))
                )
                self.hidden[quarter, "under 18", employer, ""] = None
            if figure.endswith(" not known"):
                known = (quarter, f"of {figure.replace('not known', 'known')}", employer, "")
                self._adds_up((named(row, "of "), one) for one in (known, named(row)))
            if figure == "E11 starts-of-new-employees":
                self._same(named(row), (quarter, "E11 starts-of-headcount-before", employer, ""))
        apart = [row for row in rows if row["employer"] != ALL]
        for of in ("", "of "):
            self._adds_up((named(row, of, ALL), named(row, of)) for row in apart)
        self._covered(rows)

    def _covered(self, rows: list[Row]) -> None:
        """Of those whose age and pay are known: whom accreditation covers, and whom it does not."""
        for row in rows:
            for of in ("", "of ") if row["basis"] == "accreditation" else ():
                known, covered, beside = (
                    (row["quarter"], f"{of}E12 {basis}", row["employer"], "")
                    for basis in ("known", "accreditation", "not covered")
                )
                self._adds_up(((known, covered), (known, beside)))

    def _volunteering(self, rows: list[Row]) -> None:
        for row in rows:
            fte = (row["quarter"], "fte", ALL, "")  # a year's hours are over its last quarter's
            self._cell(fte, row["fte"], whole=False)
            everyone = (row["quarter"], "headcount", ALL, "")
            if everyone in self.place:
                self._say({everyone: 1, fte: -1}, 0, np.inf)

    def _apprenticeships(self, rows: list[Row]) -> None:
        for row in rows:
            self._cell((row["year"], "E11 starts-of-headcount-before", ALL, ""), row["people"])

    def _measures(self, rows: list[Row]) -> None:
        for row in rows:
            where = f"{row['indicator_id']} {row['measure_id']} {row['counted']}"
            if row["status"] == "provisional":
                self.open.add((row["quarter"], where))
            for step in STEPS:
                self._cell((row["quarter"], step, where, ""), row[step])
                to_date = (row["quarter"], f"{step} to date", where, "")
                self._cell(to_date, row[f"{step}_to_date"])

    def _supported(self, rows: list[Row]) -> None:
        for row in rows:
            where = next(
                (
                    where
                    for _, _, where, _ in self.place
                    if where.endswith(f" {row['measure_id']} {row['counted']}")
                ),
                f" {row['measure_id']} {row['counted']}",
            )
            if not row["people"].startswith("[z]"):
                self._cell((row["year"], "validated", where, ""), row["people"])

    def _nested(self, period: str, what: str, where: str) -> None:
        """Whoever is validated is evidenced, and whoever is evidenced is claimed."""
        step, to_date = what.removesuffix(" to date"), " to date" * what.endswith(" to date")
        if step != STEPS[-1]:
            wider = (period, STEPS[STEPS.index(step) + 1] + to_date, where, "")
            if wider in self.place:
                self._say({wider: 1, (period, what, where, ""): -1}, 0, np.inf)

    def _grown(self, period: str, step: str, where: str) -> None:
        """To date is to date before, and those of the quarter, once each if by person.

        And whom a late return has added since, where the earlier release says that it is owed.
        """
        mine, now = (period, step, where, ""), (period, f"{step} to date", where, "")
        then = (before(period), f"{step} to date", where, "")
        if now in self.place:
            self._say({now: 1, mine: -1}, 0, np.inf)
        if now in self.place and then in self.place:
            if (before(period), where) not in self.open:
                self._say({now: 1, then: -1, mine: -1}, -np.inf, 0)
            if "by person" in where:
                self._say({now: 1, then: -1}, 0, np.inf)

    def _sums_up(self, quarters: list[Count], year: str) -> None:
        if all(one in self.place for one in quarters):
            total = (year, *quarters[0][1:])
            where = total[2]
            by_person = "by person" in where
            terms = {total: 1.0} | dict.fromkeys(quarters, -1.0)
            most = np.inf if any((one[0], where) in self.open for one in quarters) else 0
            self._say(terms, -np.inf if by_person else 0, most)
            for one in quarters if by_person else []:
                self._say({total: 1, one: -1}, 0, np.inf)

    def _solve(
        self, fixed: Mapping[int, float], least: Mapping[int, float] = MappingProxyType({})
    ) -> np.ndarray | None:
        """Numbers that fit all that is told, `fixed` ones as they are, with least of `least`.

        None where none fit, or where the least is without end.
        """
        low, high = np.array(self.low), np.array(self.high)
        for at, number in fixed.items():
            if not low[at] <= number <= high[at]:
                return None
            low[at] = high[at] = number
        entries = [
            (row, at, times) for row, (terms, _, _) in enumerate(self.told) for at, times in terms
        ]
        rows, columns, times = zip(*entries, strict=True)
        matrix = csr_array((times, (rows, columns)), shape=(len(self.told), len(low)))
        ends = np.array([(least, most) for _, least, most in self.told])
        costs = np.zeros(len(low))
        for at, cost in least.items():
            costs[at] = cost
        found = milp(
            costs,
            integrality=np.array(self.is_whole),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(matrix, ends[:, 0], ends[:, 1]),
        )
        assert found.status in (0, 2) or (least and found.status in (3, 4)), found.message
        return found.x if found.status == 0 else None


def before(period: str) -> str:
    """The quarter before, e.g. 2021-22 Q4 before 2022-23 Q1."""
    year, quarter = period.split(" Q")
    if quarter != "1":
        return f"{year} Q{int(quarter) - 1}"
    first = int(year[:4]) - 1
    return f"{first}-{(first + 1) % 100:02d} Q4"
