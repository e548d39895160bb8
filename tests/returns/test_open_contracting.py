"""Open contracting data comes into the register: who won, what it is worth, and where it stood."""

import json
import resource
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.warehouse.connection import reading
from tests.support.open_contracting import OFFICER, Node, award, packed, party, release

Take = Callable[..., Ingested]
MERSEY = party("Mersey Clean", "sme", True)
ACME = party("Acme plc", "large", False)


@pytest.fixture
def register(take: Take, settings: Settings) -> Callable[..., list[dict[str, Any]]]:
    """Take in JSON and give the rows that landed, by column."""

    def taken(content: str | bytes) -> list[dict[str, Any]]:
        outcome = take(content, "lcrca_2022-23-q1.json", "procurement_contracts")
        assert outcome.outcome == "loaded", outcome.reason
        with reading(settings) as connection:
            rows = connection.execute(
                "select * from warehouse.landed.procurement_contracts order by _row"
            )
            names = [column[0] for column in rows.description or []]
            return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]

    return taken


@pytest.fixture
def refuse(take: Take) -> Callable[..., str]:
    """Take in what must be refused, and give the reason."""

    def taken(content: str | bytes, return_name: str = "procurement_contracts") -> str:
        outcome = take(content, "lcrca_2022-23-q1.json", return_name)
        assert outcome.outcome == "rejected"
        return outcome.reason or ""

    return taken


Register = Callable[..., list[dict[str, Any]]]


def test_a_single_release_says_everything_of_its_contract(register: Register) -> None:
    (row,) = register(json.dumps(release(award(MERSEY, amount=1234.5), parties=[MERSEY])))

    expected = {
        "contract_reference": "LCR-2022-014",
        "ocid": "ocds-b5fd17-1",
        "contract_title": "Ferry terminal cleaning",
        "buyer": "LCRCA",
        "supplier_name": "Mersey Clean",
        "process": "Open procedure",
        "cpv_code": "90910000",
        "awarded_date": date(2022, 4, 20),
        "start_date": date(2022, 5, 1),
        "end_date": date(2023, 4, 30),
        "status": "active",
        "released_at": "2022-04-25 12:00:00",
    }
    assert {**row, "released_at": str(row["released_at"])}.items() >= expected.items()
    assert str(row["value"]) == "1234.50", "the award's, not the tender's estimate"
    assert (row["_sheet"], row["_row"]) == ("awards[0]", 1)


def test_the_suppliers_own_scale_counts_and_not_whom_the_tender_suited(register: Register) -> None:
    silent = party("Roses & Co")
    rows = register(
        json.dumps(release(award(ACME, MERSEY, silent), parties=[ACME, MERSEY, silent]))
    )

    said = {row["supplier_name"]: (row["supplier_size"], row["supplier_is_vcse"]) for row in rows}
    assert said == {
        "Acme plc": ("large", False),
        "Mersey Clean": ("sme", True),
        "Roses & Co": (None, None),
    }


def test_an_award_to_several_is_a_row_each_and_its_value_stands_once(register: Register) -> None:
    rows = register(json.dumps(release(award(ACME, MERSEY, amount=500), parties=[ACME, MERSEY])))

    assert [(row["_sheet"], row["_row"], row["value"]) for row in rows] == [
        ("awards[0]", 1, 500),
        ("awards[0]", 2, None),
    ]


@pytest.mark.parametrize(
    ("identifier", "company", "charity"),
    [
        ({"scheme": "GB-COH", "id": "09442333"}, "09442333", None),
        ({"scheme": "GB-CHC", "id": "1121596"}, None, "1121596"),
        ({"scheme": "GB-PPON", "id": "PMPB-8772"}, None, None),
        ({"legalName": "Mersey Clean Limited"}, None, None),
    ],
)
def test_only_companies_house_gives_company_numbers(
    identifier: Node, company: str | None, charity: str | None, register: Register
) -> None:
    one = {**MERSEY, "identifier": identifier}

    (row,) = register(json.dumps(release(award(one), parties=[one])))

    assert (row["supplier_company_number"], row["supplier_charity_number"]) == (company, charity)


def test_a_number_in_the_partys_id_or_among_its_other_identifiers_is_found(
    register: Register,
) -> None:
    named = {**party("Named"), "id": "GB-COH-01234567"}
    other = {**party("Other"), "additionalIdentifiers": [{"scheme": "GB-COH", "id": "SC123456"}]}

    rows = register(json.dumps(release(award(named, other), parties=[named, other])))

    assert [row["supplier_company_number"] for row in rows] == ["01234567", "SC123456"]


