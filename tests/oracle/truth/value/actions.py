"""Actions agreed on commitments, and equality impact assessments, by what stands in the returns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from flows.demo.made.authority.equality import NOT_KNOWN, assessed
from flows.demo.made.authority.periods import QUARTERS, first_day, last_day
from flows.demo.made.delivery.progress import REPORTED
from flows.demo.made.finance.investments import OTHER_FROM
from tests.oracle.truth.standing import Standing
from tests.oracle.truth.value.agreements import contracts_standing
from tests.oracle.truth.value.progress import reported

DONE = {"done", "completed"}


@dataclass
class Action:
    """An action: what the report that agreed it says, and what later ones said."""

    commitment: str
    agreed_in: str
    words: str
    due: date | None
    due_last: date | None
    done_in: str = ""

    def state(self, quarter: str) -> str:
        """How it stands at the end of a quarter."""
        if self.done_in:
            return "done"
        return "overdue" if self.due and self.due < last_day(quarter) else "open"


def actions_at(standing: Standing, quarter: str) -> list[Action]:
    """The actions that are open at the end of a quarter, or were done in it."""
    held: list[Action] = []
    for past in (one for one in REPORTED if one <= quarter):
        held = [action for action in held if not action.done_in]
        for name, row in reported(standing, past).items():
            own = [action for action in held if action.commitment == name]
            if row.earlier_action.lower() in DONE:
                for action in own:
                    action.done_in = past
            if not row.action:
                continue
            same = [a for a in own if not a.done_in and a.words.lower() == row.action.lower()]
            for action in same:
                action.due = action.due or row.action_due
                action.due_last = row.action_due or action.due_last
            if not same:
                due = row.action_due
                held.append(Action(name, past, row.action, due, due))
    return held


def assessments(standing: Standing, year: str, held: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each intervention of a year by kind, and what is said of its assessment.

    `held`: the commitments that hold in the year.
    """
    for quarter, awards in standing.awards.items():
        if quarter.startswith(year):
            for award in awards:
                asked = quarter >= OTHER_FROM
                yield "awards", assessed(award.reference) if asked else NOT_KNOWN
    for contract in contracts_standing(standing).values():
        if first_day(year) <= contract.awarded <= last_day(year):
            yield "contracts", contract.assessment
    until = [quarter for quarter in QUARTERS if quarter[:7] <= year]
    for commitment in held:
        found = [reported(standing, quarter).get(commitment) for quarter in until]
        said = any(row.equality for row in found if row)
        yield "commitments", assessed(commitment) if said else NOT_KNOWN
