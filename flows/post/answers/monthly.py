"""The month's letter to a sender: what he owes, what came of him, and what is still wrong.

It counts, and quotes neither a cell nor a name: it may be mailed.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from flows.authority.declaration import read_authority
from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.periods import Period, period_of
from flows.common.settings import Settings
from flows.post.answers.parcel import Parcel
from flows.post.answers.standing import Standing, how_it_stands, is_late, slot_of
from flows.post.sources import Sender


def letter_due(sender: Sender) -> str:
    """What the letter about the month that is over is known by; '' where he gets none."""
    monthly = sender.answers is not None and sender.answers.monthly
    return f"letter/{_month().label}" if monthly else ""


def _month() -> Period:
    return period_of(clock.now().date().replace(day=1) - timedelta(days=1), "month")


def monthly_letter(sender: Sender, standing: Standing, settings: Settings) -> Parcel | None:
    """The letter about the month that is over; None where there is nothing to say.

    Raises DeclarationError.
    """
    month = _month()
    if not (standing.owed or standing.came):
        return None
    authority = read_authority(places_in_use(settings).authority)
    contact = authority.contact
    name = f"{month.first_day:%B %Y}"
    text = "\n\n".join(
        [
            f"Your returns to {authority.name}: {name}",
            *_parts(standing, month),
            "How to mend it\nThe answer to each file says so. Send the whole file again under the"
            " name it had: it takes the place of the one before.",
            f"Whom to ask\n{contact.name}, {authority.name}: {contact.email}",
        ]
    )
    path = f"letters/{month.label}.txt"
    subject = f"Your returns in {name}"
    return Parcel(
        sender.id, letter_due(sender), subject, text + "\n", {path: text.encode() + b"\n"}
    )


def _parts(standing: Standing, month: Period) -> Iterator[str]:
    owed = [f"{slot_of(row)}: {_by_when(row)}" for row in standing.owed]
    yield _listed("What you owe", owed)
    came = [
        f"{slot_of(row)}: {how_it_stands(row)}{_rows(row)}"
        for row in standing.came
        if row["received_at"] and month.first_day <= _day(row["received_at"]) < month.end
    ]
    yield _listed(f"What came in {month.first_day:%B %Y}", came)
    counts = Counter((str(row["return"]), str(row["period"])) for row in standing.wrong)
    wrong = [
        f"{name.replace('_', ' ')}, {period or 'for a period that could not be told'}:"
        f" {number} {'thing' if number == 1 else 'things'} to mend"
        for (name, period), number in counts.items()
    ]
    yield _listed("What is still wrong", wrong)


def _by_when(row: dict[str, object]) -> str:
    due = date.fromisoformat(str(row["due"]))
    day = f"{due.day} {due:%B %Y}"
    return f"it was due on {day}" if is_late(row) else f"it is due on {day}"


def _rows(row: dict[str, object]) -> str:
    loaded, lost = int(str(row["rows_loaded"])), int(str(row["rows_quarantined"]))
    if row["outcome"] != "loaded" or not loaded + lost:
        return ""
    return f", {loaded:,} of {loaded + lost:,} rows"


def _listed(heading: str, lines: list[str]) -> str:
    return "\n".join([heading, *(f"- {line}" for line in lines or ["nothing"])])


def _day(text: object) -> date:
    return date.fromisoformat(str(text)[:10])
