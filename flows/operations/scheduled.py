"""Chores: what runs by itself. The schedules are daily; a pure function says what is due today."""

from datetime import date
from pathlib import Path

from prefect import get_run_logger

from exports.release.publish import Release
from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.due_dates import (
    due_and_not_done,
    is_working_day,
    newest_due,
    read_delays,
    read_holidays,
)
from flows.common.periods import Period
from flows.common.settings import Settings, settings_for
from flows.intake.rules import read_rules
from flows.intake.submission import Ingested
from flows.operations.artifacts import RunRecord, asked_by_a_person
from flows.operations.channels import NotTold
from flows.operations.notify import NO_CHANNEL, tell
from flows.operations.own_flow import own_flow
from flows.operations.prefect_flows import (
    build_models,
    ingest,
    publish_annual,
    publish_quarterly,
)
from flows.operations.record import came_to
from flows.operations.workers import take_in_handed
from flows.post.answers.send import send_answers
from flows.post.collect import collect
from flows.warehouse.slots import late_on, status

NOT_DUE = "nothing is due today, or it is out already"


@own_flow("collect the post")
def collect_post(home: Path | None = None) -> int:
    """On a working day, or when asked: fetch what lies at the sources; how many files came.

    A source that cannot be reached is on record, and told once: the run does not fail for it.
    """
    settings = settings_for(home)
    if rests(settings):
        return 0
    record, came = RunRecord(), collect(settings)
    named = ("source", "collected", "known", "waiting", "left_alone", "fault")
    rows = [{name: getattr(one, name) for name in named} for one in came]
    record.show("post", rows, "What came by each source.")
    files = sum(one.collected for one in came)
    record.call(f"{files} files came by {len(came)} sources" if came else "no source is declared")
    return files


@own_flow("answer senders")
def answer_senders(home: Path | None = None) -> int:
    """On a working day, or when asked: send each sender what he was not told yet; how much went.

    What cannot be sent is on record, told once, and tried again: the run does not fail for it.
    """
    settings = settings_for(home)
    if rests(settings):
        return 0
    record, sent = RunRecord(), send_answers(settings)
    rows = [{name: getattr(one, name) for name in ("sender", "source", "fault")} for one in sent]
    record.show("answers", rows, "What was sent to each sender, by which source.")
    went = sum(not one.fault for one in sent)
    record.call(f"{went} sent, {len(sent) - went} wait" if sent else "nothing to send")
    return went


@own_flow("sweep the inbox")
def sweep(home: Path | None = None) -> list[Ingested]:
    """On a working day, or when asked: take in what waits in the inbox, build if anything came."""
    if rests(settings_for(home)):
        return []
    done = ingest(None, home)
    loaded = sum(one.outcome == "loaded" for one in done)
    if loaded:
        build_models(home)
    came = "1 file" if len(done) == 1 else f"{len(done)} files"
    built = f"{came} taken in, {loaded} loaded and the models built"
    RunRecord().call(built if loaded else f"{came} taken in, none loaded: nothing to build")
    return done


@own_flow("take in a batch")
def take_in_batch(sweep: str = "", number: int = 0, home: Path | None = None) -> int:
    """Take in a batch that a sweep has handed out; how many files there were."""
    settings, record = settings_for(home), RunRecord()
    done = take_in_handed(sweep, number, read_rules(settings), settings, record)
    if done is None:
        record.call("another has taken it")
        return 0
    taken = [one for one in done if one is not None]
    record.call(came_to(taken, 0))
    return len(taken)


@own_flow("chase late returns")
def chase(home: Path | None = None) -> list[dict[str, object]]:
    """On a working day, or when asked: list the returns that are owed, late and not there."""
    settings = settings_for(home)
    if rests(settings):
        return []
    late = late_on(clock.now().date(), status(settings))
    logger = get_run_logger()
    for row in late:
        about = {name: row[name] for name in ("return", "sender", "period", "outcome")}
        logger.warning(
            "%s of %s for %s was due on %s and is %s.",
            row["return"],
            row["sender"],
            f"{row['period']} {row['part']}".strip(),
            row["due"],
            row["outcome"],
            extra={"event": "late", **about},
        )
    record = RunRecord()
    named = ("return", "sender", "period", "due", "outcome", "late_days")
    rows = [{name: row[name] for name in named} for row in late]
    record.show("late-returns", rows, "Each return that is owed, late and not here.")
    record.call("1 return is late" if len(late) == 1 else f"{len(late)} returns are late")
    return late


@own_flow("quarterly report")
def quarterly_report(home: Path | None = None, on: date | None = None) -> Release | None:
    """Publish the quarterly report that is due today, if one is and nobody has published it.

    A later revision is somebody's decision, so a run after an outage does no harm.
    """
    due = _due_and_not_out("quarterly", settings_for(home), on)
    done = publish_quarterly(due.label, home) if due else None
    RunRecord().call(f"{done.name} is out" if done else NOT_DUE)
    return done


@own_flow("annual review")
def annual_review(home: Path | None = None, on: date | None = None) -> Release | None:
    """Publish the Annual Review that is due today, if one is and nobody has published it."""
    due = _due_and_not_out("annual", settings_for(home), on)
    done = publish_annual(due.label, home) if due else None
    RunRecord().call(f"{done.name} is out" if done else NOT_DUE)
    return done


def rests(settings: Settings) -> bool:
    """Whether the run rests: no working day, and nobody asked for it. The run then says so."""
    if asked_by_a_person() or is_working_day(
        clock.now().date(), read_holidays(places_in_use(settings).seeds)
    ):
        return False
    RunRecord().call(f"{clock.now():%d %B} is no working day: nothing was done")
    return True


def _due_and_not_out(publication: str, settings: Settings, on: date | None) -> Period | None:
    """The period whose publication is due on the day, and of which nothing is out.

    Where somebody asks, the newest whose due day has come: today, or any day since.
    """
    folder = settings.published / publication
    out = {path.name.replace("-Q", " Q") for path in folder.glob("*")}
    seeds = places_in_use(settings).seeds
    delays, holidays = read_delays(seeds), read_holidays(seeds)
    today = on or clock.now().date()
    if asked_by_a_person():
        newest = newest_due(publication, today, delays[publication], holidays)
        return None if newest.label in out else newest
    return due_and_not_done(publication, today, delays, holidays, out)


@own_flow("tell people")
def tell_people(home: Path | None = None) -> list[str]:
    """Tell by the channels in the settings what they were not told yet; returns what was told.

    Raises NotTold where a channel did not take its message: the next run tells it again.
    """
    done = tell(settings_for(home))
    if faults := [one.fault for one in done if one.fault]:
        raise NotTold(" ".join(faults))
    if any(one.channel == NO_CHANNEL and one.notices for one in done):
        get_run_logger().warning("There is news, and no channel is set to tell it by.")
    told = sum(len(one.notices) for one in done)
    RunRecord().call(f"{told} pieces of news" if told else "no news to tell")
    return [notice.text for one in done for notice in one.notices]
