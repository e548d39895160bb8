"""What the demo holds against its truth, and that it sees a difference."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from flows import demo
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from tests.oracle.compare.models import (
    Compared,
    compare_faults,
    compare_lateness,
    compare_outcomes,
    figure_pair,
)

FIRST = 8  # deliveries: the finance of April and May 2021


@pytest.fixture
def done(take: Callable[..., Ingested], monkeypatch: pytest.MonkeyPatch) -> list[Ingested]:
    """The first files, taken in when they came."""
    taken = []
    for one in demo.deliveries()[:FIRST]:
        monkeypatch.setenv("SOCIAL_VALUE_NOW", one.at.isoformat())
        taken.append(take(one.content, one.file_name, one.return_name))
    return taken


def wrong(compared: list[Compared]) -> list[Compared]:
    return [one for one in compared if not one.same]


def test_the_first_files_come_out_as_they_were_made(
    done: list[Ingested], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert wrong(list(compare_outcomes(done))) == []
    faults = list(compare_faults(done, settings))
    assert faults
    assert wrong(faults) == []
    slots = {(o.return_name, o.sender, o.period, o.part) for o in demo.truth().outcomes[:FIRST]}
    late = [
        one
        for one in compare_lateness(settings)
        if one.what in {" ".join(filter(None, s)) for s in slots}
    ]
    assert len(late) == len(slots)
    assert wrong(late) == []


def test_a_row_that_got_lost_is_seen(done: list[Ingested]) -> None:
    counts = replace(done[0].counts, loaded=done[0].counts.loaded - 1)
    (first,) = wrong(list(compare_outcomes([replace(done[0], counts=counts), *done[1:]])))
    assert done[0].file in first.what


def test_a_fault_without_a_finding_is_seen(done: list[Ingested], settings: Settings) -> None:
    nameless = [replace(one, returns=[]) for one in done]
    assert len(wrong(list(compare_faults(nameless, settings)))) > 0


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
    true = demo.Figure(Decimal(figure[0]), Decimal(figure[1]), "per cent")
    ours, said = figure_pair(decimals, true)
    assert (ours == said) is same
