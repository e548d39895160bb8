"""A flow that nobody waits for: where it fails, or is stopped, that is put on record."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import prefect
from prefect import Flow
from prefect.client.schemas.objects import FlowRun, State

from flows.common.settings import settings_for
from flows.operations.notices import record_failure

Given = ParamSpec("Given")
Result = TypeVar("Result")


def own_flow(name: str) -> Callable[[Callable[Given, Result]], Flow[Given, Result]]:
    """Make a function such a flow; `notify` tells people of what is on record."""
    return prefect.flow(
        name=name, validate_parameters=False, on_failure=[put_on_record], on_crashed=[put_on_record]
    )


def put_on_record(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Record a failed or stopped run of its own; one inside another run is that one's affair."""
    if flow_run.parent_task_run_id is not None:
        return
    home = flow_run.parameters.get("home")
    error = state.result(raise_on_failure=False) if state.is_failed() else None
    record_failure(
        settings_for(Path(str(home)) if home else None),
        flow_run.name,
        flow.name,
        error if isinstance(error, BaseException) else None,
    )