@pytest.mark.parametrize(
    ("address", "postcode"),
    [
        ({"streetAddress": "Plodder Lane, Bolton", "postalCode": "BL4 0NN"}, "BL40NN"),
        ({"streetAddress": "Plodder Lane, Edge Fold, Bolton, BL4 0NN"}, "BL40NN"),
        ({"streetAddress": "180 Ashbourne Road,nDerby,nDE22 3BH"}, "DE223BH"),
        ({"streetAddress": "unit a1 1st floor, bootle l20 4bp."}, "L204BP"),
        ({"streetAddress": "Unit A1 1st floor, Bootle"}, None),
        ({"streetAddress": "Foxes Academy, Minehead.  TA24 5TY", "locality": "GB"}, "TA245TY"),
    ],
)
def test_a_postcode_is_dug_out_of_the_address(
    address: Node, postcode: str | None, register: Register
) -> None:
    one = {**MERSEY, "address": address}

    (row,) = register(json.dumps(release(award(one), parties=[one])))

    assert row["supplier_postcode"] == postcode


def test_a_record_counts_by_its_compiled_release(register: Register) -> None:
    """As Find a Tender gives it: linked releases, and contracts with their own value."""
    signed = {
        "id": "1",
        "awardID": "award-1",
        "title": "Peatland restoration",
        "period": {
            "startDate": "2022-10-05T00:00:00+01:00",
            "endDate": "2023-03-31T23:59:59+01:00",
        },
        "value": {"amountGross": 438981, "amount": 395493, "currency": "GBP"},
    }
    compiled = release(award(MERSEY, amount=1), parties=[MERSEY], contracts=[signed])
    record = {
        "ocid": compiled["ocid"],
        "releases": [{"id": "027320-2025", "date": "2022-04-01T00:00:00Z", "tag": ["planning"]}],
        "compiledRelease": compiled,
    }

    (row,) = register(json.dumps({"records": [record]}))

    assert (row["contract_title"], row["value"]) == ("Peatland restoration", 395493)
    assert (row["start_date"], row["end_date"]) == (date(2022, 10, 5), date(2023, 3, 31))
    assert row["_sheet"] == "records[0].compiledRelease.contracts[0]"
    assert row["supplier_name"] == "Mersey Clean"


def test_a_record_without_a_compiled_release_counts_by_its_releases(register: Register) -> None:
    (row,) = register(json.dumps({"records": [{"releases": [release(award(ACME))]}]}))

    assert row["_sheet"] == "records[0].releases[0].awards[0]"


def test_a_contract_takes_its_supplier_from_another_release_of_its_process(
    register: Register,
) -> None:
    awarded = release(award(MERSEY), parties=[MERSEY])
    signed = {"id": "c", "awardID": "award-1", "value": {"amount": 5, "currency": "GBP"}}
    rows = register(packed(awarded, {**release(contracts=[signed]), "id": "notice-2"}))

    assert [(row["supplier_name"], row["value"]) for row in rows] == [
        ("Mersey Clean", 1000),
        ("Mersey Clean", 5),
    ]


def test_both_releases_of_one_process_land_and_say_when_they_were_released(
    register: Register,
) -> None:
    """GBP 18,848,731, and six minutes later GBP 188,487 under another award id."""
    first = {**release(award(ACME, amount=18848731)), "date": "2025-03-11T12:21:44Z"}
    later = {
        **release(award(ACME, amount=188487, number=2)),
        "id": "notice-2",
        "date": "2025-03-11T12:27:50Z",
    }

    rows = register(packed(later, first))

    assert [(row["value"], str(row["released_at"])) for row in rows] == [
        (188487, "2025-03-11 12:27:50"),
        (18848731, "2025-03-11 12:21:44"),
    ]


def test_a_moment_is_kept_in_utc(register: Register) -> None:
    (row,) = register(json.dumps({**release(award(ACME)), "date": "2022-06-30T00:30:00+01:00"}))

    assert str(row["released_at"]) == "2022-06-29 23:30:00"


def test_releases_without_an_award_and_repeated_ones_are_dropped_and_say_why(
    take: Take, settings: Settings
) -> None:
    tender = {**release(), "id": "notice-0"}
    one = release(award(ACME, MERSEY), parties=[ACME, MERSEY])

    taken = take(packed(tender, one, one), "lcrca_2022-23-q1.json", "procurement_contracts")

    assert (taken.counts.read, taken.counts.loaded, taken.counts.dropped) == (4, 2, 2)
    with reading(settings) as connection:
        dropped = connection.execute(
            'select sheet, "row", why from warehouse.ledger.dropped order by 2'
        ).fetchall()
    assert dropped == [("releases[0]", 1, "no award"), ("releases[2]", 4, "repeated")]


