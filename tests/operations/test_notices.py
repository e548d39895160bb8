"""People are told what went wrong: in plain words, once, by every channel, also after a crash."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Crashed, Failed
from pydantic import SecretStr

from exports.release.publish import Block, ReleaseBlocked
from flows.common.settings import Settings, settings_for
from flows.intake.rules import Rules
from flows.intake.submission import Submission
from flows.intake.take_in import take_in
from flows.modelling.build import BuildFailed
from flows.operations.notices import list_notices, record_failure
from flows.operations.notify import tell
from flows.operations.scheduled import sweep
from flows.warehouse.connection import WarehouseBusy, reading
from flows.warehouse.proof.integrity import check
from tests.support.definitions import DEFINITIONS
from tests.support.listening import mail_server, webhook
from tests.support.small_returns import PAYMENTS, Take, payments
from tests.support.social_value import Command

SECRET = "a password nobody may read"
PERSON = "Wilhelmina Featherstonehaugh"
BLOCKED = ReleaseBlocked([Block("finding", "control totals", "3 payments are missing")])


@pytest.fixture(scope="module")
def trouble(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> Path:
    """A folder with seeds by which one return is owed, and a home with one of each trouble."""
    folder = tmp_path_factory.mktemp("trouble")
    shutil.copytree(DEFINITIONS, folder / "definitions")
    path = folder / "definitions" / "seeds" / "obligations.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    (owed,) = (row for row in rows if row.startswith("finance_control_totals,lcrca,,month"))
    owed = owed.replace("2021-04,2023-03", "2022-05,2022-05")
    path.write_text(f"{header}\n{owed}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOCIAL_VALUE_NOW", "2022-07-11T09:00:00")
        settings = _owing(settings_for(folder / "home"), folder)
        files = {
            "lcrca_2022-05.csv": f"Employee,Town\n{PERSON},Leeds\n",
            "lcrca_2022-04.csv": payments(10),
            "LCRCA_2022-04.csv": payments(2),  # it would drop eight of ten rows
        }
        for name, text in files.items():
            (folder / name).write_text(text)
            take_in(Submission(folder / name, PAYMENTS), rules, settings)
        fault = ValueError(f"{PERSON} is no number")
        record_failure(settings, "brave-fox", "sweep the inbox", fault)
        record_failure(settings, "calm-owl", "quarterly report", BLOCKED)
    return folder


@pytest.fixture
def quiet(settings: Settings, trouble: Path) -> Settings:
    """An empty home where a single return is owed."""
    return _owing(settings, trouble)


def _owing(settings: Settings, folder: Path) -> Settings:
    return settings.model_copy(update={"definitions": folder / "definitions"})


@pytest.fixture
def troubled(quiet: Settings, trouble: Path) -> Settings:
    """A home with one of each: rejected, held, late, failed and blocked."""
    shutil.copytree(trouble / "home", quiet.home)
    shutil.copy2(trouble / "home.key", quiet.key_path)
    return quiet


def mailing(settings: Settings, port: int) -> Settings:
    told = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "email_from": "warehouse@example.org",
        "email_to": "finance@example.org, audit@example.org",
        "smtp_password": SecretStr(SECRET),
    }
    return settings.model_copy(update=told)


def hooked(settings: Settings, url: str) -> Settings:
    return settings.model_copy(update={"webhook": SecretStr(url)})


def ledger_text(settings: Settings) -> str:
    with reading(settings) as connection:
        return str(connection.execute("select detail from warehouse.ledger.events").fetchall())


def test_a_message_says_in_plain_words_what_went_wrong(troubled: Settings) -> None:
    with mail_server() as (port, taken):
        tell(mailing(troubled, port))
    (message,) = taken
    assert message["To"] == "finance@example.org, audit@example.org"
    assert message["Subject"] == (
        "Social value returns: 1 failed, 1 blocked, 1 rejected, 1 held, 1 late"
    )
    text = message.get_content()
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    failed, blocked, rejected, held, late = lines
    assert failed == (
        "- sweep the inbox (run brave-fox) failed on 11 July 2022 at 09:00 UTC: "
        "the system failed: look at this run in Prefect."
    )
    assert blocked.startswith("- quarterly report: control totals: 3 payments are missing.")
    assert rejected.startswith("- finance_payments of lcrca 2022-05, lcrca_2022-05.csv: ")
    assert "it has 2 rows where the return in force has 10" in held
    assert "social-value confirm " in held
    assert (
        late == "- finance_control_totals of lcrca 2022-05 was due on 2022-06-10 and has not come."
    )


def test_nothing_personal_and_no_secret_is_in_a_message_or_on_record(
    troubled: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    with mail_server() as (port, taken), webhook() as (url, posted):
        tell(hooked(mailing(troubled, port), url))
        told = taken[0].as_string() + json.dumps(posted)
    with mail_server("554 no: " + SECRET) as (port, _), webhook(500) as (url, _):
        record_failure(troubled, "new-owl", "build", None)
        faults = [one.fault for one in tell(hooked(mailing(troubled, port), url))]
    assert all(faults)
    for text in (told, ledger_text(troubled), *faults, *capfd.readouterr()):
        assert PERSON not in text
        assert SECRET not in text
        assert "the-hooks-secret" not in text


def test_each_channel_is_told_once(troubled: Settings) -> None:
    with mail_server() as (port, taken), webhook() as (url, posted):
        mail_only = mailing(troubled, port)
        tell(mail_only)
        tell(mail_only)
        assert len(taken) == 1
        both = hooked(mail_only, url)
        tell(both)
        tell(both)
        assert (len(taken), len(posted)) == (1, 1)
        record_failure(troubled, "new-owl", "build", None)
        tell(both)
    assert (len(taken), len(posted)) == (2, 2)
    assert taken[1]["Subject"] == "Social value returns: 1 failed"
    assert "it was stopped before its end" in taken[1].get_content()
    assert check(troubled) == []


def test_a_webhook_gets_a_card_that_teams_understands(troubled: Settings) -> None:
    with webhook() as (url, posted):
        tell(hooked(troubled, url))
    (body,) = posted
    (attachment,) = body["attachments"]
    assert body["type"] == "message"
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert card["type"] == "AdaptiveCard"
    assert {block["type"] for block in card["body"]} == {"TextBlock"}
    assert card["body"][0]["text"].startswith("Social value returns: 1 failed")
    assert len(json.dumps(body)) < 28_000  # what Teams takes


def test_the_same_reasons_block_a_release_only_once(quiet: Settings) -> None:
    with mail_server() as (port, taken):
        for day in ("calm-owl", "grey-owl"):
            record_failure(quiet, day, "quarterly report", BLOCKED)
            tell(mailing(quiet, port))
    assert len(taken) == 1


def test_what_one_channel_refuses_is_told_again_and_keeps_no_other_back(
    troubled: Settings,
) -> None:
    with mail_server() as (port, taken):
        with webhook(500) as (url, _):
            first = tell(hooked(mailing(troubled, port), url))
        assert [bool(one.fault) for one in first] == [False, True]
        with webhook() as (url, posted):
            tell(hooked(mailing(troubled, port), url))
    assert (len(taken), len(posted)) == (1, 1)


def test_a_server_that_is_not_there_is_a_fault_and_nothing_counts_as_told(
    troubled: Settings,
) -> None:
    with mail_server() as (port, _):
        pass
    (one,) = tell(mailing(troubled, port))
    assert "did not take the message (ConnectionRefusedError)" in one.fault
    with mail_server() as (port, taken):
        tell(mailing(troubled, port))
    assert len(taken) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"smtp_user": "warehouse", "smtp_password": SecretStr("pä£word")},
        {"email_to": "finance@example.org\nBcc: all@example.org"},
        {"email_from": "warehouse@example.org\r\nX: y"},
        {"email_to": " , "},
        {"smtp_host": "h" * 300},
    ],
)
def test_settings_that_are_wrong_are_a_fault_that_quotes_none_of_them(
    troubled: Settings, wrong: dict[str, object]
) -> None:
    with mail_server() as (port, taken):
        (one,) = tell(mailing(troubled, port).model_copy(update=wrong))
    assert "SOCIAL_VALUE_EMAIL_" in one.fault
    assert not any(part in one.fault for part in ("ä", "£", "Bcc", "all@"))
    assert taken == []
    with mail_server() as (port, taken):  # and once it is mended, it is told
        tell(mailing(troubled, port))
    assert len(taken) == 1


def test_a_webhook_that_is_no_address_is_a_fault(troubled: Settings) -> None:
    (one,) = tell(hooked(troubled, f"https://{'h' * 300}.example/secret"))
    assert "check SOCIAL_VALUE_WEBHOOK" in one.fault
    assert "secret" not in one.fault


def test_a_dry_run_sends_and_records_nothing(troubled: Settings) -> None:
    before = ledger_text(troubled)
    with mail_server() as (port, taken):
        (one,) = tell(mailing(troubled, port), dry_run=True)
    assert len(one.notices) == 5
    assert taken == []
    assert ledger_text(troubled) == before


DIE = """
import os, signal, sys
from flows.common.settings import settings_for
from flows.operations import notify as telling
when = sys.argv[1]
real = telling._record
def record(settings, kind, channel, detail):
    if kind == "told" and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    real(settings, kind, channel, detail)
    if kind == "telling" and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
