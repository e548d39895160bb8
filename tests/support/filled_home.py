"""A home in which everything happened once, made without dbt, to be tampered with."""

import hashlib
from dataclasses import replace
from pathlib import Path

from flows.commands.arguments import confirm_return
from flows.common import clock
from flows.common.settings import Settings
from flows.intake.across import judge_across
from flows.intake.rules import Rules
from flows.warehouse import ledger
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.proof.integrity import check
from tests.support.definitions import publish
from tests.support.exports_made import make_analysts, make_facts
from tests.support.small_files import CONTROLS, Take, controls, payments

RELEASE = "quarterly/2022-23-Q1/r1"


def fill(settings: Settings, take: Take, rules: Rules, analysts: Path) -> None:
    """Returns kept, rejected, held and confirmed, a look across them, and a release."""
    take(payments(10) + "2022-04-29,Acme Ltd,TBC\n")
    take("Vendor,Town\nAcme,Leeds\n", return_name="finance_vendors")
    held = take(payments(2))
    confirm_return(settings, held.returns[0], "Head of Finance", "Eight lines came twice")
    take(controls(("", 9, "900.00")), return_name=CONTROLS)
    judge_across(rules, settings)
    with reading(settings) as connection:
        facts = replace(make_facts(), ledger_head=ledger.head(connection))
    done = publish(facts, analysts=make_analysts(analysts), published=settings.published)
    digests = {
        name: hashlib.sha256((done.path / f"{name}.json").read_bytes()).hexdigest()
        for name in ("manifest", "receipt")
    }
    digests["index"] = hashlib.sha256((settings.published / "index.html").read_bytes()).hexdigest()
    with open_scratch(settings) as connection, writing(settings, connection):
        ledger.append(connection, "published", done.name, digests, clock.now())
    assert check(settings) == []


def change(settings: Settings, *statements: str) -> None:
    """What somebody does to the warehouse by hand."""
    with open_scratch(settings) as connection, writing(settings, connection):
        for sql in statements:
            connection.execute(sql)


def head(settings: Settings) -> str:
    """The hash of the newest event."""
    with reading(settings) as connection:
        return ledger.head(connection)


def whats(settings: Settings) -> set[str]:
    """What `audit check` says of it."""
    return {fault.what for fault in check(settings)}


def rehashed(settings: Settings, since: int = 1) -> None:
    """Make every hash of the chain anew from an event on, as one would who holds the home."""
    with open_scratch(settings) as connection, writing(settings, connection):
        rows = connection.execute(
            'select seq, "at", kind, subject, detail, hash from warehouse.ledger.events order by 1'
        ).fetchall()
        before = ledger.FIRST
        for seq, at, kind, subject, detail, digest in rows:
            now = ledger.event_hash(seq, at, kind, subject, detail, before)
            connection.execute(
                "update warehouse.ledger.events set previous_hash = ?, hash = ? where seq = ?",
                [before, now if seq >= since else digest, seq],
            )
            before = now if seq >= since else digest