@pytest.mark.parametrize(
    ("count", "says"), [(1, "holds 1 open contracting release and no"), (3, "holds 3 open")]
)
def test_plans_and_tenders_alone_are_refused(
    count: int, says: str, refuse: Callable[..., str]
) -> None:
    reason = refuse(packed(*({**release(), "id": f"notice-{n}"} for n in range(count))))

    assert says in reason
    assert reason.endswith("only what was awarded belongs in the register.")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"amount": 100, "currency": "EUR"}, "EUR 100"),
        ({"amountGross": 120, "currency": "GBP"}, "120 gross"),
    ],
)
def test_what_is_no_sum_of_pounds_without_taxes_is_no_value_and_is_shown(
    take: Take, settings: Settings, value: dict[str, object], shown: str
) -> None:
    signed = award(ACME, value=value)

    taken = take(json.dumps(release(signed)), "lcrca_2022-23-q1.json", "procurement_contracts")

    assert (taken.outcome, taken.counts.amount_total) == ("loaded", None)
    with reading(settings) as connection:
        found = connection.execute(
            'select sheet, "column", "value" from warehouse.ledger.findings '
            "where rule = 'cell_reads'"
        ).fetchall()
    assert found == [("awards[0]", "value", shown)]


@pytest.mark.parametrize(
    ("amount", "value"), [("1.8848731E+7", "18848731.00"), ("0", "0.00"), ("12.345", "12.35")]
)
def test_numbers_are_read_as_written(amount: str, value: str, register: Register) -> None:
    text = json.dumps(release(award(ACME))).replace(": 1000,", f": {amount},")

    assert str(register(text)[0]["value"]) == value


def test_an_officers_contact_details_land_nowhere(
    take: Take, settings: Settings, tmp_path: Any
) -> None:
    content = json.dumps(release(award(MERSEY), parties=[MERSEY]))

    take(content, "lcrca_2022-23-q1.json", "procurement_contracts")

    with reading(settings) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'warehouse'"
        ).fetchall()
        for (table,) in tables:
            held = str(connection.execute(f"select * from warehouse.{table}").fetchall())
            assert not [word for word in OFFICER.values() if word in held], table


REFUSED = {
    "cut in half": (lambda: packed(release(award(ACME)))[:300], "is not whole JSON (line 1, "),
    "two documents": (lambda: json.dumps(release(award(ACME))) * 2, "(line 1, column "),
    "nested too deeply": (lambda: '{"a":' * 100_000, "nested too deeply"),
    "a list of lists of lists": (lambda: "[[" * 400 + "]]" * 400, "no open contracting release"),
    "another kind of JSON": (lambda: '{"rows": [{"amount": 1}]}', "no open contracting release"),
    "an empty package": (lambda: '{"releases": []}', "no open contracting release"),
    "too many values": (lambda: "[" + "{}," * 4_000_001 + "{}]", "more JSON than one file may"),
    "too large": (lambda: '{"a": "' + "x" * (65 << 20) + '"}', "more JSON than one file may"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_sentence_in_bounded_time_and_memory(
    why: str, refuse: Callable[..., str]
) -> None:
    make, says = REFUSED[why]
    content = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()

    reason = refuse(content)

    assert says in reason
    assert reason.count(". ") == 0, "one sentence"
    assert time.monotonic() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000  # kilobytes


@pytest.mark.parametrize(
    "odd",
    [
        {"awards": "none"},
        {"awards": [None, 3, []]},
        {"parties": {"a": 1}, "awards": [{"suppliers": "Acme"}]},
        {"awards": [{"id": {"a": 1}, "value": 7, "suppliers": [{"name": ["Acme"]}]}]},
        {"tender": [], "awards": [{"suppliers": [{"name": "A\ud800\u0000B"}]}], "buyer": 1},
        {"ocid": 5, "id": None, "date": "soon", "awards": [{"date": True}]},
    ],
)
def test_a_release_of_odd_shapes_never_raises(odd: Node, take: Take) -> None:
    taken = take(
        json.dumps({**release(award(ACME)), **odd}),
        "lcrca_2022-23-q1.json",
        "procurement_contracts",
    )

    assert taken.outcome in ("loaded", "rejected")


def test_json_in_another_returns_slot_is_refused(refuse: Callable[..., str]) -> None:
    reason = refuse(packed(release(award(ACME))), "finance_payments")

    assert reason == ("lcrca_2022-23-q1.json is JSON, not a table: send it as CSV or a workbook.")


def test_cp1252_and_a_byte_order_mark_are_read(register: Register) -> None:
    one = party("Caf\u00e9 Mersey")
    text = json.dumps(release(award(one), parties=[one]), ensure_ascii=False)

    assert register(text.encode("cp1252"))[0]["supplier_name"] == "Caf\u00e9 Mersey"
    assert register(text.encode("utf-8-sig"))[0]["supplier_name"] == "Caf\u00e9 Mersey"
