"""Whoever changes, adds or takes away anything by hand is found out: what was touched is named."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.common import clock
from flows.common.settings import Settings
from flows.warehouse import ledger, releases
from flows.warehouse.archive import path_in_archive
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.digests import NotATable
from flows.warehouse.proof.integrity import check
from tests.support.filled_home import RELEASE, change, rehashed, whats
from tests.support.forged import forge

PAYMENTS = "warehouse.landed.finance_payments"
NEWEST = "(select max(seq) from warehouse.ledger.events)"


def overwrite(path: Path, text: str) -> None:
    """Write over a file that its maker made read-only."""
    os.chmod(path.parent, 0o755)
    os.chmod(path, 0o600)
    path.write_text(text, encoding="utf-8")


def ask(home: Settings, sql: str) -> list[str]:
    """The first column of what is asked."""
    with reading(home) as connection:
        return [str(row[0]) for row in connection.execute(sql).fetchall()]


# --- rows -------------------------------------------------------------------------------------


def two_million_pounds_more(home: Settings) -> None:
    change(home, f"update {PAYMENTS} set amount = amount + 2000000 where _row = 3")


def rows_of_nobody(home: Settings) -> None:
    change(
        home,
        f"insert into {PAYMENTS} by name select * replace ('nobody' as _return_id) "
        f"from {PAYMENTS} limit 3",
    )


def a_row_more_of_another_time(home: Settings) -> None:
    change(
        home,
        f"insert into {PAYMENTS} by name select * replace "
        f"(_received_at + interval 1 day as _received_at) from {PAYMENTS} limit 1",
    )


def a_table_of_ones_own(home: Settings) -> None:
    change(home, f"create table warehouse.landed.finance_more as from {PAYMENTS}")


def an_amount_put_in_the_name_of_a_column(home: Settings) -> None:
    """`amount=100.5` with the cell `0` reads like `amount` with the cell `100.50`."""
    change(
        home,
        f'alter table {PAYMENTS} add column "amount=100.5" varchar',
        f"""update {PAYMENTS} set "amount=100.5" = '0', amount = null""",
    )


def a_return_of_no_attempt(home: Settings) -> None:
    change(
        home,
        "insert into warehouse.ledger.returns by name select * replace (0 as attempt) "
        "from warehouse.ledger.returns where outcome = 'loaded' limit 1",
    )


def a_finding_cleared_quietly(home: Settings) -> None:
    change(
        home,
        "update warehouse.ledger.findings set cleared_at = found_at "
        "where severity = 'block release'",
    )


def what_is_in_force_without_an_event(home: Settings) -> None:
    change(
        home,
        "insert into warehouse.ledger.standing select max(seq) + 1, any_value(return_id), false, "
        "max(\"at\"), 'nobody' from warehouse.ledger.standing",
    )


# --- events -----------------------------------------------------------------------------------


def a_row_whose_event_vouches_for_it(home: Settings) -> None:
    """The row, its event's digest and every hash since are changed; the release is left."""
    return_id = ask(home, f"select _return_id from {PAYMENTS} limit 1")[0]
    forge(home, return_id, f"update {PAYMENTS} set amount = 7 where _return_id = '{return_id}'")


def events_hashed_anew(home: Settings) -> None:
    change(
        home,
        "update warehouse.ledger.events set detail = replace(detail, 'came twice', 'went')",
    )
    rehashed(home)


def two_events_swapped(home: Settings) -> None:
    others = "case seq when 2 then 3 when 3 then 2 else seq end"
    change(
        home,
        f"create table warehouse.ledger.swapped as "
        f"select * replace ({others} as seq) from warehouse.ledger.events",
        "delete from warehouse.ledger.events",
    )
    change(
        home,
        "insert into warehouse.ledger.events from warehouse.ledger.swapped",
        "drop table warehouse.ledger.swapped",
    )


def a_clock_set_back(home: Settings) -> None:
    change(
        home,
        f'update warehouse.ledger.events set "at" = "at" - interval 1 year where seq = {NEWEST}',
    )
    rehashed(home)


def an_event_taken_back(home: Settings) -> None:
    """The newest event goes, with its release left standing."""
    change(home, f"delete from warehouse.ledger.events where seq = {NEWEST}")


def an_event_taken_back_and_its_release_edited(home: Settings) -> None:
    an_event_taken_back(home)
    a_released_figure(home)


# --- files ------------------------------------------------------------------------------------


def two_originals_swapped(home: Settings) -> None:
    one, other = (
        path_in_archive(home, sha256)
        for sha256 in ask(home, "select sha256 from warehouse.ledger.files order by 1 limit 2")
    )
    aside = home.home / "aside"
    for path in (one, other):
        os.chmod(path.parent, 0o700)
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def a_file_in_the_archive(home: Settings) -> None:
    (home.archive / "ab").mkdir(exist_ok=True)
    (home.archive / "ab" / ("ab" * 32)).write_bytes(b"another original")


def a_rule_edited(home: Settings) -> None:
    rule = next(p for p in kept_rules(home) if b"finance_payments" in p.read_bytes())
    overwrite(rule, rule.read_text().replace("finance_payments", "finance_payment"))


