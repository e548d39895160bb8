"""Where Prefect keeps its state, and what it must not do. Called before Prefect is imported."""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flows.common.settings import Settings
from flows.operations.server.own_server import (
    is_home_server,
    password_of,
    prefect_folder,
    refuse_damaged,
    server_of,
)


def prepare(settings: Settings, *, talkative: bool = False, serves: bool = False) -> None:
    """Keep Prefect's own state under our home, quiet and off the network.

    A server that PREFECT_API_URL names is used, or the one that `serve` runs for this home; without
    either, Prefect starts its own for the length of the command. What the environment says already
    is left alone. `talkative`: let Prefect tell on standard error what went wrong, with tracebacks
    (its server is always told). `serves`: a server of the home's own will be started; none is
    looked for. Raises ServerFault where Prefect's database is damaged.

    The home's own servers ask for the home's password, and answer no page but their own; no other
    server is sent it.
    """
    if not os.environ.get("PREFECT_API_URL"):
        refuse_damaged(settings)
    chosen = {
        "PREFECT_HOME": str(prefect_folder(settings)),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(settings.runs_kept_days * DAY),
        "DO_NOT_TRACK": "1",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
        "GX_ANALYTICS_ENABLED": "false",
        **_log(settings),
    }
    if not serves and (url := server_of(settings)):
        chosen["PREFECT_API_URL"] = url
    if serves or url is None or is_home_server(url, settings):
        chosen["PREFECT_API_AUTH_STRING"] = password_of(settings)
        chosen["PREFECT_SERVER_API_AUTH_STRING"] = password_of(settings)
        chosen["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] = NO_ORIGIN
    if not talkative:
        chosen["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "CRITICAL"
    for name, value in chosen.items():
        os.environ.setdefault(name, value)
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)


DAY = 24 * 60 * 60  # seconds
NO_ORIGIN = "http://127.0.0.1:0"  # no page comes from there


@contextmanager
def without_heartbeats() -> Iterator[None]:
    """Let no flow in the block tell the server every three minutes that it is alive.

    Whoever waits for a command sees whether it is; and at its end each flow would wait, up to a
    second, for the thread that tells. What `serve` starts is in processes of its own, and tells.
    In the block Prefect keeps the settings of its beginning, whatever becomes of the environment.
    """
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


def _log(settings: Settings) -> dict[str, str]:
    """Where the lines of the log go."""
    make_log_folder(settings)
    return {
        "PREFECT_LOGGING_SETTINGS_PATH": str(Path(__file__).with_name("logging.yaml")),
        "PREFECT_LOGGING_HANDLERS_LINES_FILENAME": str(settings.log_file),
        "PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_HANDLERS": HANDLERS[settings.log],
        "PREFECT_LOGGING_LOGGERS_PREFECT_TASK_RUNS_HANDLERS": HANDLERS[settings.log],
    }


def make_log_folder(settings: Settings) -> None:
    """Make the folder of the log, for the home's owner alone, where the lines go to a file."""
    if settings.log == "file":
        settings.log_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)


HANDLERS = {"file": "api,lines", "stderr": "api,lines_to_stderr", "none": "api"}
OF_RUNS = {"flow_run_id": "flow_run", "flow_name": "flow", "task_run_name": "task_run"}
UNKNOWN = "<unknown>"  # what Prefect calls a flow before it has looked
OF_EVENTS = ("event", "return", "sender", "period", "release", "outcome", "rows", "seconds")


class JsonLine(logging.Formatter):
    """A record as one line: time (UTC), level, flow run, event, what it is about, and words."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON. Words that are no event of ours end before a fault they quote."""
        fields = record.__dict__
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        about = {key: fields.get(name) for name, key in OF_RUNS.items()}
        line |= {key: name for key, name in about.items() if name not in (None, UNKNOWN)}
        line |= {name: fields[name] for name in OF_EVENTS if fields.get(name) is not None}
        words = record.getMessage()
        line["words"] = words if "event" in line else words.split("(")[0].split(": ")[0]
        if record.exc_info and record.exc_info[0] is not None:
            line["fault"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False, default=str)
