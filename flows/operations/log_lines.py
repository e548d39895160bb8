"""The log: one JSON object a line, for a collector of logs and for whoever greps.

`flows/operations/logging.yaml` puts it to use, in Prefect's own logging configuration. Nothing
personal is in it: events name returns and releases, and of a fault there is its kind, never its
own words.
"""

import json
import logging
from datetime import UTC, datetime

HANDLERS = {"file": "api,lines", "stderr": "api,lines_to_stderr", "none": "api"}
OF_RUNS = {"flow_run_name": "flow_run", "flow_name": "flow", "task_run_name": "task_run"}
UNKNOWN = "<unknown>"  # what Prefect calls a flow before it has looked
OF_EVENTS = ("event", "return", "sender", "period", "release", "outcome", "rows", "seconds")


class JsonLine(logging.Formatter):
    """A record as one line: time (UTC), level, flow run, event, what it is about, and words."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON. Words that are no event of ours end before a fault they quote."""
        said = record.__dict__
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        about = {ours: said.get(name) for name, ours in OF_RUNS.items()}
        line |= {ours: name for ours, name in about.items() if name not in (None, UNKNOWN)}
        line |= {name: said[name] for name in OF_EVENTS if said.get(name) is not None}
        words = record.getMessage()
        line["words"] = words if "event" in line else words.split("(")[0].split(": ")[0]
        if record.exc_info and record.exc_info[0] is not None:
            line["fault"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False, default=str)