def a_rule_taken_away(home: Settings) -> None:
    kept_rules(home)[0].unlink()


def kept_rules(home: Settings) -> list[Path]:
    return sorted((home.audit / "rules").iterdir())


# --- releases ---------------------------------------------------------------------------------


def a_released_figure(home: Settings) -> None:
    path = home.published / RELEASE / "tables" / "local_spend.csv"
    overwrite(path, path.read_text().replace("1003858435.21", "1003858435.12", 1))


def a_released_seed(home: Settings) -> None:
    path = home.published / RELEASE / "definitions" / "seeds" / "indicators.csv"
    overwrite(path, path.read_text() + "\n")


def a_released_figure_and_its_manifest(home: Settings) -> None:
    a_released_figure(home)
    release = home.published / RELEASE
    before = json.loads((release / "manifest.json").read_text())
    name = "tables/local_spend.csv"
    before["outputs"][name] = hashlib.sha256((release / name).read_bytes()).hexdigest()
    overwrite(release / "manifest.json", json.dumps(before))


def a_release_vouched_for_twice(home: Settings) -> None:
    """As before, and a second event that has the digest of what stands there now."""
    a_released_figure_and_its_manifest(home)
    release = home.published / RELEASE
    digests = {
        name: hashlib.sha256((release / f"{name}.json").read_bytes()).hexdigest()
        for name in ("manifest", "receipt")
    }
    with open_scratch(home) as connection, writing(home, connection):
        ledger.append(connection, "published", RELEASE, digests, clock.now())


def a_release_taken_away(home: Settings) -> None:
    shutil.rmtree(home.published / RELEASE)


def a_forged_release(home: Settings) -> None:
    release = home.published / RELEASE
    shutil.copytree(release, release.with_name("r2"))


def a_page_among_what_is_published(home: Settings) -> None:
    (home.published / "quarterly" / "notes.html").write_text("<script>")


def another_index(home: Settings) -> None:
    index = home.published / "index.html"
    index.write_text(index.read_text() + "<script>")


def a_second_manifest(home: Settings) -> None:
    (home.published / RELEASE / "site" / "manifest.json").write_text("{}")


def another_receipt(home: Settings) -> None:
    overwrite(home.published / RELEASE / "receipt.json", "{}")


def a_receipt_copied_elsewhere(home: Settings) -> None:
    receipt = home.published / RELEASE / "receipt.json"
    shutil.copy(receipt, home.published / RELEASE / "tables" / "receipt.json")


def a_link_out_of_a_release(home: Settings) -> None:
    (home.published / RELEASE / "site" / "more").symlink_to("/")


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (two_million_pounds_more, "rows were changed"),
        (rows_of_nobody, "rows have no event"),
        (a_row_more_of_another_time, "rows were changed"),
        (a_table_of_ones_own, "rows have no event"),
        (an_amount_put_in_the_name_of_a_column, "rows were changed"),
        (a_return_of_no_attempt, "rows have no event"),
        (a_finding_cleared_quietly, "a finding was cleared"),
        (what_is_in_force_without_an_event, "rows have no event"),
        (a_row_whose_event_vouches_for_it, "a release rests on another ledger"),
        (events_hashed_anew, "a release rests on another ledger"),
        (two_events_swapped, "the chain is broken"),
        (a_clock_set_back, "time runs backwards"),
        (an_event_taken_back, "a release has no event"),
        (an_event_taken_back_and_its_release_edited, "a release has no event"),
        (two_originals_swapped, "an original was changed"),
        (a_file_in_the_archive, "a file was added to the archive"),
        (a_rule_edited, "a kept rule was changed"),
        (a_rule_taken_away, "a kept rule is missing"),
        (a_released_figure, "a released file was changed"),
        (a_released_seed, "a released file was changed"),
        (a_released_figure_and_its_manifest, "a manifest was changed"),
        (a_release_vouched_for_twice, "a release went out twice"),
        (a_release_taken_away, "a release is missing"),
        (a_forged_release, "a release has no event"),
        (a_page_among_what_is_published, "a file was added to what is published"),
        (another_index, "the index was changed"),
        (a_second_manifest, "a file was added to a release"),
        (another_receipt, "a receipt was changed"),
        (a_receipt_copied_elsewhere, "a file was added to a release"),
        (a_link_out_of_a_release, "a file was added to a release"),
    ],
)
def test_what_was_touched_is_named(
    filled: Settings, tamper: Callable[[Settings], None], named: str
) -> None:
    tamper(filled)
    assert named in whats(filled), check(filled)


def test_a_table_whose_name_would_run_is_refused_by_name(filled: Settings) -> None:
    """Names of tables stand in SQL: whoever checks a home that somebody gave him runs none."""
    change(filled, 'create table warehouse.landed."x; drop table y; --" (_return_id varchar)')
    with pytest.raises(NotATable, match="drop table y"):
        check(filled)


def test_an_index_that_an_earlier_version_laid_out_is_no_fault(
    filled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "index_text", lambda published: "<p>As a later version has it")
    assert check(filled) == []
    another_index(filled)
    assert whats(filled) == {"the index was changed"}
