"""Put on record that a run failed, so that people are told; called by Prefect when one does."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.common.settings import settings_for
from flows.operations.notices import record_failure

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.schemas.objects import FlowRun, State


def put_on_record(flow: "Flow[Any, Any]", flow_run: "FlowRun", state: "State[Any]") -> None:
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
