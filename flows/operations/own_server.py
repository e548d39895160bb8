"""The home's own Prefect server: `serve` runs it, and every other command of the home finds it.

Two servers on one database disturb each other's runs, so nobody starts a second one meanwhile.
Prefect's settings are made with this before Prefect is imported, so it imports no Prefect.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.common.errors import SocialValueError
from flows.common.settings import Settings

DEPLOYMENTS = Path(__file__).with_name("prefect.yaml")  # what it is to offer
STARTUP_SECONDS = 120


class ServerFault(SocialValueError):
    """Prefect's own server did not start."""


def server_of(settings: Settings) -> str | None:
    """The server that PREFECT_API_URL names, or else the home's own while it runs."""
    named = os.environ.get("PREFECT_API_URL")
    note = _note(settings)
    if named or not note.is_file():
        return named
    url = note.read_text(encoding="utf-8").strip()
    return url if answers(url) else None


@contextmanager
def own_server(settings: Settings) -> Iterator[str]:
    """Run Prefect's server on this machine until the block ends; gives its address.

    It listens at `settings.port`, or at any free port where that is taken. Raises ServerFault.
    """
    url = f"http://127.0.0.1:{_free_port(settings.port)}/api"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "prefect", "server", "start"),
            *("--host", "127.0.0.1", "--port", url.split(":")[2].split("/")[0]),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # it outlives the runs that an interrupt from the keyboard ends
    )
    try:
        _wait_for(url, process)
        _note(settings).parent.mkdir(parents=True, exist_ok=True)
        _note(settings).write_text(f"{url}\n", encoding="utf-8")
        yield url
    finally:
        _note(settings).unlink(missing_ok=True)
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _note(settings: Settings) -> Path:
    return settings.home / "prefect" / "server.url"


def _free_port(wanted: int) -> int:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", wanted))
        except OSError:
            one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTUP_SECONDS
    while not answers(url):
        if process.poll() is not None or time.monotonic() > until:
            raise ServerFault("Prefect's server did not start: see what it said above.")
        time.sleep(0.25)


def answers(url: str) -> bool:
    """Whether a server answers there."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2):  # noqa: S310  # http, by us
            return True
    except OSError:
        return False
