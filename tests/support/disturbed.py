"""An inbox with one of each kind of file, and all that a home holds after it was swept."""

import os
import time
from collections.abc import Callable

import pytest

from flows.common.settings import Settings, settings_for
from flows.warehouse.connection import reading
from tests.support.apart import started
from tests.support.sweeping import sweep_in_steps

HEADER = "Date paid,Supplier name,Net amount\n"
FIRST = HEADER + "01/04/2022,Acme,10.00\n02/04/2022,Acme,TBC\n03/04/2022,Beta,30.00\n"
CORRECTED = FIRST.replace("TBC", "20.00")
FILES = [  # in order of arrival: a return with a bad cell, its copy, its correction, a refusal
    ("finance_payments", "lcrca_2022-04_corporate.csv", FIRST),
    ("finance_payments", "lcrca_2022-04_again.csv", FIRST),
    ("finance_payments", "lcrca_2022-05_corporate.csv", "no header at all\n1\n"),
    ("finance_vendors", "lcrca_2022-04.csv", "Supplier ID,Supplier name,Postcode\n7,Acme,L3 1BP\n"),
    ("finance_control_totals", "lcrca_2022-04.csv", "Part,Payments,Amount\ncorporate,3,60.00\n"),
    ("finance_payments", "lcrca_2022-04_corporate-v2.csv", CORRECTED),
]
KEY = "the same for all, so that what is sealed is the same"


def fill(settings: Settings) -> None:
    for arrival, (name, file, text) in enumerate(FILES):
        folder = settings.inbox / name
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / file
        path.write_text(text)
        os.utime(path, (1_650_000_000 + arrival, 1_650_000_000 + arrival))


def state(settings: Settings) -> dict[str, object]:
    """Everything that a run leaves behind: every table, every file."""
    tables: dict[str, object] = {}
    with reading(settings) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'warehouse' order by 1"
        ).fetchall()
        for (name,) in names:
            rows = connection.execute(f"select * from warehouse.{name} order by all").fetchall()
            tables[str(name)] = rows
    for folder in (settings.inbox, settings.archive, settings.quarantine):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                tables[str(path.relative_to(settings.home))] = path.read_bytes()
    return tables


def outcomes(found: dict[str, object]) -> list[tuple[object, ...]]:
    """What became of each return, and its rows, whichever went in first."""
    returns = found["ledger.returns"]
    assert isinstance(returns, list)
    return sorted((row[3:9] + row[10:11] + row[17:23]) for row in returns)


def undisturbed(
    folders: pytest.TempPathFactory, filling: Callable[[Settings], None]
) -> tuple[dict[str, object], float]:
    """What a sweep of what `filling` puts in leaves in a file, and how many seconds it took."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOCIAL_VALUE_NOW", "2022-07-11T09:00:00")
        patch.setenv("SOCIAL_VALUE_SETTLE_SECONDS", "0")
        patch.setenv("SOCIAL_VALUE_KEY", KEY)
        for name in ("warm", "undisturbed"):  # the first one also starts what starts processes
            settings = settings_for(folders.mktemp(name))
            filling(settings)
            began = time.monotonic()
            process = started(sweep_in_steps, str(settings.home))
            process.join(120)
            assert process.exitcode == 0
        return state(settings), time.monotonic() - began
