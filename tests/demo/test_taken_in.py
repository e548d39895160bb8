"""The pipeline takes the oddest of the demo's files in: no good row is lost, each fault found."""

from collections.abc import Callable

import pytest

from flows.common.settings import Settings
from flows.demo.made.authority.delivery import Sending
from flows.demo.made.deliveries import sendings
from flows.intake.submission import Ingested
from flows.warehouse.findings import list_findings
from tests.oracle.truth.faults import faults

ODD = {
    "finance_payments": [
        "lcrca_2021-05_corporate.xlsx",  # notes on a sheet of their own
        "lcrca_2021-09_transport.xlsx",  # dates partly serial numbers, a total by formula
        "lcrca_2021-10_transport.csv",  # semicolons
        "lcrca_2021-11_transport.csv",  # day first and month first: refused
        "lcrca_2022-02_corporate.csv",  # the header again on every page
        "lcrca_2022-05_corporate.csv",  # amounts and a date that are none
        "lcrca_2022-11_corporate.xlsx",  # an error, a formula never calculated
    ],
    "finance_vendors": ["lcrca_2022-08.csv"],
    "hr_workforce": [
        "lcrca_2021-22-q2.csv",  # other headers, letters for words
        "lcrca_2021-22-q3.xlsx",  # an FTE above 1
        "lcrca_2022-23-q2.xlsx",  # under a title; cells that do not read
        "lcrca_2022-23-q3.csv",  # five forms of date, birth dates as serials among them
        "lcrca_2022-23-q4.csv",  # salaries
    ],
    "finance_investments": [
        "lcrca_2021-22-q2.csv",
        "lcrca_2022-23-q1.csv",
        "lcrca_2022-23-q4.csv",
    ],
    "reference_deprivation": ["lcrca_2021-22.csv"],
}


def _first_sent(return_name: str, file_name: str) -> tuple[int, Sending]:
    """The first delivery under that name, and its place among the deliveries."""
    return next(
        (place, sending)
        for place, sending in enumerate(sendings())
        if (sending.delivery.return_name, sending.delivery.file_name) == (return_name, file_name)
    )


@pytest.mark.parametrize("return_name", ODD)
def test_every_row_is_counted_and_every_fault_found(
    return_name: str,
    settings: Settings,
    take: Callable[..., Ingested],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = {}
    for file_name in ODD[return_name]:
        places[file_name], sending = _first_sent(return_name, file_name)
        monkeypatch.setenv("SOCIAL_VALUE_NOW", sending.delivery.at.isoformat())
        done = take(sending.delivery.content, file_name, return_name=return_name)
        counts = done.counts
        assert (done.outcome, counts.loaded, counts.quarantined, counts.dropped) == (
            sending.outcome,
            sending.loaded.rows,
            sending.quarantined.rows,
            sending.dropped_rows,
        ), file_name
    found = {(f["file"], f["row"]) for f in list_findings(settings)}
    planted = {
        (f.file_name, f.row)
        for f in faults(sendings())
        if f.delivery in places.values() and f.calls_for_a_finding
    }
    assert planted <= found
    assert planted
