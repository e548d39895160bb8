"""The demo's quarter by two workers is that of one machine; `make portable` runs this."""

import json
import os
from pathlib import Path

import pytest

from flows.common.settings import Settings, settings_for
from flows.demo import AUTHORITY
from flows.warehouse.connection import reading
from tests.support.disturbed import KEY, state
from tests.support.in_postgres import tables_in_duckdb
from tests.support.modelled import published, tables_of
from tests.support.several_machines import look_there, runs_of, several_machines
from tests.support.social_value import QUIET, Command

pytestmark = [
    pytest.mark.skipif("SOCIAL_VALUE_WORKERS" not in os.environ, reason="make portable runs it"),
    pytest.mark.timeout(7200),
]


def command_of(folder: Path, postcodes: Path) -> Command:
    """The command with a home below a folder, with one key and the demo's own authority."""
    (folder / "desk").mkdir(parents=True)
    environment = {
        **{name: value for name, value in QUIET.items() if name != "SOCIAL_VALUE_DEFINITIONS"},
        "SOCIAL_VALUE_HOME": str(folder / "home"),
        "SOCIAL_VALUE_POSTCODES": str(postcodes),
        "SOCIAL_VALUE_KEY": KEY,
        "SOCIAL_VALUE_AUTHORITY": str(AUTHORITY),
    }
    return Command(folder / "home", folder / "desk", environment)


def ran(command: Command) -> dict[str, object]:
    """Run the demo's quarter; every table that it leaves, and every file."""
    said = command("demo", "--quarter", "--json", "--home", command.home)
    assert said.status == 0, said.err
    return left_in(settings_for(command.home))


def left_in(settings: Settings) -> dict[str, object]:
    """Every row of every table, every file of the archive and of each release but its receipt.

    What tells a receipt's digest, the last events and the ledger's head, is left out of it here.
    """
    found = {**state(settings), **tables_in_duckdb(settings.analysts)}
    found |= {f"restricted {name}": rows for name, rows in tables_of(settings.restricted).items()}
    found |= published(settings)
    with reading(settings) as connection:
        events = connection.execute(
            'select seq, "at", kind, subject, detail, hash from warehouse.ledger.events order by 1'
        ).fetchall()
    first = next(number for number, event in enumerate(events) if event[2] == "published")
    found["ledger.events"] = events[:first]
    found["events"] = [
        (*event[:4], json.loads(event[4]) | {"receipt": ""}) for event in events[first:]
    ]
    found.pop("ledger.head", None)  # a lake has it: the fence
    assert found.pop("marts.built_from")
    return found


@pytest.fixture(scope="module")
def embedded(postcodes: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What the demo's quarter leaves on one machine, with a file for a warehouse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SOCIAL_VALUE_DEFINITIONS")
        return ran(command_of(tmp_path_factory.mktemp("embedded"), postcodes))


@pytest.mark.parametrize("words", [(), ("--lake",), ("--lake-in-s3",)], ids=" ".join)
def test_the_quarter_by_two_workers_is_that_of_one_machine(
    embedded: dict[str, object],
    words: tuple[str, ...],
    postcodes: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SOCIAL_VALUE_DEFINITIONS")
    command = command_of(tmp_path, postcodes)
    with several_machines(command, *words):
        look_there(command, monkeypatch)
        found = ran(command)
        batches = runs_of(command, "batch")
        assert command("audit", "check").status == 0
    assert {one["state_type"] for one in batches} == {"COMPLETED"}
    assert len(batches) > 1
    assert found.keys() == embedded.keys()
    assert [name for name, content in embedded.items() if found[name] != content] == []
    assert len([name for name in found if name.startswith("published/")]) > 100
