"""Give files to `social-value ingest`, each in an empty home; a JSON line of each answer.

`python by_command.py FOLDER FILE...`: one process, so that Prefect and the judge start once.
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

from flows.commands.cli import main


def ingest(file: Path, home: Path) -> dict[str, object]:
    """What the command says of the file, and how it exits."""
    words = ["ingest", str(file), "--return", "finance_payments"]
    words += ["--sender", file.name.partition("_")[0], "--json", "--home", str(home)]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(words)
        except SystemExit as ended:
            status = ended.code
    return {"file": file.name, "status": status, "out": out.getvalue(), "err": err.getvalue()}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    os.environ["PREFECT_HOME"] = str(folder / "prefect")
    for number, name in enumerate(sys.argv[2:]):
        print(json.dumps(ingest(Path(name), folder / f"home-{number}")), flush=True)
