"""The `social-value` command as its users meet it: words in, JSON and an exit status out."""

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.definitions import DEFINITIONS
from tests.support.left_behind import artifacts_of
from tests.support.small_returns import CONTROLS, PAYMENTS, controls, payments
from tests.support.social_value import FINDING, Command, Said, is_one_sentence, rows_of

pytestmark = pytest.mark.xdist_group("prefect")

INGEST = {
    "file", "return", "return_id", "returns", "sender", "period", "outcome", "rows_read",
    "rows_loaded", "rows_quarantined", "rows_dropped", "amount_total", "amount_quarantined",
    "reason", "findings",
}  # fmt: skip
RELEASE = {"release", "path", "revision", "files", "warnings", "ledger_head", "ledger_events"}
HEADLESS = "Brass,Town\n1,Leeds\n"


# --- ingest ---------------------------------------------------------------------------------


def test_ingest_answers_with_one_object_a_file(command: Command) -> None:
    whole = command.file("lcrca_2022-04_corporate.csv", payments(3))
    partly = payments(2, extra=["2022-04-28,Acme Ltd,TBC,t/1,S1", "Total,,201.00,,"])
    other = command.file("lcrca_2022-04_transport.csv", partly)
    said = command("ingest", whole, other, "--return", PAYMENTS, "--json")
    assert (said.status, [line for line in said.err.splitlines() if "Error" in line]) == (0, [])
    first, second = rows_of(said)
    assert set(first) == set(second) == INGEST
    assert {name: first[name] for name in INGEST - {"return_id", "returns", "findings"}} == {
        "file": "lcrca_2022-04_corporate.csv",
        "return": PAYMENTS,
        "sender": "lcrca",
        "period": "2022-04",
        "outcome": "loaded",
        "rows_read": 3,
        "rows_loaded": 3,
        "rows_quarantined": 0,
        "rows_dropped": 0,
        "amount_total": "301.50",
        "amount_quarantined": None,
        "reason": None,
    }
    assert [found["rule"] for found in first["findings"]] == ["return_came_in_time"]
    assert first["returns"] == [first["return_id"]]
    assert first["return_id"].endswith("/2022-04")
    assert (second["outcome"], second["amount_total"]) == ("loaded", "201.00")
    assert (
        second["rows_read"],
        second["rows_loaded"],
        second["rows_quarantined"],
        second["rows_dropped"],
    ) == (4, 2, 1, 1)
    finding, late = sorted(second["findings"], key=lambda found: str(found["severity"]))
    assert set(finding) == set(late) == FINDING | {"count", "rows"}
    assert (finding["row"], finding["column"], finding["value"], finding["severity"]) == (
        4, "amount", "TBC", "quarantine",
    )  # fmt: skip


def test_a_sender_gets_a_workbook_to_fill_in_and_an_engineer_a_layout_to_paste(
    command: Command, tmp_path: Path
) -> None:
    told = ("--sender", "s400101", "--period", "2022-23 Q1", "--to", tmp_path / "blank.xlsx")
    said = command("template", "supplier_returns", *told, "--json")
    assert (said.status, said.err) == (0, "")
    assert said.json() == {
        "return": "supplier_returns", "path": str(tmp_path / "blank.xlsx"), "version": "1.1",
    }  # fmt: skip
    assert (tmp_path / "blank.xlsx").read_bytes().startswith(b"PK")
    strange = command.file("newtown_2022-04.csv", "Date payd,Supplier,Net\n01/04/2022,Acme,1.00\n")
    drafted = command("template", PAYMENTS, "--from", strange)
    assert (drafted.status, drafted.err) == (0, "")
    assert '    payment_date: "Date payd"  # a guess' in drafted.out
    for words in (("template", "no_such_return"), ("template", PAYMENTS, "--period", "spring")):
        said = command(*words)
        assert (said.status, is_one_sentence(said)) == (2, True)


