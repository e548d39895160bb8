"""Contacts leave narrative, and nothing else does."""

from collections.abc import Callable

import pytest

from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.warehouse.connection import reading
from tests.support.small_contract import contract, typed

STORIES = contract(
    {"name": "reference", "type": "code", "required": True},
    {"name": "story", "type": "text", "free_text": True},
    {"name": "name", "type": "text"},
)
MAIL, PHONE = "[e-mail removed]", "[phone removed]"


def cleaned(text: str) -> tuple[str, bool]:
    """The text as it is kept, and whether it is listed as cleaned."""
    with typed(STORIES, [["1", text, text]]) as connection:
        (story, name) = connection.execute("select story, name from typed_rows").fetchone()
        assert name == " ".join(text.split())  # what is not free text is not touched
        return story, bool(connection.execute("select * from cleaned_cells").fetchall())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Write to jo.o'neil+sv@mail.example.org.uk.", f"Write to {MAIL}."),
        ("jo@example.org; ann@example.org", f"{MAIL}; {MAIL}"),
        ("Ring 0151 496 0123 or 0151 496 0124.", f"Ring {PHONE} or {PHONE}."),
        ("07700900123", PHONE),
        ("mobile 07700 900123, jo@example.org", f"mobile {PHONE}, {MAIL}"),
        ("tel:07700-900-123", f"tel:{PHONE}"),
        ("+44 7700 900123", PHONE),
        ("+44 (0)151 496 0123", PHONE),
        ("0044 151 496 0123", PHONE),
        ("(0151) 496 0123", PHONE),
        ("020 7946 0958", PHONE),
        ("0800 123456", PHONE),
        ("0151.496.0123", PHONE),
        ("two lines\n0151 496 0123", f"two lines {PHONE}"),
    ],
)
def test_a_contact_is_taken_out(text: str, kept: str) -> None:
    assert cleaned(text) == (kept, True)


@pytest.mark.parametrize(
    "text",
    [
        "PO-01514960123 and LCRCA/07700900123",
        "M01514960123",
        "4500012345",
        "0123456789",
        "123456789012",
        "1,234,567.89 paid on 01/04/2022, 0.07700900123 of it",
        "on 01-02-2022 123 people came",
        "01 02 2022 15 000",
        "Joanna Example met @mayor at 10:00 in 2022-23 Q1",
        "ECC1 0123 4567 8901 234",
    ],
)
def test_a_reference_a_date_a_sum_and_a_name_stay(text: str) -> None:
    assert cleaned(text) == (text, False)


def test_the_sender_is_told_and_nothing_repeats_it(
    take: Callable[..., Ingested], settings: Settings
) -> None:
    told = "Ask zebediah.canary@example.org or 07700 900123"
    text = f"Measure,Quantity,Role,Narrative\nM01,2,employer,{told}\nM01,1,employer,Nothing\n"
    done = take(text, "corporate-services_2022-23-q1.csv", "service_returns")
    assert done.counts.loaded == 2, done.reason
    with reading(settings) as connection:
        kept = connection.execute(
            "select narrative from warehouse.landed.service_returns order by _row"
        ).fetchall()
        found = connection.execute(
            'select "row", "column", "value", severity from warehouse.ledger.findings '
            "where rule = 'text_names_no_contacts'"
        ).fetchall()
    assert kept == [(f"Ask {MAIL} or {PHONE}",), ("Nothing",)]
    assert found == [(2, "narrative", None, "warn")]
    (answer,) = settings.quarantine.rglob("*.csv")
    assert "canary" not in answer.read_text(encoding="utf-8")
