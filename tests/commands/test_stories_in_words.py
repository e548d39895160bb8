"""A story from which something was taken waits: `status` says so, and `accept` is the word."""

import json
from collections.abc import Callable

import pytest

from flows.commands.cli import main
from flows.common.settings import Settings
from flows.intake.across import judge_across
from flows.intake.rules import Rules
from flows.intake.submission import Ingested
from flows.warehouse.held_texts import held_texts

HEADER = "Title,Role,Theme,Story,Place,Consent,Date of consent,Evidence,Name\n"
CLEAN = "employer,social,A first job in the engine room of the ferries.,Halton,Yes,,form,\n"
NAMED = (
    "employer,social,So Zoe Canary began a first job on the ferries.,Halton,Yes,,form,Zoe Canary\n"
)
PHONED = "employer,social,A first job in the engine room of the ferries.,07700 900123,Yes,,form,\n"
OLD = "employer,social,A first job in the engine room of the ferries.,Halton,Yes,30/03/2021,form,\n"
RECENT = OLD.replace("30/03/2021", "31/03/2021")
NAME = "skills_2022-23-q1_{}.csv"


@pytest.fixture
def tell(
    take: Callable[..., Ingested],
    settings: Settings,
    rules: Rules,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Ingested]:
    """Take a file of stories in, each a minute later, and look across returns as `ingest` does."""
    minutes = iter(range(60))

    def told(part: str, *rows: str) -> Ingested:
        monkeypatch.setenv("SOCIAL_VALUE_NOW", f"2022-07-11T09:{next(minutes):02d}:00")
        text = HEADER + "".join(f"Story {nth},{row}" for nth, row in enumerate(rows))
        done = take(text, NAME.format(part), "case_studies")
        judge_across(rules, settings)
        return done

    return told


def say(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as end:
        main(list(words))
    printed = capsys.readouterr()
    assert not end.value.code, printed.err
    return printed.out


def test_a_story_waits_until_its_finding_is_accepted(
    tell: Callable[..., Ingested], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    tell("a", CLEAN, NAMED, PHONED, OLD, RECENT)
    assert [row["row"] for row in held_texts(settings, "case_studies")] == [3, 4, 5]
    head = say(capsys, "status").splitlines()[1]
    assert head.startswith("3 stories wait for a word and are not published: social-value accept")
    assert head in say(capsys, "findings")
    assert "Canary" not in say(capsys, "findings", "--json")
    for waiting in held_texts(settings, "case_studies")[:2]:
        words = ("--by", "Social Value Lead", "--because", "It can be told as it stands.")
        say(capsys, "accept", str(waiting["finding_id"]), *words)
    assert "1 story waits for a word and is not published" in say(capsys, "status")
    tell("a", CLEAN, CLEAN, CLEAN, PHONED, CLEAN)  # read anew: the words were of the other file
    assert [row["row"] for row in held_texts(settings, "case_studies")] == [5]


def test_consent_that_a_later_file_withdraws_holds_the_story(
    tell: Callable[..., Ingested], settings: Settings
) -> None:
    tell("a", CLEAN)
    assert held_texts(settings, "case_studies") == []
    assert tell("b", CLEAN.replace("Yes", "No")).outcome == "rejected"
    assert held_texts(settings, "case_studies") == []
    assert tell("a", CLEAN.replace("Yes", "No")).outcome == "rejected"
    assert [row["row"] for row in held_texts(settings, "case_studies")] == [2]
    tell("a", CLEAN.replace("form", "a new form"))
    assert held_texts(settings, "case_studies") == []


def test_an_officers_text_waits_too(
    take: Callable[..., Ingested], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "ID,Post,RAG,Narrative\n" + "".join(
        f"{name},Head of People,Green,{words}\n"
        for name, words in (("FC01", "Ask jo@example.org who knows."), ("FC03", "It went well."))
    )
    assert take(text, "head-of-people_2022-23-q1.csv", "commitment_progress").outcome == "loaded"
    assert [row["row"] for row in held_texts(settings, "commitment_progress")] == [2]
    assert "1 officer's text waits for a word" in say(capsys, "status")
    assert json.loads(say(capsys, "findings", "--json"))
