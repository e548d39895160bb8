"""Put on a Prefect server what workers need: the pool, the deployments, and who watches the runs.

The server and its workers may be other machines: nothing here names a folder or a home of this one.
"""

from datetime import timedelta
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.exceptions import ObjectNotFound

from flows.common.settings import Settings
from flows.operations.server.own_server import DEPLOYMENTS
from flows.operations.server.schedules import declared_deployments
from flows.operations.server.serve import runner_deployment

POOL = "social-value"
TAG = "social-value"  # of every run of these deployments, which are so known from others
HEARTBEAT = 30  # seconds, the shortest that Prefect knows
SILENCE = 3 * HEARTBEAT  # after which a run is taken for dead
START = 6 * HEARTBEAT  # in which a run that a worker has taken has begun, on a busy machine too
WATCH = "social-value: a run that tells nothing any more has crashed"
WATCH_OF_STARTS = "social-value: a run that was taken and has not begun has crashed"
BEAT = "prefect.flow-run.heartbeat"
ENDS = ("Completed", "Failed", "Cancelled", "Crashed", "Cancelling", "Paused", "Suspended")
WAITS = ("Scheduled", "Late", "AwaitingConcurrencySlot", "AwaitingRetry")  # put back, not taken


def deploy(settings: Settings, path: Path = DEPLOYMENTS) -> list[dict[str, object]]:
    """Make or renew the pool, the deployments and the watch; what there is now, a row each.

    Raises DeclarationError.
    """
    _make_pool()
    rows: list[dict[str, object]] = [{"what": "work pool", "name": POOL}]
    for one in declared_deployments(settings, path):
        made = _for_workers(runner_deployment(one, {}))
        made.apply(work_pool_name=POOL)
        rows.append({"what": "deployment", "name": f"{made.flow_name}/{made.name}"})
    rows += [{"what": "automation", "name": _renewed(one)} for one in watches()]
    return rows


def _for_workers(made: RunnerDeployment) -> RunnerDeployment:
    made.tags = sorted({*(made.tags or []), TAG})
    # Told to each run, so that no worker's own environment has to know of it.
    made.job_variables = {"env": {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT)}}
    return made


def _make_pool() -> None:
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(POOL)
        except ObjectNotFound:
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))


def _renewed(one: AutomationCore) -> str:
    """Make an automation, or make it anew; its name."""
    with get_client(sync_client=True) as client:
        known = client.read_automations_by_name(one.name)
        if known:
            client.update_automation(known[0].id, one)
        else:
            client.create_automation(one)
    return one.name


def watches() -> list[AutomationCore]:
    """Who has the server say of a run that it has crashed when it has been silent for too long.

    Prefect's own server does not do so by itself: the run of a worker that is no more would be
    under way for ever, and keep the next of its deployment waiting.
    """
    return [
        # It may die before its first beat is heard.
        _watch(WATCH, {BEAT, *_states("Running")}, {BEAT, *_states(*ENDS)}, SILENCE),
        # Or before it runs: its worker has taken it, and starts its process.
        _watch(
            WATCH_OF_STARTS,
            _states("Pending"),
            {BEAT, *_states("Running", "Retrying", *ENDS, *WAITS)},
            START,
        ),
    ]


def _states(*names: str) -> set[str]:
    return {f"prefect.flow-run.{name}" for name in names}


def _watch(name: str, after: set[str], expect: set[str], seconds: int) -> AutomationCore:
    return AutomationCore(
        name=name,
        description="Ships with the Social Value Warehouse; social-value deploy makes it anew.",
        trigger=EventTrigger(
            after=after,
            expect=expect,
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            match_related=ResourceSpecification(
                {"prefect.resource.id": [f"prefect.tag.{TAG}"], "prefect.resource.role": ["tag"]}
            ),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=seconds),
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                message=f"Nothing was heard of it for {seconds} seconds: its worker is dead.",
            )
        ],
    )