def test_the_home_may_stand_before_or_after_the_verb_and_a_second_sending_is_a_duplicate(
    command: Command, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    path = command.file("lcrca_2022-04.csv", payments(3))
    before = command("--home", elsewhere, "ingest", path, "--return", PAYMENTS, "--json")
    after = command("ingest", path, "--return", PAYMENTS, "--json", "--home", elsewhere)
    assert [row["outcome"] for said in (before, after) for row in rows_of(said)] == [
        "loaded",
        "duplicate",
    ]
    assert (before.status, after.status) == (0, 0)
    assert rows_of(after)[0]["return_id"] == rows_of(before)[0]["return_id"]
    assert (elsewhere / "warehouse" / "warehouse.duckdb").exists()
    assert not command.home.exists()


def test_one_rejected_file_makes_the_status_one_and_the_others_are_taken(command: Command) -> None:
    bad = command.file("lcrca_2022-05.csv", HEADLESS)
    good = command.file("lcrca_2022-04.csv", payments(3))
    said = command("ingest", bad, good, "--return", PAYMENTS, "--json")
    assert said.status == 1
    rejected, loaded = rows_of(said)
    assert (rejected["outcome"], loaded["outcome"]) == ("rejected", "loaded")
    assert "lcrca_2022-05.csv" in rejected["reason"]
    assert set(rejected) == INGEST
    assert "Traceback" not in said.err


def test_without_files_the_inbox_is_taken_in_order_of_arrival(command: Command) -> None:
    when = 1_650_000_000.0
    corrected = command.drop(PAYMENTS, "LCRCA_2022-04.csv", payments(4), when + 60)
    first = command.drop(PAYMENTS, "lcrca_2022-04.csv", payments(3), when)
    empty = command.drop(PAYMENTS, "lcrca_2022-06.csv", "", when + 120)
    hidden = command.drop(PAYMENTS, ".lcrca_2022-07.csv", payments(3), when)
    said = command("ingest", "--json")
    assert said.status == 1  # the empty one
    assert [(row["file"], row["outcome"]) for row in rows_of(said)] == [
        (first.name, "loaded"),
        (corrected.name, "loaded"),
        (empty.name, "rejected"),
    ]
    assert sorted((command.home / "inbox" / PAYMENTS).iterdir()) == [hidden, empty]
    status = rows_of(command("status", "--json"))
    (april,) = (row for row in status if row["part"] == "" and row["return"] == PAYMENTS)
    assert (april["period"], april["rows_loaded"]) == ("2022-04", 4)  # the later one is in force


# --- the words are off ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (["ingest", "{file}", "--return", "finance_nothing"], "no return 'finance_nothing'"),
        (["ingest", "{file}"], "does not say which return"),
        (["ingest", "nowhere.csv", "--return", PAYMENTS], "nowhere.csv is not a file"),
        (["ingest", "{file}", "--return", PAYMENTS, "--period", "2022-13"], "is not a period"),
        (["ingest", "{file}", "--nonsense"], "No such option: --nonsense"),
        (["publish", "quarterly", "last summer"], "is not a period"),
        (["publish", "quarterly", "2022-04"], "is a month"),
        (["publish", "quarterly", "2022-23 Q1", "--override", "all"], "needs --by NAME"),
        (["run", "2022-23"], "is a year"),
        (["confirm", "nothing", "--by", "me", "--because", "so"], "No return nothing waits"),
        (["confirm", "nothing"], "Missing option '--by'"),
        (["query"], "Missing argument 'sql'"),
        (["dance"], "No such command 'dance'"),
        (["status", "--home"], "--home"),
    ],
)
def test_words_that_are_off_give_status_two_and_one_sentence(
    plain: Command, words: list[str], because: str
) -> None:
    path = plain.file("lcrca_2022-04.csv", payments(3))
    said = plain(*(word.format(file=path) for word in words))
    assert (said.status, said.out) == (2, "")
    assert because in said.err
    assert is_one_sentence(said)


def test_a_setting_that_is_off_gives_status_two(plain: Command) -> None:
    said = plain("status", SOCIAL_VALUE_THREADS="many")
    assert said.status == 2
    assert "threads" in said.err
    assert is_one_sentence(said)


def test_a_clock_that_cannot_be_read_gives_status_two(plain: Command) -> None:
    said = plain("status", SOCIAL_VALUE_NOW="yesterday")
    assert said.status == 2
    assert "'yesterday' is not a moment" in said.err
    assert is_one_sentence(said)


# --- faults ---------------------------------------------------------------------------------


