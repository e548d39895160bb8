"""Which software this is: its version, its commit where that is known, the warehouse's schema."""

import importlib.metadata
import json
import subprocess
from shutil import which

import typer

from flows.common.settings import PACKAGE, PROJECT


def print_version(wanted: bool) -> None:
    """Print the version and end, where the command line asks for it."""
    if wanted:
        from flows.warehouse.connection import SCHEMA_VERSION

        commit = _installed_commit() or _checkout_commit()
        known = f" (commit {commit})" if commit else ""
        version = importlib.metadata.version(PACKAGE)
        print(f"social-value {version}{known}, schema {SCHEMA_VERSION}")
        raise typer.Exit


def _installed_commit() -> str:
    """The commit that pip fetched, where it was told to fetch one."""
    text = importlib.metadata.distribution(PACKAGE).read_text("direct_url.json")
    found = json.loads(text or "{}").get("vcs_info", {})
    return str(found.get("commit_id", ""))[:12]


def _checkout_commit() -> str:
    """The commit of the checkout that the package lies in, if it lies in one."""
    git = which("git")
    if git is None or not (PROJECT / ".git").exists():
        return ""
    done = subprocess.run(
        [git, "-C", str(PROJECT), "rev-parse", "--short=12", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()
