"""One byte, one row, one file: `audit check` finds it and names it."""

from collections.abc import Callable

import pytest

from flows.common.settings import Settings
from flows.warehouse.archive import path_in_archive
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.proof.integrity import check


def one_byte_of_an_original(home: Settings) -> str:
    with reading(home) as connection:
        row = connection.execute("select min(sha256) from warehouse.ledger.files").fetchone()
    path = path_in_archive(home, row[0])
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
    return f"archive, original {row[0][:12]}"


def one_row_of_the_ledger(home: Settings) -> str:
    change(home, "update warehouse.ledger.events set subject = 'another' where seq = 3")
    return "event 3"


def one_released_table(home: Settings) -> str:
    path = home.published / "quarterly/2022-23-Q1/r1/tables/local_spend.csv"
    path.write_text(path.read_text().replace("3000.00", "3001.00", 1))
    return "quarterly/2022-23-Q1/r1/tables/local_spend.csv"


def one_quarantined_row(home: Settings) -> str:
    change(home, "update warehouse.ledger.quarantined set rules = 'none'")
    return "ledger.quarantined, rows of return finance_payments-"


def change(home: Settings, sql: str) -> None:
    with open_scratch(home) as connection, writing(home, connection):
        connection.execute(sql)


@pytest.mark.parametrize(
    "touch",
    [one_byte_of_an_original, one_row_of_the_ledger, one_released_table, one_quarantined_row],
)
def test_what_was_touched_is_named(home: Settings, touch: Callable[[Settings], str]) -> None:
    assert check(home) == []
    where = touch(home)
    faults = check(home)
    assert any(fault.where.startswith(where) for fault in faults), faults
