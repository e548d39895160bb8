"""The originals, read again by the rules of the day: what the digests cannot know, they do."""

from pathlib import Path

import pytest

from flows.audit.originals import OriginalRead, read_originals
from flows.audit.verify import verify
from flows.authority.places import places_in_use
from flows.common.settings import Settings
from flows.intake.kept_rules import (
    keep_rules,
    kept_contract,
    kept_suites,
    lay_out_seeds,
)
from flows.intake.rules import Rules
from flows.warehouse.archive import path_in_archive
from flows.warehouse.connection import reading
from flows.warehouse.kept_files import NotKept
from flows.warehouse.proof.integrity import check
from tests.support.forged import Detail, forge

R2 = "quarterly/2022-23-Q1/r2"
POSTCODE = "update warehouse.landed.finance_payments set supplier_postcode = 'L31BP'"


@pytest.fixture
def returns(home: Settings) -> dict[str, str]:
    """Every return's id, by return and period; of May the one that was corrected."""
    with reading(home) as connection:
        rows = connection.execute(
            """select "return" || ' ' || period, return_id from warehouse.ledger.returns
            order by received_at desc"""
        ).fetchall()
    return {str(name): str(return_id) for name, return_id in rows}


def read(home: Settings, return_id: str) -> OriginalRead:
    (found,) = read_originals(home, [return_id])
    return found


def no_rows_were_changed(home: Settings) -> bool:
    """Whether `audit check` finds nothing in the rows."""
    return not [fault for fault in check(home) if fault.what == "rows were changed"]


def test_every_return_is_what_its_original_reads_people_and_quarantine_too(
    home: Settings, returns: dict[str, str]
) -> None:
    with reading(home) as connection:
        every = connection.execute("select return_id from warehouse.ledger.returns").fetchall()
        held_back = connection.execute("select 1 from warehouse.ledger.quarantined").fetchall()
    found = list(read_originals(home, [str(one) for (one,) in every]))
    assert [one.faults for one in found if one.faults] == []
    assert {one.outcome for one in found} == {"as the original reads"}
    assert (len(found), len(held_back)) == (len(every), 1)
    assert any("hr_workforce" in name for name in returns)


def test_a_row_that_was_changed_with_its_digest_is_found_and_no_cell_shown(
    home: Settings, returns: dict[str, str]
) -> None:
    june = returns["finance_payments 2022-06"]
    forge(home, june, f"{POSTCODE} where _return_id = '{june}' and _row = 3")
    assert no_rows_were_changed(home)
    found = read(home, june)
    assert found.outcome == "different"
    assert [(fault.where, fault.found) for fault in found.faults] == [
        (f"landed.finance_payments, return {june}, row 3", "other: supplier_postcode")
    ]
    (verified,) = verify(home, R2, from_originals=True)
    assert verified.outcome == "different"
    assert found.faults[0] in verified.faults


def test_rows_put_in_taken_out_and_moved_between_are_told_apart(
    home: Settings, returns: dict[str, str]
) -> None:
    april = returns["finance_payments 2022-04"]
    landed = "warehouse.landed.finance_payments"
    forge(
        home,
        april,
        f"insert into {landed} select * replace (9 as _row) from {landed} "
        f"where _return_id = '{april}' and _row = 2; "
        f"delete from {landed} where _return_id = '{april}' and _row = 3",
    )
    assert no_rows_were_changed(home)
    assert [(fault.expected, fault.found) for fault in read(home, april).faults] == [
        ("a row", "no such row"),
        ("no such row", "a row"),
    ]


def test_a_finding_that_was_made_to_go_is_found(home: Settings, returns: dict[str, str]) -> None:
    with reading(home) as connection:
        row = connection.execute("select return_id from warehouse.ledger.quarantined").fetchone()
    assert row is not None
    may = str(row[0])
    forge(
        home,
        may,
        f"delete from warehouse.ledger.findings where return_id = '{may}' and attempt = 1; "
        f"delete from warehouse.ledger.quarantined where return_id = '{may}'",
    )
    assert no_rows_were_changed(home)
    tables = {fault.where.split(",")[0] for fault in read(home, may).faults}
    assert tables == {"ledger.findings", "ledger.quarantined"}


def test_what_newer_readers_make_of_a_file_is_not_called_tampering(
    home: Settings, returns: dict[str, str]
) -> None:
    june = returns["finance_payments 2022-06"]

    def by_older_readers(detail: Detail) -> None:
        assert isinstance(detail["judged_by"], dict)
        detail["judged_by"]["readers"] = "0" * 64

    forge(home, june, f"{POSTCODE} where _return_id = '{june}'", by_older_readers)
    found = read(home, june)
    assert found.outcome == "read differently now"
    assert found.faults


def test_an_original_or_rules_that_are_not_kept_are_named(
    home: Settings, returns: dict[str, str]
) -> None:
    june, vendors = returns["finance_payments 2022-06"], returns["finance_vendors 2022-06"]
    with reading(home) as connection:
        row = connection.execute(
            "select (select sha256 from warehouse.ledger.returns where return_id = ?), "
            "contract_digest from warehouse.ledger.returns where return_id = ?",
            [june, vendors],
        ).fetchone()
    assert row is not None
    path_in_archive(home, str(row[0])).unlink()
    found = read(home, june)
    assert (found.outcome, found.faults[0].what) == ("not kept", "cannot be read again")
    assert "no longer held" in found.faults[0].found
    (home.audit / "rules" / str(row[1])).unlink()
    assert read(home, vendors).faults[0].found == f"The rules {str(row[1])[:12]} are not kept."


def test_every_contract_and_suite_comes_back_from_its_digest(
    settings: Settings, rules: Rules, tmp_path: Path
) -> None:
    for name, contract in rules.contracts.items():
        suites = rules.of(name)
        seeds = sorted({seed for suite in suites.values() for seed in suite.seeds})
        kept = keep_rules(settings, contract, list(suites.values()), seeds)
        again = kept_contract(settings, contract.digest)
        assert (again.digest, again.return_name) == (contract.digest, name)
        back = kept_suites(settings, str(kept["suites"]))
        assert {n: suite.digest for n, suite in back.items()} == {
            n: suite.digest for n, suite in suites.items()
        }
        assert isinstance(kept["seeds"], dict)
        lay_out_seeds(settings, kept["seeds"], tmp_path)
        for seed in seeds:
            content = (places_in_use(settings).seeds / f"{seed}.csv").read_bytes()
            assert (tmp_path / f"{seed}.csv").read_bytes() == content


def test_rules_that_somebody_changed_are_not_read_by(settings: Settings, rules: Rules) -> None:
    contract = rules.contracts["finance_payments"]
    keep_rules(settings, contract, list(rules.of("finance_payments").values()), [])
    path = settings.audit / "rules" / contract.digest
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"amount", b"amounts", 1))
    with pytest.raises(NotKept, match="are not what their name says"):
        kept_contract(settings, contract.digest)