telling._record = record
telling.tell(settings_for())
"""


@pytest.mark.parametrize(("when", "came"), [("before", 0), ("after", 1)])
def test_after_a_kill_nothing_is_told_twice_and_the_doubt_is_told_once(
    when: str, came: int, troubled: Settings
) -> None:
    with mail_server() as (port, taken):
        environment = {
            **os.environ,
            "SOCIAL_VALUE_DEFINITIONS": str(troubled.definitions),
            "SOCIAL_VALUE_SMTP_HOST": "127.0.0.1",
            "SOCIAL_VALUE_SMTP_PORT": str(port),
            "SOCIAL_VALUE_SMTP_SECURITY": "none",
            "SOCIAL_VALUE_EMAIL_TO": "finance@example.org",
        }
        died = subprocess.run([sys.executable, "-c", DIE, when], env=environment, check=False)
        assert died.returncode == -signal.SIGKILL
        assert len(taken) == came
        for _ in range(2):
            tell(mailing(troubled, port))
    doubts = taken[came:]
    assert [message["Subject"] for message in doubts] == ["Social value returns: 1 unsure"]
    assert "about 5 things was being sent when its run was stopped" in doubts[0].get_content()


def test_what_is_mended_is_no_news(troubled: Settings, take: Take) -> None:
    take(payments(3, "2022-05"), "lcrca_2022-05.csv", PAYMENTS)
    (one,) = tell(troubled)
    assert [piece.kind for piece in one.notices] == ["failed", "blocked", "held", "late"]
    assert one.channel == "none set"


def ended(settings: Settings, *, inside: bool = False, error: Exception | None) -> None:
    """What Prefect calls when a flow has failed, or (without an error) its process has died."""
    run = FlowRun(
        name="brave-fox",
        flow_id=uuid4(),
        parameters={"home": str(settings.home)},
        parent_task_run_id=uuid4() if inside else None,
    )
    state: State[object] = Failed(data=error) if error else Crashed()
    (on_failure,) = sweep.on_failure_hooks
    (on_crashed,) = sweep.on_crashed_hooks
    (on_failure if error else on_crashed)(sweep, run, state)


def test_a_flow_that_fails_or_dies_is_put_on_record_and_one_inside_another_is_not(
    quiet: Settings,
) -> None:
    ended(quiet, error=WarehouseBusy("Another run has held it."))
    ended(quiet, error=None)
    ended(quiet, error=BuildFailed("1 model failed"), inside=True)
    texts = [one.text for one in list_notices(quiet) if one.kind == "failed"]
    assert [text.partition("UTC: ")[2].partition(" ")[0] for text in texts] == ["another", "it"]
    assert all(text.startswith("sweep the inbox (run brave-fox) failed on ") for text in texts)


def test_the_command_says_what_would_be_told_and_that_nobody_is_set_to_hear_it(
    plain: Command,
) -> None:
    said = plain("notify", "--dry-run", "--json")
    assert said.status == 0, said.err
    (channel,) = said.json()  # type: ignore[misc]
    assert (channel["channel"], channel["told"], channel["fault"]) == ("none set", False, None)
    assert {one["kind"] for one in channel["news"]} == {"late"}
    assert "No channel is set" in plain("notify").out
