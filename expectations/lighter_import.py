"""What is said to Python before Great Expectations is imported; importing this module says it."""

import importlib.util
import os
import sys


def _import_when_used(package: str, name: str) -> None:
    """Let a module be imported when something of it is asked for, as `importlib` describes it.

    The package has to hold it too: whoever looks for it among the modules asks something of it.
    """
    whole = f"{package}.{name}"
    spec = None if whole in sys.modules else importlib.util.find_spec(whole)
    if spec is None or spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = sys.modules[whole] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    setattr(sys.modules[package], name, module)


os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
_import_when_used(
    "scipy", "stats"
)  # a second of each command, for one expectation on distributions
