"""What the responsible posts report of the framework's commitments."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from flows.demo.made.authority.authority import POSTS
from flows.demo.made.authority.authority import slug as sender_of
from flows.demo.made.authority.canaries import identity
from flows.demo.made.authority.delivery import Delivery, Planted, Sending, Sum
from flows.demo.made.authority.equality import equality_of
from flows.demo.made.authority.layouts import headers
from flows.demo.made.authority.periods import QUARTERS, last_day, slug
from flows.demo.made.authority.sheets import as_text, csv_file
from flows.demo.made.authority.workbook import Cell, workbook
from flows.demo.made.obligations import FRAMEWORK_BEGAN, due

RETURN = "commitment_progress"
RED, AMBER_RED, AMBER_GREEN, GREEN = "RED", "AMBER/RED", "AMBER/GREEN", "GREEN"
NOT_REPORTED = "NOT REPORTED"
RATINGS = (RED, AMBER_RED, AMBER_GREEN, GREEN)  # from the worst to the best
DAY_ONE, LONGER_TERM = "Day One", "Longer Term"
REPORTED = QUARTERS[QUARTERS.index(FRAMEWORK_BEGAN) :]

NEVER_SENT = {("Head of Investment", "2022-23 Q3")}
LATE = {("Assistant Director Policy", "2022-23 Q2"): 6}
CORRECTED = ("Head of People", "2022-23 Q4")  # first with every rating GREEN
_OFFICERS = 9200  # the first of the identities that report
# Each commitment's class, post (by place) and ratings of the four quarters, by one letter each:
# R, r (AMBER/RED), g (AMBER/GREEN), G; - for a row that is left out.
_RATED = {
    "FC01": (DAY_ONE, 0, "gGGG"),
    "FC02": (LONGER_TERM, 0, "rrgg"),
    "FC03": (DAY_ONE, 0, "GGGg"),
    "FC04": (LONGER_TERM, 0, "RRrr"),
    "FC05": (DAY_ONE, 1, "gggG"),
    "FC06": (LONGER_TERM, 1, "GgGG"),
    "FC07": (DAY_ONE, 1, "rRRr"),
    "FC08": (LONGER_TERM, 1, "-ggg"),
    "FC09": (DAY_ONE, 2, "GGGG"),
    "FC10": (LONGER_TERM, 2, "gggg"),
    "FC11": (DAY_ONE, 2, "grrR"),
    "FC12": (LONGER_TERM, 2, "GGGG"),
    "FC13": (DAY_ONE, 3, "ggGG"),
    "FC14": (LONGER_TERM, 3, "rrrg"),
    "FC15": (DAY_ONE, 3, "GGGG"),
    "FC16": (DAY_ONE, 4, "gGGG"),
    "FC17": (LONGER_TERM, 4, "gggg"),
    "FC18": (DAY_ONE, 4, "Grgg"),
}
_LETTERS = {"R": RED, "r": AMBER_RED, "g": AMBER_GREEN, "G": GREEN}
_SPELLINGS = {  # how another post writes the ratings
    RED: "Red",
    AMBER_RED: "Amber / Red",
    AMBER_GREEN: "A/G",
    GREEN: "green",
}
# What is said of the actions of earlier quarters. One whose words stay is the same action.
_EARLIER = {
    ("FC02", "2022-23 Q3"): "Done",
    ("FC04", "2022-23 Q3"): "In progress",
    ("FC07", "2022-23 Q3"): "Open",
    ("FC14", "2022-23 Q4"): "Completed",
    ("FC18", "2022-23 Q3"): "done",
    ("FC11", "2022-23 Q3"): "done",
}
_OTHER_WORDS = {("FC04", "2022-23 Q4"): "Advertise the posts again at the higher grade."}
_ASSESSED = {"FC08", "FC12", "FC15"}  # of which nothing is said before the third quarter
_WITHOUT_ACTION = {("FC07", "2022-23 Q2"), ("FC11", "2022-23 Q4")}  # off track, and nothing said
WITH_EMAIL = {  # which leaves the narrative before anybody reads it
    ("FC10", "2022-23 Q3"): "Details from perpetua.dabbaldine.15@canary.invalid on request."
}
_WORKED_THROUGH = "The plan of the quarter was worked through with the services concerned."
_PLAN = "Agree a recovery plan with the directorate."
_HEADER = headers("progress")


@dataclass(frozen=True)
class Report:
    """A row: a commitment's rating at the end of a quarter. `fault` is why it is kept out."""

    commitment: str
    post: str
    rating: str
    word: str
    narrative: str
    action: str = ""
    action_due: date | None = None
    earlier_action: str = ""
    equality: str = ""
    fault: str = ""

    @property
    def stated(self) -> str:
        """The rating that the word says, which is not the true one in a rosy report."""
        return next(rating for rating, spelt in _SPELLINGS.items() if self.word in (rating, spelt))


@dataclass(frozen=True)
class ProgressSent(Sending):
    """A post's report, and its rows (also the quarantined ones)."""

    rows: tuple[Report, ...] = ()


