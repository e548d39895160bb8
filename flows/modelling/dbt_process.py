"""dbt's own process: it builds, and says in one small file what became of each node.

Run as `python -m flows.modelling.dbt_process RESULTS WORD...`: told `--no-write-json`, dbt leaves
out its manifest, its graph and more, a second of every build for tools that we do not have.
"""

import gc
import json
import sys
from pathlib import Path


def main(results: Path, words: list[str]) -> int:
    """Run `dbt WORDS`; `results` holds its nodes if it came as far as running them."""
    # What is imported and parsed stays till the end: to look through it for garbage is lost time.
    gc.disable()
    from dbt.cli.main import dbtRunner

    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    gc.enable()
    done = dbtRunner().invoke(words)
    nodes = getattr(done.result, "results", None)
    if nodes is not None:
        said = [
            {
                "unique_id": node.node.unique_id,
                "status": str(node.status),
                "execution_time": node.execution_time,
                "message": node.message,
                "reads": list(node.node.depends_on_nodes),
            }
            for node in nodes
        ]
        results.write_text(json.dumps({"results": said}), encoding="utf-8")
    if done.exception:
        print(done.exception)
    return 0 if done.success else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
