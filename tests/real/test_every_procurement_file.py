"""Every real contract register and notice comes in whole, or is refused with a reason."""

import json
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.common.errors import Rejected
from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.returns.contract import read_contracts
from flows.returns.file import as_utf8, look_at
from flows.returns.identity import Hints
from flows.returns.readers.open_contracting import read_ocds
from flows.warehouse.connection import reading
from tests.support.definitions import PLACES
from tests.support.plain_procurement import (
    awarded,
    packed_suppliers,
    parties_awarded,
    pounds,
    records_of,
    release_of,
)

REAL = Path(__file__).resolve().parents[3] / "shared" / "real"
PROCUREMENT = REAL / "procurement"
NOTICES = sorted((PROCUREMENT / "contracts-finder").glob("*.json"))
TABLE = read_contracts(PLACES.contracts)["procurement_contracts"]
Take = Callable[..., Ingested]
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not PROCUREMENT.is_dir(), reason="the real files are not here"),
]


@pytest.fixture
def register(take: Take, settings: Settings) -> Callable[..., tuple[Ingested, list[Any]]]:
    """Take in a file; what became of it, and the rows that landed."""

    def taken(content: bytes, name: str, period: str) -> tuple[Ingested, list[Any]]:
        hints = Hints("lcrca", read_period(period))
        outcome = take(content, name, "procurement_contracts", hints)
        assert outcome.outcome == "loaded", outcome.reason
        with reading(settings) as connection:
            found = connection.execute(
                "select * from warehouse.landed.procurement_contracts order by _row, _sheet"
            )
            names = [column[0] for column in found.description or []]
            rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        return outcome, rows

    return taken


Register = Callable[..., tuple[Ingested, list[Any]]]


def test_exeters_register(register: Register) -> None:
    path = PROCUREMENT / "exeter_contracts_2026-04.csv"
    plain = records_of(path)
    worth = next(name for name in plain[0] if name.startswith("Est Total"))
    values = [pounds(one[worth]) for one in plain]

    taken, rows = register(path.read_bytes(), path.name, "2026-27 Q1")

    assert (taken.counts.read, taken.counts.loaded, taken.counts.quarantined) == (224, 224, 0)
    assert [row["value"] for row in rows] == values
    assert sum(value is not None for value in values) == 220
    assert taken.counts.amount_total == sum(filter(None, values))
    said = [one["SME or VSCE (inc. Reg. No.)"].strip().lower() for one in plain]
    sizes = {"sme": "sme", "micro": "micro", "large": "large", "no": "large"}
    assert [row["supplier_size"] for row in rows] == [sizes.get(word) for word in said]
    vcse = {"no": False, "vsce": True, "charity": True, "vcse 1121596": True}
    assert [row["supplier_is_vcse"] for row in rows] == [vcse.get(word) for word in said]
    assert [row["contract_reference"] for row in rows] == [one["Contract Ref:"] for one in plain]


def test_salfords_register(register: Register, settings: Settings) -> None:
    path = REAL / "spend" / "salford_2022-07.csv"
    plain = records_of(path)
    nameless = {n for n, one in enumerate(plain, 2) if not one["Contract Reference"].strip()}
    worth = "Total Contract Value (including extensions)"

    taken, rows = register(path.read_bytes(), path.name, "2022-23 Q2")

    assert taken.counts.read == len(plain) == 360
    assert taken.counts.dropped == 0
    with reading(settings) as connection:
        held = connection.execute(
            'select "row", rules from warehouse.ledger.quarantined order by 1'
        ).fetchall()
    assert held == [(n, "contract_has_a_reference") for n in sorted(nameless)]
    named = {n: one for n, one in enumerate(plain, 2) if n not in nameless}
    assert {row["_row"]: row["value"] for row in rows} == {
        n: pounds(one[worth]) for n, one in named.items()
    }
    unnamed = sum((pounds(plain[n - 2][worth]) or Decimal(0) for n in nameless), Decimal(0))
    assert taken.counts.amount_quarantined == unnamed


