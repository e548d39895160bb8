"""`make docs`: dbt's documentation of every model and column, as one page that needs no network."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from flows.modelling import prepare
from flows.settings import PROJECT, settings_for


def main() -> None:
    """Write dbt's static documentation and print where it is."""
    settings = settings_for(None)
    prepare(settings)
    target = settings.home / "docs"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                str(Path(sys.executable).with_name("dbt")),
                "--quiet",
                "docs",
                "generate",
                "--static",
                "--project-dir",
                str(PROJECT / "dbt"),
                "--profiles-dir",
                str(PROJECT / "dbt"),
                "--target-path",
                str(target),
                "--log-path",
                folder,
                "--vars",
                '{"as_of": "2000-01-01T00:00:00"}',
            ],
            env={
                **os.environ,
                "SOCIAL_VALUE_MODEL_PATH": str(Path(folder) / "docs.duckdb"),
                "SOCIAL_VALUE_KEPT_PATH": str(settings.warehouse),
                "SOCIAL_VALUE_REFERENCE_PATH": str(settings.reference),
                "DO_NOT_TRACK": "1",
            },
            check=True,
        )
    print(f"Open {target / 'static_index.html'}", file=sys.stdout)


if __name__ == "__main__":
    main()
