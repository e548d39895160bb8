"""dbt's YAML, as a program writes it."""

import json
from collections.abc import Mapping
from typing import Any


def as_yaml(told: Mapping[str, Any]) -> bytes:
    """A YAML file of dbt's, as JSON, which is YAML too: one way to write it, whatever it says."""
    return (json.dumps({"version": 2, **told}, indent=1, default=str) + "\n").encode()
