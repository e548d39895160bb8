"""The month's letter and the page of a sender: what he owes, what came, what is wrong."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from flows.common.settings import Settings
from flows.operations.ingest import ingest
from flows.operations.record import LogRecord
from flows.post.answers.send import send_answers
from flows.post.collect import collect
from tests.post.test_answers import BAD
from tests.support.posted import Posted
from tests.support.small_returns import payments

OWED = (
    "return,sender,part,every,first_period,last_period,due_days_after_end,recorded_on,source,"
    "licence,illustrative\n"
)


@pytest.fixture
def drop(posted: Posted, tmp_path: Path) -> Path:
    """What Birch has sent: April in part, May not at all, June not yet due."""
    lines = ["finance_payments,birch,,month,2022-04,2022-06,20,2022-04-01,made up,OGL,true"]
    (posted.folder / "seeds" / "obligations.csv").write_text(OWED + "\n".join(lines) + "\n")
    drop = tmp_path / "drop"
    drop.mkdir()
    answers = {"when": ["rejected"]}
    sender = {"id": "birch", "returns": ["finance_payments", "hr_workforce"], "answers": answers}
    source = {"id": "drop", "address": str(drop), "senders": ["birch"]}
    posted.declare(source, senders=[sender])
    (drop / "finance_payments_birch_2022-04.csv").write_text(BAD)
    (drop / "hr_workforce_birch_2022-23-q1.csv").write_text("Employee,Zebediah\nx,Leeds\n")
    return drop


def take_in(posted: Posted, postcodes: Path, settings: Settings | None = None) -> None:
    posted.settings.postcodes = postcodes
    collect(posted.settings)
    ingest(None, posted.settings, LogRecord(posted.settings, "ingest"))


class Tables(HTMLParser):
    """The cells of each table of a page, by its caption."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[list[str]] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "table":
            self.tables.append([])
        self.inside = tag in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.inside and data.strip():
            self.tables[-1].append(data.strip())


def test_the_month_and_the_page_say_what_is_owed_came_and_wrong(
    posted: Posted, drop: Path, postcodes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(posted, postcodes)
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2022-08-01T09:00:00")
    abouts = [one.about.split("/")[0] for one in send_answers(posted.settings)]
    assert abouts[1:] == ["letter", "page"]
    folder = drop / "answers" / "birch"
    letter = (folder / "letters" / "2022-07.txt").read_text()
    parts = dict(part.split("\n", 1) for part in letter.strip().split("\n\n")[1:])
    assert parts["What you owe"].splitlines() == [
        "- finance payments, 2022-05: it was due on 20 June 2022",
        "- finance payments, 2022-06: it was due on 20 July 2022",
    ]
    assert "- finance payments, 2022-04: taken, 3 of 4 rows" in parts["What came in July 2022"]
    assert "- finance payments, 2022-04: 2 things to mend" in parts["What is still wrong"]
    page = (folder / "index.html").read_text()
    owed, wrong, came = Tables(page).tables
    assert [one for one in owed if one.startswith("2022-")] == [
        *("2022-05", "2022-06-20", "2022-06", "2022-07-20"),
    ]
    assert any(
        one.startswith("write a sum") or "net_amount" in one or "amount" in one for one in wrong
    )
    assert "taken" in came
    assert "not taken" in came
    assert re.findall(r'href="(templates/[^"]+)"', page) == [
        "templates/finance_payments.xlsx",
        "templates/hr_workforce.xlsx",
    ]
    assert all((folder / path).is_file() for path in re.findall(r'href="(templates/[^"]+)"', page))
    assert "http" not in page.replace("http-equiv", "")
    assert "for birch" in page


def test_the_page_is_left_anew_when_something_of_it_changes_and_the_letter_once_a_month(
    posted: Posted, drop: Path, postcodes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(posted, postcodes)
    send_answers(posted.settings)
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2022-07-12T09:00:00")
    assert send_answers(posted.settings) == []
    (drop / "finance_payments_birch_2022-05.csv").write_text(payments(3, "2022-05"))
    take_in(posted, postcodes)
    assert [one.about.split("/")[0] for one in send_answers(posted.settings)] == ["page"]
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2022-08-02T09:00:00")
    assert [one.about for one in send_answers(posted.settings)] == ["letter/2022-07"]


def test_where_others_look_a_page_words_no_fault_of_people(
    posted: Posted, drop: Path, postcodes: Path
) -> None:
    take_in(posted, postcodes)
    sender = {"id": "birch", "returns": ["finance_payments", "hr_workforce"], "answers": {}}
    other = {"id": "acme", "returns": ["finance_payments"]}
    shared = {"id": "drop", "address": str(drop), "senders": ["birch", "acme"]}
    posted.declare(shared, senders=[sender, other])
    send_answers(posted.settings)
    folder = drop / "answers" / "birch"
    assert "The answer to the file says so." in (folder / "index.html").read_text()
    (notice,) = folder.rglob("notice.txt")
    assert "may hold data about people" in notice.read_text()
    everything = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert not any(b"Zebediah" in one for one in everything)
