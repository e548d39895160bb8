"""The pull step of prefect.yaml: a worker runs the software it has, wherever that lies."""

import os

from flows.common.settings import PROJECT


def work_in_own_checkout() -> dict[str, str]:
    """Go where this software lies on the machine of the worker; says where, as Prefect asks."""
    os.chdir(PROJECT)
    return {"directory": str(PROJECT)}
