"""dbt's own process: it builds, and says in one file what became of each node and what it sent.

Run as `python -m flows.modelling.dbt_process RESULTS WORD...`: told `--no-write-json`, dbt leaves
out its manifest, its graph and more, a second of every build for tools that we do not have.
"""

import gc
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

MADE = ("model", "seed")
# What a model or seed sends and makes nothing: the bounds of a transaction, and the questions
# whether it keeps its contract, whose answers follow from what a plan is known by.
MAKES_NOTHING = ("begin", "commit", "describe", "select")


def main(results: Path, words: list[str]) -> int:
    """Run `dbt WORDS`; `results` holds its nodes if it came as far as running them."""
    # What is imported and parsed stays till the end: to look through it for garbage is lost time.
    gc.disable()
    from dbt.cli.main import dbtRunner

    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    gc.enable()
    sent: dict[str, list[str]] = defaultdict(list)

    def note(event: Any) -> None:
        if event.info.name == "SQLQuery":
            sent[event.data.conn_name].append(event.data.sql)

    done = dbtRunner(callbacks=[note]).invoke(words)
    nodes = getattr(done.result, "results", None)
    if nodes is not None:
        schemas = {node.node.schema for node in nodes if node.node.resource_type in MADE}
        said = [_told(node, sent[node.node.unique_id]) for node in nodes]
        content = {"schemas": sorted(schemas), "results": said}
        results.write_text(json.dumps(content), encoding="utf-8")
    if done.exception:
        print(done.exception)
    return 0 if done.success else 1


def _told(node: Any, sent: list[str]) -> dict[str, object]:
    """What became of a node, and the statements that make it anew, or of a test its question."""
    about = node.node
    is_test = about.resource_type == "test"
    texts = [text.strip() for text in sent]
    makes = [text for text in texts if text.split(None, 1)[0].lower() not in MAKES_NOTHING]
    return {
        "unique_id": about.unique_id,
        "status": str(node.status),
        "execution_time": node.execution_time,
        "message": node.message or "",
        "reads": list(about.depends_on_nodes),
        "severity": about.config.severity.upper() if is_test else "",
        "warn_if": about.config.warn_if if is_test else "",
        "statements": texts[-1:] if is_test else makes,
    }


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
