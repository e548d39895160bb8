"""The tables of the framework: its commitments, what it covers, what is told of it."""

from collections import Counter
from collections.abc import Iterator

from flows.demo.made.authority.equality import DONE, MISSING, NOT_KNOWN, NOT_NEEDED
from flows.demo.made.authority.periods import QUARTERS, last_day
from flows.demo.made.delivery.progress import AMBER_RED, RED
from flows.demo.made.delivery.stories import THEMES
from tests.oracle.compare.edition import Edition, Row, Value
from tests.oracle.compare.performance import performances
from tests.oracle.compare.registry import holds_on
from tests.oracle.truth.value.actions import actions_at, assessments
from tests.oracle.truth.value.progress import moved, rating_of, reported
from tests.oracle.truth.value.stories import waits

ROLES = ("employer", "service provider", "commissioner", "investor", "civic leader")
THEMES_OF_IT = ("social", "economic", "environmental")
OFF_TRACK = (RED, AMBER_RED)
BEFORE = 4  # quarters told beside the one reported


def commitments(edition: Edition) -> Iterator[Row]:
    """Every commitment that holds at the end of the quarter, with its rating over five quarters."""
    standing, place = edition.truth.standing, QUARTERS.index(edition.quarter)
    rows = [
        reported(standing, QUARTERS[place - n]) if place >= n else {} for n in range(BEFORE + 1)
    ]
    for row in edition.registry.rows("commitments"):
        if not holds_on(row, last_day(edition.quarter)):
            continue
        name = row["commitment_id"]
        now, rating = rows[0].get(name), rating_of(rows[0], name)
        off_track = rating in OFF_TRACK
        columns: dict[str, Value] = {
            "rag": rating,
            "is_off_track": off_track,
            "is_off_track_without_action": off_track and not (now and now.action),
            "corrective_action": now.action if now else None,
            "action_due": now.action_due if now else None,
        }
        if now:
            columns["movement"] = moved(rows[1].get(name), now)
            if "@" in now.narrative:  # an address was taken out, and nobody has read it since
                columns["narrative"] = "Not shown until somebody has read it"
        for n in range(1, BEFORE + 1):
            held = place >= n and holds_on(row, last_day(QUARTERS[place - n]))
            columns[f"rag_{n}_before"] = rating_of(rows[n], name) if held else None
        yield (name,), columns


def actions(edition: Edition) -> Iterator[Row]:
    """Every action that is open at the end of the quarter or was done in it."""
    rows = {row["commitment_id"]: row for row in edition.registry.rows("commitments")}
    for action in actions_at(edition.truth.standing, edition.quarter):
        state = action.state(edition.quarter)
        late = action.due and (last_day(edition.quarter) - action.due).days
        yield (
            (action.commitment, action.agreed_in),
            {
                "title": rows[action.commitment]["title"],
                "responsible_post": rows[action.commitment]["responsible_post"],
                "action": action.words,
                "state": state,
                "due": action.due,
                "due_last_given": action.due_last,
                "days_overdue": late if state == "overdue" else None,
            },
        )


def equality_assessments(edition: Edition) -> Iterator[Row]:
    """How many of the year's interventions needed an equality impact assessment and have one."""
    year = edition.period
    ends = [last_day(quarter) for quarter in QUARTERS if quarter.startswith(year)]
    held = dict.fromkeys(
        row["commitment_id"]
        for row in edition.registry.rows("commitments")
        if any(holds_on(row, day) for day in ends)
    )
    found = Counter(assessments(edition.truth.standing, year, held))
    for kind in ("awards", "contracts", "commitments"):
        said = {word: found[kind, word] for word in (DONE, MISSING, NOT_NEEDED, NOT_KNOWN)}
        yield (
            (kind,),
            {
                "interventions": sum(said.values()),
                "needed": said[DONE] + said[MISSING],
                "done": said[DONE],
                "missing": said[MISSING],
                "not_needed": said[NOT_NEEDED],
                "not_known": said[NOT_KNOWN],
            },
        )


def framework_coverage(edition: Edition) -> Iterator[Row]:
    """How much of each role and theme has commitments, figures and targets."""
    registry, ends = edition.registry, last_day(edition.period)
    promised = [row for row in registry.rows("commitments") if holds_on(row, ends)]
    aimed = {row["indicator_id"] for row in registry.rows("targets") if holds_on(row, ends)}
    valued = {figure.key.indicator for figure in performances(edition, edition.period)}
    for role in ROLES:
        for theme in THEMES_OF_IT:
            own = {
                row["indicator_id"]
                for row in registry.rows("indicators")
                if (row["role"], row["theme"]) == (role, theme)
            }
            yield (
                (role, theme),
                {
                    "commitments": sum((r["role"], r["theme"]) == (role, theme) for r in promised),
                    "indicators": len(own),
                    "with_figure": len(own & valued),
                    "with_target": len(own & aimed),
                    "gaps": len(own - valued),
                },
            )


def stories(edition: Edition) -> Iterator[Row]:
    """The stories of the year that wait for nobody's word, by quarter, role and title."""
    there = (s for s in edition.truth.standing.stories if s.quarter.startswith(edition.period))
    ranked = sorted(
        (s for s in there if not waits(s)),
        key=lambda story: (story.quarter, story.role, story.title),
    )
    for nth, story in enumerate(ranked, 1):
        columns: dict[str, Value] = {
            "story_number": nth,
            "title": story.title,
            "quarter": story.quarter,
            "role": story.role,
            "theme": THEMES.get(story.theme, story.theme),
        }
        yield (str(nth),), columns
