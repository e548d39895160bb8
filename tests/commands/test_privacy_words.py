"""The words about people and their data: dispose, and what the doctor says of the key."""

from typing import Any

from tests.support.social_value import Command

PEOPLE = "Employer,Snapshot date,Employee number,FTE\nlcrca,30/06/2022,E1,1\n"


def said_of(what: str, rows: Any) -> dict[str, str]:
    (row,) = [row for row in rows if row["what"] == what]
    return row


def test_dispose_lists_and_removes_what_is_due_and_the_doctor_knows_the_key(
    command: Command,
) -> None:
    assert said_of("key", command("doctor", "--json").json())["state"] == "note"
    command.drop("hr_workforce", "lcrca_2022-23-q1.csv", PEOPLE)
    assert command("ingest").status == 0
    assert said_of("key", command("doctor", "--json").json())["state"] == "fine"

    assert command("dispose", "--json").json() == []
    later = {"SOCIAL_VALUE_NOW": "2030-01-01T09:00:00"}
    would = command("dispose", "--dry-run", "--json", **later).json()
    went = command("dispose", "--by", "Data Protection Officer", "--json", **later).json()
    assert went == would
    assert [(one["what"], one["rows"]) for one in went] == [("original", 0), ("person rows", 1)]
    assert command("dispose", "--json", **later).json() == []
    assert command("audit", "check", **later).status == 0

    command.home.with_name("home.key").unlink()
    key = said_of("key", command("doctor", "--json").json())
    assert key["state"] == "wrong"
    assert "put it back there" in key["found"]