@pytest.fixture
def broken(plain: Command, tmp_path: Path) -> Path:
    """Contracts of which one is not YAML."""
    folder = tmp_path / "definitions"
    shutil.copytree(DEFINITIONS, folder)
    path = folder / "contracts" / "finance_vendors.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "  - {name: [\n", encoding="utf-8")
    plain.environment["SOCIAL_VALUE_DEFINITIONS"] = str(folder)
    return path


def test_a_broken_contract_is_a_fault_told_in_one_sentence_with_file_and_line(
    plain: Command, broken: Path
) -> None:
    file = plain.file("lcrca_2022-04.csv", payments(3))
    said = plain("ingest", file, "--return", PAYMENTS, "--json")
    assert (said.status, said.out) == (3, "")
    lines = len(broken.read_text(encoding="utf-8").splitlines())
    assert f"{broken}, line {lines + 1}: not YAML" in said.err
    assert is_one_sentence(said)


@pytest.mark.parametrize("before", [True, False])
def test_with_debug_a_fault_shows_its_traceback_too(
    plain: Command, broken: Path, before: bool
) -> None:
    file = plain.file("lcrca_2022-04.csv", payments(3))
    words = ["ingest", str(file), "--return", PAYMENTS]
    said = plain("--debug", *words) if before else plain(*words, "--debug")
    assert said.status == 3
    assert "Traceback (most recent call last)" in said.err
    assert "DeclarationError" in said.err
    assert "not YAML" in said.err.splitlines()[-1]


def test_what_was_never_built_cannot_be_asked(plain: Command) -> None:
    said = plain("query", "select 1", "--json")
    assert (said.status, said.out) == (3, "")
    assert said.err == "Nothing has been modelled yet: run social-value build first.\n"


def test_a_fault_inside_a_flow_is_one_sentence_too(command: Command, tmp_path: Path) -> None:
    postcodes = tmp_path / "postcodes.duckdb"
    postcodes.write_bytes(b"no database" * 1000)
    said = command("build", "--json", SOCIAL_VALUE_POSTCODES=str(postcodes))
    assert (said.status, said.out) == (3, "")
    assert "not a valid DuckDB database" in said.err
    assert is_one_sentence(said), said.err


def test_a_fault_inside_a_run_by_hand_is_one_sentence_too(plain: Command, tmp_path: Path) -> None:
    postcodes = tmp_path / "postcodes.duckdb"
    postcodes.write_bytes(b"no database" * 1000)
    said = plain("build", "--json", SOCIAL_VALUE_POSTCODES=str(postcodes))
    assert (said.status, said.out) == (3, "")
    assert "not a valid DuckDB database" in said.err
    assert is_one_sentence(said), said.err


def test_a_server_that_is_not_there_is_named(plain: Command) -> None:
    plain.environment["PREFECT_API_URL"] = "http://127.0.0.1:1/api"
    plain.environment["PREFECT_CLIENT_MAX_RETRIES"] = "0"
    file = plain.file("lcrca_2022-04.csv", payments(3))
    said = plain("ingest", file, "--return", PAYMENTS, "--json")
    assert (said.status, said.out) == (3, "")
    assert "PREFECT_API_URL" in said.err.splitlines()[-1]
    assert is_one_sentence(said), said.err


# --- run, publish, build --------------------------------------------------------------------


@pytest.mark.slow
def test_run_takes_in_builds_and_publishes_a_quarter(quarter: Command, ran: Said) -> None:
    assert ran.status == 0, ran.err
    release = ran.json()
    assert isinstance(release, dict)
    assert set(release) == RELEASE
    assert (release["release"], release["revision"]) == ("quarterly/2022-23-Q1/r1", 1)
    assert Path(release["path"]).is_relative_to(quarter.home / "published")
    assert "tables/local_spend.csv" in release["files"]
    assert {len(digest) for digest in release["files"].values()} == {64}
    with (Path(release["path"]) / "tables" / "local_spend.csv").open(encoding="utf-8") as stream:
        spend = {
            (row["period"], row["place"]): row["amount_in_place"] for row in csv.DictReader(stream)
        }
    assert spend["2022-23 Q1", "Liverpool"] == "2412.00"
    assert [path for path in (quarter.home / "inbox").rglob("*") if path.is_file()] == []


@pytest.mark.slow
def test_publishing_what_has_not_changed_makes_no_new_release(quarter: Command, ran: Said) -> None:
    again = quarter("publish", "quarterly", "2022-Q1", "--json")
    assert again.status == 0, again.err
    assert again.json() == ran.json()


@pytest.mark.slow
def test_build_says_what_it_built(quarter: Command, ran: Said) -> None:
    said = quarter("build", "--json")
    assert said.status == 0, said.err
    built = said.json()
    assert isinstance(built, dict)
    assert set(built) == {"path", "as_of", "models", "seeds", "tests"}
    assert built["path"] == str(quarter.home / "warehouse" / "analysts.duckdb")
    assert built["as_of"] == "2022-07-25T09:00:00"
    assert min(built["models"], built["seeds"], built["tests"]) > 5


@pytest.mark.slow
def test_a_release_that_is_blocked_gives_status_one_and_says_by_what(
    command: Command, server: str
) -> None:
    command.drop(PAYMENTS, "lcrca_2022-04_corporate.csv", payments(3))
    totals = controls("2022-04", corporate=(5, "502.50"))
    command.drop(CONTROLS, "lcrca_2022-04.csv", totals)
    said = command("run", "2022-23 Q1", "--json")
    assert (said.status, said.out) == (1, "")
    assert "control total" in said.err
    assert is_one_sentence(said), said.err
    assert not list((command.home / "published").rglob("*.csv"))
    blocks = artifacts_of(command.home, server)["what-blocks"]
    assert "control total does not tie" in {row["kind"] for row in blocks}


def test_what_prefect_is_told_is_there_before_it_is_imported() -> None:
    """Prefect reads the environment once: a module that imports it too soon makes it noisy."""
    words = (
        "import sys, flows.commands.cli, flows.operations.setup.doctor, flows.operations.notify, "
        "flows.operations.server.prefect_settings; sys.exit('prefect' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0


def test_the_version_names_release_commit_and_schema(plain: Command) -> None:
    said = plain("--version")
    assert re.fullmatch(
        r"social-value \d+\.\d+\.\d+( \(commit [0-9a-f]{12}\))?, schema \d+\n", said.out
    )


def test_a_shell_completes_the_words_of_the_command(plain: Command) -> None:
    plain.environment |= {
        "_SOCIAL_VALUE_COMPLETE": "complete_bash",
        "COMP_WORDS": "social-value publish q",
        "COMP_CWORD": "2",
    }
    assert plain().out.split() == ["quarterly"]
