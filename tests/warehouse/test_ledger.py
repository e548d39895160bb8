"""The ledger: each event carries the hash of the one before, so that no word of it can change."""

from datetime import datetime

import duckdb
import pytest

from flows.commands.arguments import confirm_return
from flows.common.settings import Settings
from flows.warehouse import ledger
from flows.warehouse.connection import open_scratch, reading, writing
from tests.support.filled_home import change, head
from tests.support.small_files import CONTROLS, Take, controls, payments

EVENTS = """
    select seq, "at", kind, subject, detail, previous_hash, hash
    from warehouse.ledger.events order by seq
"""


def broken_at(settings: Settings) -> list[int]:
    """The numbers of the events that do not follow from their content and from the one before."""
    broken = []
    before = ledger.FIRST
    with reading(settings) as connection:
        events = connection.execute(EVENTS).fetchall()
    for seq, at, kind, subject, detail, previous, digest in events:
        again = ledger.event_hash(seq, at, kind, subject, detail, before)
        if (previous, digest) != (before, again):
            broken.append(seq)
        before = digest
    return broken


def kinds(settings: Settings) -> list[str]:
    with reading(settings) as connection:
        return [row[2] for row in connection.execute(EVENTS).fetchall()]


@pytest.fixture
def eventful(settings: Settings, take: Take, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A warehouse in which things happened: kept, rejected, held, confirmed, compared, kept."""
    take(payments(10))
    take("Vendor,Town\nAcme,Leeds\n", return_name="finance_vendors")
    held = take(payments(2))
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2022-07-12T10:11:12")
    confirm_return(settings, held.returns[0], "Head of Finance", "Eight lines were £ - twice")
    take(controls(("", 2, "201.00")), return_name=CONTROLS)
    return settings


def test_an_empty_ledger_has_the_first_hash_for_its_head(settings: Settings) -> None:
    assert head(settings) == "0" * 64


def test_events_chain_in_order_from_the_first_hash_to_the_head(eventful: Settings) -> None:
    assert kinds(eventful) == ["kept", "rejected", "held", "confirmed", "compared", "kept"]
    assert broken_at(eventful) == []
    with reading(eventful) as connection:
        events = connection.execute(EVENTS).fetchall()
    assert [event[0] for event in events] == [1, 2, 3, 4, 5, 6]
    assert [event[5] for event in events] == [ledger.FIRST, *(event[6] for event in events[:-1])]
    assert head(eventful) == events[-1][6]
    assert len({event[6] for event in events}) == 6


@pytest.mark.parametrize(
    ("what", "to"),
    [
        ("detail", "replace(detail, 'Head of Finance', 'Nobody')"),
        ("subject", "subject || 'x'"),
        ("kind", "'accepted'"),
        ('"at"', '"at" + interval 1 second'),
    ],
)
def test_a_changed_event_no_longer_follows_from_its_hash(
    eventful: Settings, what: str, to: str
) -> None:
    change(eventful, f"update warehouse.ledger.events set {what} = {to} where seq = 4")
    assert broken_at(eventful) == [4]


def test_a_changed_event_whose_hash_is_made_anew_breaks_the_next_one(eventful: Settings) -> None:
    with reading(eventful) as connection:
        seq, at, kind, subject, _, previous, _ = connection.execute(EVENTS).fetchall()[1]
    forged = ledger.event_hash(seq, at, kind, subject, "{}", previous)
    change(
        eventful,
        f"update warehouse.ledger.events set detail = '{{}}', hash = '{forged}' where seq = 2",
    )
    assert broken_at(eventful) == [3]


def test_a_removed_event_leaves_a_gap_that_shows(eventful: Settings) -> None:
    change(eventful, "delete from warehouse.ledger.events where seq = 2")
    assert broken_at(eventful) == [3]


def test_an_event_of_a_transaction_that_failed_was_never_there(eventful: Settings) -> None:
    before = head(eventful)

    def fail(connection: duckdb.DuckDBPyConnection) -> None:
        with writing(eventful, connection):
            ledger.append(connection, "kept", "x", {}, datetime.fromisoformat("2022-07-13"))
            raise RuntimeError("after the append")

    with open_scratch(eventful) as connection, pytest.raises(RuntimeError):
        fail(connection)
    assert head(eventful) == before
    assert broken_at(eventful) == []