def test_contracts_finders_export(register: Register) -> None:
    path = PROCUREMENT / "contracts-finder_2020-10.csv"
    plain = records_of(path)
    cell = next(name for name in plain[0] if name.startswith("Supplier ["))
    suppliers = [one for notice in plain for one in packed_suppliers(notice[cell])]

    taken, rows = register(path.read_bytes(), path.name, "2020-21 Q3")

    assert len(plain) == 1_000
    assert taken.counts.read == taken.counts.loaded == len(suppliers)
    assert len({row["contract_reference"] for row in rows}) == 1_000
    assert taken.counts.amount_total == sum(
        (Decimal(one["Awarded Value"]) for one in plain), Decimal(0)
    )
    assert sum(row["value"] is not None for row in rows) == 1_000
    assert Counter(row["supplier_size"] for row in rows) == Counter(
        {"Yes": "sme", "No": "large"}[one[3]] for one in suppliers
    )
    assert Counter(row["supplier_is_vcse"] for row in rows) == Counter(
        one[4] == "Yes" for one in suppliers
    )
    houses = sorted(one[2] for one in suppliers if one[1] == "COMPANIES_HOUSE" and one[2])
    assert sorted(filter(None, (row["supplier_company_number"] for row in rows))) == houses


def test_find_a_tenders_record(register: Register) -> None:
    path = PROCUREMENT / "fts_record_0525b3.json"
    compiled = release_of(path)["records"][0]["compiledRelease"]

    taken, (row,) = register(path.read_bytes(), path.name, "2026-27 Q2")

    assert taken.counts.amount_total == compiled["contracts"][0]["value"]["amount"] == 395493
    assert row["supplier_company_number"] == "09442333"
    assert (row["supplier_size"], row["supplier_is_vcse"]) == ("sme", False)
    assert row["contract_reference"] == row["ocid"] == "ocds-h6vhtk-0525b3"
    assert (str(row["start_date"]), str(row["end_date"])) == ("2026-10-05", "2027-03-31")


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.stem)
def test_a_notice_of_contracts_finder_is_read_or_holds_no_award(path: Path, tmp_path: Path) -> None:
    plain = awarded(release_of(path))
    file = look_at(path)

    with duckdb.connect() as connection, as_utf8(file, tmp_path) as text:
        if not plain:
            with pytest.raises(Rejected, match="holds 1 open contracting release and no award"):
                read_ocds(connection, file, text, TABLE)
            return
        read_ocds(connection, file, text, TABLE)
        rows = connection.execute(
            "select contract_reference, supplier_name, cast(value as decimal(18, 2)) "
            "from raw_rows order by _row"
        ).fetchall()
    expected = [
        (reference, name, value if place == 0 else None)
        for reference, value, names in plain
        for place, name in enumerate(names)
    ]
    assert [(ref, name.split(), value) for ref, name, value in rows] == [
        (ref, name.split(), value) for ref, name, value in expected
    ]


def test_all_notices_of_contracts_finder_in_one_package(register: Register) -> None:
    """cf_000 and cf_001 are the same release; 30 are plans and tenders."""
    releases = [release_of(path) for path in NOTICES]
    package = json.dumps({"releases": releases}, default=str).encode()
    once = [
        one for n, one in enumerate(releases) if one["id"] not in {r["id"] for r in releases[:n]}
    ]
    awards = [award for one in once for award in awarded(one)]
    parties = [party for one in once for party in parties_awarded(one)]

    taken, rows = register(package, "package.json", "2024-25 Q4")

    assert taken.counts.loaded == sum(len(names) for _, _, names in awards) == len(parties)
    assert taken.counts.dropped == 31
    assert taken.counts.amount_total == sum(value for _, value, _ in awards)
    assert Counter(row["supplier_size"] for row in rows) == Counter(
        party.get("details", {}).get("scale") for party in parties
    )
    assert [row["supplier_is_vcse"] for row in rows] == [
        party.get("details", {}).get("vcse") for party in parties
    ]
    numbers = [
        party["identifier"]["id"]
        for party in parties
        if party.get("identifier", {}).get("scheme") == "GB-COH"
    ]
    assert [row["supplier_company_number"] for row in rows if row["supplier_company_number"]] == (
        numbers
    )
    assert sum(row["supplier_postcode"] is not None for row in rows) > 0.8 * len(rows)
    market = {
        str(r["released_at"]): r["value"] for r in rows if "Birkenhead" in r["contract_title"]
    }
    assert market == {"2025-03-11 12:21:44": 18848731, "2025-03-11 12:27:50": 188487}
