"""What every run leaves behind: artifacts on its page in Prefect, and lines in the log."""

import json
import logging
import re
from datetime import datetime
from pathlib import Path

import pytest

from flows.operations.server.prefect_settings import JsonLine
from tests.support.left_behind import artifacts_of, lines_of, names_of
from tests.support.small_returns import CONTROLS, PAYMENTS, controls, payments
from tests.support.social_value import Command, Said

pytestmark = pytest.mark.xdist_group("prefect")


def test_a_run_shows_what_came_in_what_failed_each_model_and_where_the_release_is(
    quarter: Command, ran: Said, server: str
) -> None:
    left = artifacts_of(quarter.home, server)
    came = left["what-came-in"]
    assert len(came) == 12
    assert {row["outcome"] for row in came} == {"loaded"}
    assert sum(row["quarantined"] for row in came) == 3
    failed = [row for row in left["what-failed"] if row["severity"] == "quarantine"]
    assert [row["findings"] for row in failed] == [1, 1, 1]
    assert all(row["return_id"].startswith(PAYMENTS) for row in failed)
    assert left["batches"] == 100
    modelled = {(row["kind"], row["node"]): row["status"] for row in left["what-was-modelled"]}
    assert modelled["model", "fct_payments"] == "success"
    assert {kind for kind, _ in modelled} >= {"model", "seed", "test"}
    (page,) = re.findall(r"^Its pages: `(.+)`$", left["release"], flags=re.M)
    assert Path(page).is_file()
    assert Path(page).is_relative_to(quarter.home / "published")
    assert re.search(r"^Its \d+ files: .*\d+ csv, ", left["release"], flags=re.M)
    words = (Path(page).parents[1] / "words.csv").read_text("utf-8")
    said = [line[2:] for line in left["release"].splitlines() if line.startswith("- ")]
    assert len(said) == 5
    assert all(sentence.split('"')[0] in words for sentence in said)


def test_a_run_is_called_by_what_it_came_to(quarter: Command, ran: Said, server: str) -> None:
    came_to = {"12 files: 12 loaded", "quarterly/2022-23-Q1/r1 is published"}
    assert came_to <= names_of(quarter.home, server)


def test_the_log_tells_of_each_return_and_release_in_a_line(quarter: Command, ran: Said) -> None:
    lines = lines_of(quarter.home)
    taken = [line for line in lines if line.get("event") == "taken in"]
    assert len(taken) == 12
    assert {(line["level"], line["flow"]) for line in taken} == {("info", "ingest")}
    assert {line["outcome"] for line in taken} == {"loaded"}
    assert sum(line["rows"] for line in taken) == 36 + 6 + 6  # payments, vendors, controls
    assert all(line["return"].split("/")[1] == line["period"] for line in taken)
    assert all(datetime.fromisoformat(line["time"]).tzinfo for line in lines)
    assert [line["release"] for line in lines if line.get("event") == "published"][:1] == [
        "quarterly/2022-23-Q1/r1"
    ]
    assert "lcrca_2022-04_corporate.csv" not in str(lines)  # a name may be a person's
    assert (quarter.home / "log").stat().st_mode & 0o777 == 0o700


def test_the_lines_go_to_standard_error_where_that_is_set(command: Command, server: str) -> None:
    command.drop(PAYMENTS, "lcrca_2022-04_corporate.csv", payments(3))
    totals = controls("2022-04", corporate=(5, "502.50"))
    command.drop(CONTROLS, "lcrca_2022-04.csv", totals)
    said = command("ingest", "--json", SOCIAL_VALUE_LOG="stderr")
    assert said.status == 0, said.err
    events = [json.loads(line).get("event") for line in said.err.splitlines()]
    assert events.count("taken in") == 2
    assert not (command.home / "log").exists()


def test_of_a_fault_the_log_has_the_kind_and_not_its_words() -> None:
    secret = "Zebediah Quackenbush"
    try:
        raise ValueError(secret)
    except ValueError as error:
        fault = (ValueError, error, error.__traceback__)
    for words in (
        f"Encountered exception during execution: ValueError({secret!r})",
        f"Task run failed with exception: ValueError({secret!r}) - Retries are exhausted",
        f"Finished in state Failed('Flow run encountered an exception: ValueError: {secret}')",
    ):
        record = logging.LogRecord("prefect", logging.ERROR, "", 0, words, None, fault)
        record.flow_run_id = "0692f7"
        line = json.loads(JsonLine().format(record))
        assert secret not in str(line)
        assert (line["fault"], line["level"], line["flow_run"]) == (
            "ValueError",
            "error",
            "0692f7",
        )
        assert line["words"] == words.split("(")[0].split(": ")[0]
