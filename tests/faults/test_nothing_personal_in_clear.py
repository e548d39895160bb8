"""People planted in every return can be found nowhere under the home: not after they were taken
in, refused, interrupted by a kill, modelled or listed.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.common.settings import Settings, settings_for
from flows.demo import AUTHORITY
from flows.intake.rules import Rules
from flows.warehouse.connection import reading
from flows.warehouse.home import make_folders
from tests.support.canaries import FINDABLE, KEY, bad_files, good_files, traces_in
from tests.support.sweeping import BOUNDARIES, sweep_and_die

BIN = Path(sys.executable).parent
KILLS = [  # where, and at the how-manieth file
    ("read", "after", 1),
    ("type_tables", "after", 2),
    ("judge_tables", "before", 1),
    ("keep", "after", 2),
]
context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(
    ["great_expectations", "expectations.validation", "flows.intake.take_in"]
)


class Place:
    """A home with people in its inbox, and the command that runs there."""

    def __init__(self, base: Path, postcodes: Path, rules: Rules) -> None:
        self.home = base / "home"
        self.temporary = base / "tmp"
        self.temporary.mkdir()
        self.said = base / "said"
        self.said.mkdir()
        self.environment = {
            "SOCIAL_VALUE_HOME": str(self.home),
            "SOCIAL_VALUE_AUTHORITY": str(AUTHORITY),
            "SOCIAL_VALUE_POSTCODES": str(postcodes),
            "SOCIAL_VALUE_NOW": "2022-07-25T09:00:00",
            "SOCIAL_VALUE_SETTLE_SECONDS": "0",
            "SOCIAL_VALUE_KEY": KEY,
            "TMPDIR": str(self.temporary),
            "PREFECT_SERVER_UI_ENABLED": "false",
        }
        self.settings: Settings = settings_for(self.home)
        # the sweeps that are killed use the session's definitions, and so would bind it to nobody
        own = {"authority": AUTHORITY, "definitions": None}
        make_folders(self.settings.model_copy(update=own))
        arrival = 1_650_000_000
        for name, file, content in [*good_files(rules), *bad_files(rules)]:
            path = self.settings.inbox / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            arrival += 1
            os.utime(path, (arrival, arrival))

    def run(self, *words: str) -> int:
        """Run the command; what it says is kept, to be searched too."""
        keep = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PREFECT", "SOCIAL_VALUE"))
        }
        done = subprocess.run(
            [BIN / "social-value", *words],
            env={**keep, **self.environment},
            cwd=self.said,
            capture_output=True,
            timeout=280,
            check=False,
        )
        (self.said / f"{'-'.join(words)}.txt").write_bytes(done.stdout + done.stderr)
        return done.returncode

    def ask(self, sql: str) -> list[tuple]:
        with reading(self.settings) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, postcodes: Path, rules: Rules) -> Place:
    return Place(tmp_path_factory.mktemp("people"), postcodes, rules)


def kept_folders(place: Place) -> list[Path]:
    """All that the software writes: of the home everything but the senders' inbox."""
    folders = [path for path in place.home.iterdir() if path != place.settings.inbox]
    return [*folders, place.temporary, place.said]


def found(place: Place) -> list[str]:
    return [hit for folder in kept_folders(place) for hit in traces_in(folder)]


@pytest.fixture(scope="module")
def killed(place: Place) -> list[list[str]]:
    """What is found right after each of several kills in the middle of a sweep."""
    after = []
    for name, when, visit in KILLS:
        boundary = next(n for n, b in enumerate(BOUNDARIES) if b[1:] == (name, when))
        process = context.Process(
            target=sweep_and_die, args=(str(place.home), boundary, visit, place.environment)
        )
        process.start()
        process.join(200)
        assert process.exitcode == -signal.SIGKILL, (name, when, process.exitcode)
        after.append(found(place))
    return after


@pytest.fixture(scope="module")
def ingested(place: Place, killed: list[list[str]]) -> Place:
    """The home after one more run, by the command and Prefect."""
    assert place.run("ingest", "--json", "--with-prefect") == 1  # some files are refused
    return place


def test_the_search_finds_what_is_there(tmp_path: Path, rules: Rules) -> None:
    """People stand in every file that is sent, whatever its kind and encoding."""
    files = [*good_files(rules), *bad_files(rules)]
    assert len(files) > len(rules.contracts)
    for number, (_, name, content) in enumerate(files):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / name).write_bytes(content)
        damaged = name == "lcrca_2021-22-q4.xlsx"  # packed, and cut in half
        assert damaged or len(traces_in(folder)) > 4, name


def test_a_kill_leaves_nothing_of_them(killed: list[list[str]]) -> None:
    assert killed == [[]] * len(KILLS)


def test_every_return_came_in_or_was_refused(ingested: Place, rules: Rules) -> None:
    outcomes = dict(
        ingested.ask(
            "select file_name || ' of ' || \"return\", outcome from warehouse.ledger.returns"
        )
    )
    for name, file, _ in good_files(rules):
        assert outcomes[f"{file} of {name}"] == "loaded"
    refused = {file for file, outcome in outcomes.items() if outcome == "rejected"}
    assert len(refused) == len(list(bad_files(rules))) - 2  # two are taken in part
    assert [path for path in ingested.settings.inbox.rglob("*") if path.is_file()] == []
    people = ingested.ask("select person_key from warehouse.landed.supplier_returns_people")
    assert len(people) == 1


def test_nothing_of_them_is_under_the_home(ingested: Place) -> None:
    for words in (["findings", "--all", "--json"], ["status", "--json"], ["findings", "--all"]):
        assert ingested.run(*words) == 0
    assert found(ingested) == []
    assert any("warehouse.duckdb" in hit for hit in traces_in(ingested.home, [FINDABLE]))
    assert (ingested.home / "prefect" / "prefect.db").exists()
    assert "taken in" in ingested.settings.log_file.read_text(encoding="utf-8")


@pytest.mark.slow
def test_nothing_of_them_is_in_the_analysts_file(ingested: Place) -> None:
    assert ingested.run("build", "--json") == 0
    assert ingested.settings.analysts.exists()
    assert found(ingested) == []
