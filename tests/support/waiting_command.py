"""A command that starts a Prefect server for itself, says where, and waits for its input to end.

python -m tests.support.waiting_command HOME
"""

import sys
from pathlib import Path

from flows.common.settings import settings_for
from flows.operations.server.prefect_settings import prepare


def main(home: Path) -> None:
    """Do what every command with a flow does: Prefect is imported once its settings are made."""
    prepare(settings_for(home))
    from prefect import flow
    from prefect.client.orchestration import get_client

    @flow(name="waits")
    def wait() -> None:
        with get_client(sync_client=True) as client:
            print(str(client.api_url).rstrip("/"), flush=True)
        sys.stdin.read()

    wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
