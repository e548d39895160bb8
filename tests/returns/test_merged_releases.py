"""The releases of one process are merged: an amendment keeps what it does not speak of."""

import json
from collections.abc import Callable

import pytest

from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.warehouse.connection import reading

Take = Callable[..., Ingested]
Node = dict[str, object]
OfTheLast = Callable[..., list[tuple]]


def process(*changes: Node) -> list[Node]:
    """Releases of one process, a day apart."""
    return [
        {
            "ocid": "ocds-1",
            "id": f"r{n}",
            "date": f"2022-04-{n:02}T10:00:00Z",
            "tender": {"id": "T-1"},
            **change,
        }
        for n, change in enumerate(changes, start=1)
    ]


def award(name: str, supplier: str, amount: int, lot: str | None = None) -> Node:
    return {
        "id": name,
        "status": "active",
        "value": {"amount": amount, "currency": "GBP"},
        "suppliers": [{"id": supplier, "name": supplier}],
        "date": "2022-04-01",
        **({"relatedLots": [lot]} if lot else {}),
    }


@pytest.fixture
def of_the_last(take: Take, settings: Settings) -> OfTheLast:
    """The rows of the newest of these releases: supplier and value."""

    def taken(*changes: Node) -> list[tuple]:
        package = json.dumps({"releases": process(*changes)})
        take(package, "lcrca_2022-23-q1.json", "procurement_contracts")
        with reading(settings) as connection:
            return connection.execute(
                "select supplier_name, cast(value as integer) from "
                "warehouse.landed.procurement_contracts "
                "qualify released_at = max(released_at) over () order by _row"
            ).fetchall()

    return taken


def test_an_amendment_keeps_what_it_does_not_speak_of(of_the_last: OfTheLast) -> None:
    amended: Node = {"awards": [{"id": "1", "amendments": [{"id": "a"}]}]}

    assert of_the_last({"awards": [award("1", "Alder", 100)]}, amended) == [("Alder", 100)]


def test_an_amendment_that_changes_the_value_keeps_the_supplier(of_the_last: OfTheLast) -> None:
    amended: Node = {"awards": [{"id": "1", "value": {"amount": 150}}]}

    assert of_the_last({"awards": [award("1", "Alder", 100)]}, amended) == [("Alder", 150)]


def test_what_is_null_is_taken_away(of_the_last: OfTheLast) -> None:
    amended: Node = {"awards": [{"id": "1", "value": None}]}

    assert of_the_last({"awards": [award("1", "Alder", 100)]}, amended) == [("Alder", None)]


def test_releases_are_merged_in_the_order_of_their_dates(of_the_last: OfTheLast) -> None:
    newest = {"date": "2022-05-01T00:00:00Z", "awards": [{"id": "1", "value": {"amount": 150}}]}

    assert of_the_last(newest, {"awards": [award("1", "Alder", 100)]}) == [("Alder", 150)]


def test_awards_of_other_lots_add_up(of_the_last: OfTheLast) -> None:
    one, other = award("1", "Alder", 100, "1"), award("2", "Birch", 50, "2")

    assert of_the_last({"awards": [one]}, {"awards": [other]}) == [("Alder", 100), ("Birch", 50)]


def test_an_award_corrected_under_another_id_counts_once(of_the_last: OfTheLast) -> None:
    one, other = award("1", "Alder", 18848731), award("2", "Alder", 188487)

    assert of_the_last({"awards": [one]}, {"awards": [other]}) == [("Alder", 188487)]


def test_a_notice_that_adds_a_supplier_under_another_id_counts_the_others_once(
    of_the_last: OfTheLast,
) -> None:
    """As Contracts Finder does: award -13 of twelve suppliers, two hours later -14 of thirteen."""
    one, other = award("13", "Alder", 100), award("14", "Alder", 100)
    other["suppliers"] = [{"id": name, "name": name} for name in ("Alder", "Birch")]

    assert of_the_last({"awards": [one]}, {"awards": [other]}) == [("Alder", 100), ("Birch", None)]


def test_another_days_award_to_others_too_stands_beside_the_first(of_the_last: OfTheLast) -> None:
    one, other = award("1", "Alder", 100), award("2", "Alder", 50)
    other["suppliers"] = [{"id": name, "name": name} for name in ("Alder", "Birch")]
    other["date"] = "2022-04-02"

    assert of_the_last({"awards": [one]}, {"awards": [other]}) == [
        ("Alder", 100),
        ("Alder", 50),
        ("Birch", None),
    ]


def test_awards_of_one_id_are_paired_with_their_contracts_by_position(
    of_the_last: OfTheLast,
) -> None:
    awards = [award("C/1", "Elm", 40), award("C/1", "Fir", 20)]
    contracts = [{"id": "C/1", "awardID": "C/1"}, {"id": "C/1", "awardID": "C/1"}]

    assert of_the_last({"awards": awards, "contracts": contracts}) == [("Elm", 40), ("Fir", 20)]


@pytest.mark.parametrize(("contracts", "is_found"), [(0, False), (1, True), (2, False), (3, True)])
def test_awards_of_one_id_that_are_not_as_many_as_their_contracts_block(
    take: Take, settings: Settings, contracts: int, is_found: bool
) -> None:
    signed = [{"id": str(n), "awardID": "1", "status": "active"} for n in range(contracts)]
    awards = [award("1", "Alder", 100), award("1", "Birch", 50)]
    package = {"releases": process({"awards": awards, "contracts": signed})}

    take(json.dumps(package), "lcrca_2022-23-q1.json", "procurement_contracts")

    with reading(settings) as connection:
        found = connection.execute(
            "select severity, message from warehouse.ledger.findings "
            "where rule = 'awards_are_paired'"
        ).fetchall()
    assert [severity for severity, _ in found] == ["block release"] * is_found
    assert all("(ocds-1, award 1)" in message for _, message in found)
