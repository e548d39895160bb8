"""What a run leaves behind in Prefect: artifacts on its page, a line of the log an event, tasks."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar, cast
from uuid import UUID

from prefect import Task, get_run_logger, task
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from flows.common.errors import SocialValueError
from flows.operations.record import Calls, Pool, Rows, end

One = TypeVar("One")
Result = TypeVar("Result")
LONGEST = 3600  # seconds that one step may take
WORTH_SHOWING = 3  # fewer steps than that are over before anybody looks


class NoWorkers(SocialValueError):
    """Nobody is there to hand batches to."""


class RunRecord:
    """The run of a flow: to be used inside one."""

    @property
    def run_id(self) -> str:
        """The flow run's id."""
        return str(flow_run.get_id() or "")

    @property
    def pool(self) -> Pool:
        """The workers of the server that has the run."""
        return Workers()

    def say(self, event: str, words: str, **about: object) -> None:
        """A line in the log of this run."""
        get_run_logger().info(words, extra={"event": event, **about})

    def call(self, words: str) -> None:
        """The run's name in Prefect, which is some bird's until it has come to something."""
        self.say("ended", words)
        if self.run_id:  # none where the function behind a flow is called by itself
            with get_client(sync_client=True) as client:
                client.update_flow_run(UUID(self.run_id), name=words)

    def show(self, key: str, content: Rows | str, description: str) -> None:
        """An artifact: a table, or Markdown."""
        if not self.run_id:
            return
        if isinstance(content, str):
            create_markdown_artifact(key=key, markdown=content, description=description)
        else:
            create_table_artifact(
                key=key, table=[dict(row) for row in content], description=description
            )

    def progress(self, key: str, steps: Iterable[One], of: int, description: str) -> Iterator[One]:
        """The steps, with a bar where they are several."""
        shown = _progress(key, description) if of >= WORTH_SHOWING else None
        for number, step in enumerate(steps, start=1):
            yield step
            if shown is not None:
                update_progress_artifact(shown, 100 * number / of)

    def step(self, name: str, function: Callable[..., Result], *given: object) -> Result:
        """The function as a task."""
        return _task(name, function)(*given)

    def side_by_side(
        self,
        function: Callable[..., Result],
        given: Calls,
        at_once: int,
        ended: Callable[[int], None],
    ) -> Iterator[Result]:
        """The function as tasks in threads."""
        names = list(inspect.signature(function).parameters)
        with ThreadPoolTaskRunner[Result](max_workers=at_once) as runner:
            futures = [
                runner.submit(
                    _task(label, function),
                    # quoted: Prefect does not look through it for futures
                    {name: quote(one) for name, one in zip(names, words, strict=True)},
                )
                for label, words in given
            ]
            for number, one in enumerate(futures):  # where no task could be made of it, too
                one.add_done_callback(partial(end, ended, number))
            for future in futures:
                yield future.result()


class Workers:
    """The workers that wait at the server for runs of deployments."""

    def begin(self, deployment: str, called: str, parameters: dict[str, object]) -> str:
        """Have a run begin as a part of this one. Raises NoWorkers where there is no such."""
        try:
            run = run_deployment(deployment, parameters=parameters, flow_run_name=called, timeout=0)
        except ObjectNotFound:
            raise NoWorkers(
                f"Prefect's server has no deployment called {deployment}: run social-value deploy, "
                "or unset SOCIAL_VALUE_SWEEP_BY."
            ) from None
        return str(cast(FlowRun, run).id)  # a coroutine only inside a running loop

    def has_ended(self, run: str) -> bool:
        """Whether the run is over, however it ended."""
        with get_client(sync_client=True) as client:
            state = client.read_flow_run(UUID(run)).state
        return state is not None and state.is_final()


def asked_by_a_person() -> bool:
    """Whether somebody asked for this run of a deployment, which its schedule did not."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    return run is not None and run.deployment_id is not None and not run.auto_scheduled


def _task(name: str, function: Callable[..., Result]) -> Task[..., Result]:
    return task(name=name, cache_policy=NO_CACHE, persist_result=False, timeout_seconds=LONGEST)(
        function
    )


def _progress(key: str, description: str) -> UUID:
    return cast(UUID, create_progress_artifact(0.0, key=key, description=description))