def progress_sendings() -> Iterator[Sending]:
    """The files of the responsible posts, from the framework's first quarter on."""
    for post in POSTS:
        for quarter in REPORTED:
            if (post, quarter) in NEVER_SENT:
                continue
            at, rows = _arrival(post, quarter), reports(post, quarter)
            if (post, quarter) == CORRECTED:
                rosy = tuple(replace(r, word=GREEN, action="", action_due=None) for r in rows)
                yield _sending(post, quarter, at, rosy, "Sent with every rating GREEN.")
                at += timedelta(days=5)
            yield _sending(post, quarter, at, rows, "A post's report on its commitments.")


@cache
def reports(post: str, quarter: str) -> tuple[Report, ...]:
    """Every row that the post writes for the quarter, right or wrong."""
    nth = REPORTED.index(quarter)
    rows = [
        _report(commitment, post, _LETTERS[ratings[nth]], quarter)
        for commitment, (_, place, ratings) in _RATED.items()
        if POSTS[place] == post and ratings[nth] != "-"
    ]
    return (*rows, *_strays(post, quarter, rows))


def classes() -> dict[str, tuple[str, str]]:
    """Each commitment's class and responsible post."""
    return {commitment: (kind, POSTS[place]) for commitment, (kind, place, _) in _RATED.items()}


def _report(commitment: str, post: str, rating: str, quarter: str) -> Report:
    off_track = rating in (RED, AMBER_RED) and (commitment, quarter) not in _WITHOUT_ACTION
    return Report(
        commitment=commitment,
        post=post,
        rating=rating,
        word=_SPELLINGS[rating] if POSTS.index(post) % 2 else rating,
        narrative=WITH_EMAIL.get((commitment, quarter), _WORKED_THROUGH),
        action=_OTHER_WORDS.get((commitment, quarter), _PLAN) if off_track else "",
        action_due=last_day(quarter) + timedelta(days=60) if off_track else None,
        earlier_action=_EARLIER.get((commitment, quarter), ""),
        equality=_equality(commitment, quarter),
    )


def _equality(commitment: str, quarter: str) -> str:
    is_early = commitment in _ASSESSED and quarter < "2022-23 Q3"
    return "" if is_early or quarter == REPORTED[-1] else equality_of(commitment)


def _strays(post: str, quarter: str, rows: list[Report]) -> Iterator[Report]:
    where = post, quarter
    if where == ("Head of Procurement", "2022-23 Q1"):
        yield replace(rows[0], commitment="FC99", fault="a commitment that nobody knows")
    if where == ("Head of People", "2022-23 Q2"):
        yield replace(rows[1], word=RED, fault="a commitment twice")
    if where == ("Head of Procurement", "2022-23 Q1"):
        stray = replace(rows[0], commitment="FC08", word="Blue", fault="a rating that nobody knows")
        yield stray


def _sending(
    post: str, quarter: str, at: datetime, rows: tuple[Report, ...], story: str
) -> Sending:
    officer, as_csv = identity(_OFFICERS + POSTS.index(post)), POSTS.index(post) == 2
    cells = [_cells(row, officer.name, officer.email) for row in rows]
    table = [_HEADER, *cells]
    content = csv_file([*map(as_text, table)]) if as_csv else workbook([("Progress", table)])
    bad = sum(bool(row.fault) for row in rows)
    name = f"{sender_of(post)}_{slug(quarter)}.{'csv' if as_csv else 'xlsx'}"
    return ProgressSent(
        Delivery(at, RETURN, name, content, story),
        sender_of(post),
        quarter,
        loaded=Sum(len(rows) - bad),
        quarantined=Sum(bad),
        planted=tuple(_planted(post, quarter, rows, "" if as_csv else "Progress")),
        corrects=(post, quarter) == CORRECTED and any(row.action for row in rows),
        rows=rows,
    )


def _planted(post: str, quarter: str, rows: tuple[Report, ...], sheet: str) -> Iterator[Planted]:
    if (post, quarter) in LATE:
        yield Planted(0, "late", quarter)
    for nth, row in enumerate(rows, 2):
        if row.fault:
            yield Planted(nth, row.fault, row.commitment, sheet)
        elif row.word.upper() != row.rating:
            yield Planted(nth, "a rating in other words", row.word, sheet)
        if "@" in row.narrative:
            yield Planted(nth, "an e-mail address in the narrative", row.narrative, sheet)
        if row.rating in (RED, AMBER_RED) and not row.action and row.word != GREEN:
            yield Planted(nth, "off track without a corrective action", row.commitment, sheet)


def _arrival(post: str, quarter: str) -> datetime:
    owed = due(RETURN, sender_of(post), quarter) or last_day(quarter)
    days = LATE.get((post, quarter), -(1 + (POSTS.index(post) + QUARTERS.index(quarter)) % 6))
    moment = datetime(owed.year, owed.month, owed.day, 16, POSTS.index(post))  # noqa: DTZ001
    return moment + timedelta(days=days)


def _cells(row: Report, name: str, email: str) -> list[Cell]:
    cells = [row.commitment, row.post, row.word, row.narrative, row.action]
    return [*cells, row.action_due, row.earlier_action, row.equality, name, email]
