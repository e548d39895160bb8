"""Who holds every quarterly report and Annual Review works out no protected count of people."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports.figures.selection import Selection
from flows.common.periods import quarters_of, read_year
from tests.support.adversary import Adversary, Count, Found
from tests.support.reached_made import QUARTERS, STEPS, Reached, publish_both

PEOPLE = st.lists(
    st.builds(
        Reached,
        counted=st.sampled_from(["by person", "as returned"]),
        quarters=st.frozensets(st.integers(0, 7), min_size=1, max_size=3),
        step=st.sampled_from(["validated"] * 3 + ["evidenced", "claimed"]),
    ),
    min_size=4,
    max_size=70,
)
COLUMNS = {
    "measures_people": [*STEPS, *(f"{step}_to_date" for step in STEPS)],
    "people_supported": ["people"],
}


def named(row: dict[str, object], column: str) -> Count:
    """A count under one name, whichever table has it."""
    period, step = str(row.get("quarter", row.get("year"))), column.replace("people", "validated")
    return period, (("counted", str(row["counted"])), ("step", step))


class Reader(Adversary):
    """Knows how the tables' words say that counts hang together."""

    def take_in(self, shown: Selection) -> None:
        names = [column.name for column in shown.table.columns]
        for texts in shown.texts:
            row = dict(zip(names, texts, strict=True))
            for column in COLUMNS[shown.table.name]:
                at = self.unknown(named({**row}, column))
                if row[column] != "[c]":
                    figure = int(row[column])
                    low, high = (max(5, figure - 2), figure + 2) if figure else (0, 0)
                    self.low[at] = max(self.low[at], low)
                    self.high[at] = min(self.high[at], high)

    def link(self) -> None:
        for counted in ("by person", "as returned"):
            for place, quarter in enumerate(QUARTERS):
                self._nest(quarter.label, counted)
                before = QUARTERS[place - 1].label if place else None
                for step in STEPS:
                    self._grow(quarter.label, before, counted, step)
            for year in ("2021-22", "2022-23"):
                self._sum_up(year, counted)

    def _at(self, period: str, counted: str, step: str) -> int:
        return self.unknown((period, (("counted", counted), ("step", step))))

    def _most(self, terms: dict[int, float]) -> None:
        self.most.append((terms, 0.0))

    def _nest(self, period: str, counted: str) -> None:
        for some, more in (("validated", "evidenced"), ("evidenced", "claimed")):
            for end in ("", "_to_date"):
                inner, outer = (
                    self._at(period, counted, some + end),
                    self._at(period, counted, more + end),
                )
                self._most({inner: 1.0, outer: -1.0})

    def _grow(self, period: str, before: str | None, counted: str, step: str) -> None:
        now, mine = self._at(period, counted, f"{step}_to_date"), self._at(period, counted, step)
        if before is None:
            self.equal.append(({now: 1.0, mine: -1.0}, 0.0))
            return
        then = self._at(before, counted, f"{step}_to_date")
        if counted == "as returned":
            self.equal.append(({now: 1.0, then: -1.0, mine: -1.0}, 0.0))
        else:
            self._most({now: 1.0, then: -1.0, mine: -1.0})
            self._most({then: 1.0, now: -1.0})
            self._most({mine: 1.0, now: -1.0})

    def _sum_up(self, year: str, counted: str) -> None:
        quarters = [one.label for one in quarters_of(read_year(year))]
        whole = self._at(year, counted, "validated")
        parts = {self._at(one, counted, "validated"): -1.0 for one in quarters}
        if counted == "as returned":
            self.equal.append(({whole: 1.0, **parts}, 0.0))
            return
        self._most({whole: 1.0, **parts})
        for part in parts:
            self._most({part: 1.0, whole: -1.0})
        at_the_end = self._at(quarters[-1], counted, "validated_to_date")
        self._most({whole: 1.0, at_the_end: -1.0})
        if year != "2021-22":
            at_the_start = self._at("2021-22 Q4", counted, "validated_to_date")
            self._most({at_the_end: 1.0, at_the_start: -1.0, whole: -1.0})


def attacked(shown: Sequence[Selection], truths: Sequence[Selection]) -> list[Found]:
    reader = Reader("")
    for one in shown:
        reader.take_in(one)
    reader.link()
    truth = {
        named(dict(record), column): int(str(record[column]))
        for one in truths
        for record in one.records
        for column in COLUMNS[one.table.name]
    }
    return reader.prove(truth)


@settings(
    max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(PEOPLE)
def test_quarters_and_years_together_narrow_no_protected_count(people: list[Reached]) -> None:
    shown, truths = publish_both(people)
    assert all(one.holds_all for one in attacked(shown, truths))


@pytest.mark.parametrize("apart", [True, False])
def test_publications_protected_apart_give_a_quarter_away(apart: bool) -> None:
    people = [Reached("as returned", frozenset({0}), "validated")] * 5
    people += [Reached("as returned", frozenset({1}), "validated")] * 2
    found = attacked(*publish_both(people, apart))
    # 5 and 2 are 7: a quarter shown as 5 and a year shown as 5 leave at most 2 for the other.
    assert any(one.truth == 2 for one in found)
    assert all(one.holds_all for one in found) != apart
