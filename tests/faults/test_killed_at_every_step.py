"""A sweep killed at any step boundary, and run once more, ends as if it had not been disturbed."""

import multiprocessing
import os
import signal
import sys
from pathlib import Path

import pytest

from flows.settings import Settings, settings_for
from flows.warehouse import door

sys.path.insert(0, str(Path(__file__).parent))
from sweeping import BOUNDARIES, sweep, sweep_and_die

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
VISITS = (1, 3)  # the first file, and one in the middle: the refused one

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["great_expectations", "expectations.duckdb_source", "flows.intake"])


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
    with door.reading(settings) as connection:
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


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOCIAL_VALUE_NOW", "2022-07-11T09:00:00")
        patch.setenv("SOCIAL_VALUE_SETTLE_SECONDS", "0")
        patch.setenv("SOCIAL_VALUE_KEY", KEY)
        settings = settings_for(tmp_path_factory.mktemp("undisturbed"))
        fill(settings)
        sweep(settings)
        return state(settings)


@pytest.mark.parametrize("visit", VISITS)
@pytest.mark.parametrize(
    "boundary",
    range(len(BOUNDARIES)),
    ids=[f"{when}-{name}" for _, name, when in BOUNDARIES],
)
def test_one_more_run_gives_the_undisturbed_state(
    boundary, visit, undisturbed, settings, monkeypatch
):
    monkeypatch.setenv("SOCIAL_VALUE_KEY", KEY)
    settings = settings_for(settings.home)
    fill(settings)
    environment = {name: value for name, value in os.environ.items() if "SOCIAL_VALUE" in name}
    process = context.Process(
        target=sweep_and_die, args=(str(settings.home), boundary, visit, environment)
    )
    process.start()
    process.join(120)
    killed = process.exitcode == -signal.SIGKILL
    assert killed or process.exitcode == 0
    if visit == 1:
        assert killed  # every boundary is reached by the first file
    sweep(settings)
    assert state(settings) == undisturbed


def test_the_undisturbed_state_is_what_the_files_say(undisturbed):
    outcomes = sorted(
        (row[3], row[5], row[6], row[10])
        for row in undisturbed["ledger.returns"]  # type: ignore[attr-defined]
    )
    assert outcomes == [
        ("finance_control_totals", "2022-04", "", "loaded"),
        ("finance_payments", "2022-04", "corporate", "loaded"),
        ("finance_payments", "2022-04", "corporate-v2", "loaded"),
        ("finance_payments", "2022-05", "corporate", "rejected"),
        ("finance_vendors", "2022-04", "", "loaded"),
    ]
