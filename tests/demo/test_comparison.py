"""What the oracle holds against a home's ledger and figures, and that it sees a difference."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from flows.common.settings import Settings
from flows.demo.made.deliveries import QUARTER, deliveries
from flows.intake.submission import Ingested
from tests.oracle.compare.compared import Compared
from tests.oracle.compare.figures import figure_pair
from tests.oracle.compare.ledger import (
    Judged,
    Name,
    compare_faults,
    compare_lateness,
    compare_outcomes,
    read_judged,
)
from tests.oracle.truth.faults import faults
from tests.oracle.truth.figures import Figure
from tests.oracle.truth.outcomes import missing, outcomes
from tests.oracle.truth.standing import standing_at

FILES = deliveries(scope=QUARTER)  # a copy under another name and a correction among them
SENT = standing_at(scope=QUARTER).sent
OUTCOMES = outcomes(SENT)


@pytest.fixture
def judged(
    take: Callable[..., Ingested], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> dict[Name, Judged]:
    """The files, taken in when they came, as the ledger has them."""
    for one in FILES:
        monkeypatch.setenv("SOCIAL_VALUE_NOW", one.at.isoformat())
        take(one.content, one.file_name, one.return_name)
    return read_judged(settings, FILES)


def made() -> dict[Name, Judged]:
    """The files as they should be judged."""
    return {
        (one.return_name, one.file_name, one.at): Judged(
            one.outcome,
            "",
            (),
            one.loaded.rows,
            one.quarantined.rows,
            one.dropped_rows,
            one.loaded.amount,
        )
        for one in OUTCOMES
    }


def wrong(compared: list[Compared]) -> list[Compared]:
    return [one for one in compared if not one.same]


def test_files_come_out_as_they_were_made_and_a_fault_without_a_finding_is_seen(
    judged: dict[Name, Judged], settings: Settings
) -> None:
    came = list(compare_outcomes(judged, OUTCOMES))
    assert len(came) == len(FILES)
    assert wrong(came) == []
    assert {one.outcome for one in judged.values()} == {"loaded", "duplicate"}
    found = list(compare_faults(settings, judged, OUTCOMES, faults(SENT)))
    assert found
    assert wrong(found) == []
    late = list(compare_lateness(settings, OUTCOMES, missing(SENT)))
    assert len(late) > len({(o.return_name, o.sender, o.period, o.part) for o in OUTCOMES})
    assert wrong(late) == []

    nameless = {name: replace(one, returns=()) for name, one in judged.items()}
    assert wrong(list(compare_faults(settings, nameless, OUTCOMES, faults(SENT))))
    again = replace(FILES[2], at=datetime(2022, 8, 1))  # noqa: DTZ001
    read = read_judged(settings, [again])
    assert read[again.return_name, again.file_name, again.at].outcome == "duplicate"
    waiting = settings.inbox / again.return_name / again.file_name
    waiting.parent.mkdir(parents=True, exist_ok=True)
    waiting.write_bytes(again.content)
    assert read_judged(settings, [again]) == judged


def test_a_row_that_got_lost_is_seen() -> None:
    judged = made()
    name, first = next(iter(judged.items()))
    less = {**judged, name: replace(first, loaded=first.loaded - 1)}
    (found,) = wrong(list(compare_outcomes(less, OUTCOMES)))
    assert name[1] in found.what


def test_a_file_that_did_not_come_is_seen_and_so_is_one_that_should_not() -> None:
    judged = made()
    name, first = next(iter(judged.items()))
    others = {key: one for key, one in judged.items() if key != name}
    stranger = (name[0], "stranger.csv", datetime(2021, 5, 1))  # noqa: DTZ001
    found = wrong(list(compare_outcomes({**others, stranger: first}, OUTCOMES)))
    assert [one.came for one in found] == ["did not come", first.text]
    assert found[1].true == "should not come"


@pytest.mark.parametrize(
    ("row", "figure", "same"),
    [
        ({"numerator": "1", "denominator": "3", "value": "33.333333"}, ("1", "3"), True),
        ({"numerator": "1.01", "denominator": "3", "value": "33.333333"}, ("1", "3"), False),
        ({"numerator": "1", "denominator": "3", "value": "33.333334"}, ("1", "3"), False),
        (None, ("0", "3"), True),  # no row speaks of it
        (None, ("1", "3"), False),
        ({"numerator": None, "denominator": None, "value": "33.333333"}, ("1", "3"), True),
        ({"numerator": "0", "denominator": "0", "value": None}, ("0", "0"), True),
    ],
)
def test_a_figure_is_compared_to_six_decimals(
    row: dict[str, object] | None, figure: tuple[str, str], same: bool
) -> None:
    decimals = row and {name: None if v is None else Decimal(str(v)) for name, v in row.items()}
    true = Figure(Decimal(figure[0]), Decimal(figure[1]), "per cent")
    came, said = figure_pair(decimals, true)
    assert (came == said) is same
