"""The home's own Prefect server: `serve` runs it, and every other command of the home finds it.

Two servers on one database disturb each other's runs, so nobody starts a second one meanwhile. It
answers nobody without the home's password, which Prefect's clients are given by the environment.
Prefect's settings are made with this before Prefect is imported, so it imports no Prefect.
"""

import base64
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flows.common.errors import SocialValueError
from flows.common.files import written_whole
from flows.common.locks import Busy, locked
from flows.common.settings import Settings

DEPLOYMENTS = Path(__file__).parents[1] / "prefect.yaml"  # what it is to offer
STARTUP_SECONDS = 120
STOPPING_SECONDS = 30


class ServerFault(SocialValueError):
    """Prefect's own server did not start, or ended by itself."""


class AlreadyServed(Busy):
    """Another process serves this home."""


def prefect_folder(settings: Settings) -> Path:
    """Where Prefect keeps its state, for the home's owner alone; made if need be."""
    folder = settings.home / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def password_file(settings: Settings) -> Path:
    """Where the password of the home's server is."""
    return settings.home / "prefect" / "password"


def password_of(settings: Settings) -> str:
    """The password of the home's server, made the first time."""
    path = prefect_folder(settings) / "password"
    if not path.exists():
        with locked(path.with_name("password.lock"), what="Prefect's password"):
            if not path.exists():
                with written_whole(path) as partial:
                    partial.write_text(f"social-value:{secrets.token_urlsafe(32)}\n", "utf-8")
    return path.read_text(encoding="utf-8").strip()


def refuse_damaged(settings: Settings) -> None:
    """Raise ServerFault where Prefect's database cannot be read: its server would never start."""
    path = Path(os.environ.get("PREFECT_HOME", settings.home / "prefect")) / "prefect.db"
    if not path.exists():
        return
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=1)
        try:
            connection.execute("select count(*) from sqlite_master").fetchone()
        finally:
            connection.close()
    except sqlite3.OperationalError:  # somebody is writing it
        return
    except sqlite3.DatabaseError as error:
        raise ServerFault(
            f"{path} is damaged ({error}). Prefect keeps its list of runs there, and nothing of "
            "the warehouse: move it away, and run this again."
        ) from None


def server_of(settings: Settings) -> str | None:
    """The server that PREFECT_API_URL names, or else the home's own while it runs."""
    named = os.environ.get("PREFECT_API_URL")
    if named:
        return named
    url, _ = _noted(settings)
    return url if url and answers(url) else None


def is_home_server(url: str, settings: Settings) -> bool:
    """Whether `url` is that of the server that `serve` runs for this home."""
    return url == _noted(settings)[0]


def authorization(settings: Settings, url: str) -> dict[str, str]:
    """The header that opens the server at `url`: the environment's password, or the home's own.

    The home's password is sent to the home's server and to no other.
    """
    given = os.environ.get("PREFECT_API_AUTH_STRING")
    if given is None and is_home_server(url, settings):
        given = password_of(settings)
    if given is None:
        return {}
    return {"Authorization": f"Basic {base64.b64encode(given.encode()).decode()}"}


@contextmanager
def serving_alone(settings: Settings) -> Iterator[None]:
    """Be the one process that serves this home. Raises AlreadyServed."""
    path = prefect_folder(settings) / "serve.lock"
    with locked(path, wait=0, what="the schedules of this home", busy=AlreadyServed):
        yield


@contextmanager
def own_server(settings: Settings) -> Iterator[str]:
    """Run Prefect's server on this machine until the block ends; gives its address.

    It listens at `settings.port`, or at any free port where that is taken; the server of a `serve`
    that was killed is ended first. Where the server ends by itself, this process does at once:
    nothing would run any more. To be used inside `serving_alone`. Raises ServerFault.
    """
    folder = prefect_folder(settings)
    _end_orphan(settings)
    port = _free_port(settings.port)
    url = f"http://127.0.0.1:{port}/api"
    log = folder / "server.log"
    with log.open("w", encoding="utf-8") as output:
        log.chmod(0o600)
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "prefect", "server", "start"),
                *("--host", "127.0.0.1", "--port", str(port)),
            ],
            env={**os.environ, **_pages(port, folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # it outlives the runs that an interrupt ends
            umask=0o077,
        )
    stopping = threading.Event()
    try:
        _wait_for(url, process, log)
        for name, content in (("server.pid", process.pid), ("server.url", url)):
            with written_whole(folder / name) as partial:
                partial.write_text(f"{content}\n", encoding="utf-8")
        threading.Thread(target=_watch, args=(process, stopping, folder), daemon=True).start()
        yield url
    finally:
        stopping.set()
        _end(process)
        _forget(folder)


def _pages(port: int, folder: Path) -> dict[str, str]:
    """What the server's pages are told: where its API is. No other page may ask it.

    They are written where the home is: the software may be somebody else's.
    """
    own = [f"http://{host}:{port}" for host in ("127.0.0.1", "localhost")]
    return {
        "PREFECT_UI_STATIC_DIRECTORY": str(folder / "pages"),
        "PREFECT_UI_API_URL": f"{own[0]}/api",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": ",".join(own),
    }


def _watch(process: "subprocess.Popen[bytes]", stopping: threading.Event, folder: Path) -> None:
    """End this process where the server has ended and nobody has asked it to.

    At once: Prefect's runner would go on asking, run nothing, and never say so.
    """
    status = process.wait()
    if not stopping.is_set():
        _forget(folder)
        print(
            f"Prefect's server ended by itself (status {status}; {folder / 'server.log'} has what "
            "it said): start social-value serve again.",
            file=sys.stderr,
            flush=True,
        )
        os._exit(ServerFault.exit_status)


def _forget(folder: Path) -> None:
    for name in ("server.url", "server.pid"):
        (folder / name).unlink(missing_ok=True)


def _noted(settings: Settings) -> tuple[str | None, int | None]:
    """The address and the process of the home's server, as it was started last."""
    folder = settings.home / "prefect"
    try:
        url, number = (
            (folder / name).read_text(encoding="utf-8").strip()
            for name in ("server.url", "server.pid")
        )
        return url, int(number)
    except (FileNotFoundError, ValueError):
        return None, None


def _end_orphan(settings: Settings) -> None:
    """End the server of a `serve` that is dead: it is the one that knows the home's password."""
    url, number = _noted(settings)
    if url is None or number is None or not _is_own(url, settings):
        return
    print(
        f"A Prefect server that a killed serve left (process {number}) is ended.", file=sys.stderr
    )
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(number, sign)
        until = time.monotonic() + STOPPING_SECONDS
        while answers(url) and time.monotonic() < until:
            time.sleep(0.25)
        if not answers(url):
            return


def _is_own(url: str, settings: Settings) -> bool:
    request = urllib.request.Request(  # noqa: S310  # http, by us
        f"{url}/admin/version", headers=authorization(settings, url)
    )
    try:
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310
            return True
    except OSError:
        return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=STOPPING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port(wanted: int) -> int:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", wanted))
        except OSError:
            one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + STARTUP_SECONDS
    while not answers(url):
        if process.poll() is not None or time.monotonic() > until:
            raise ServerFault(f"Prefect's server did not start: {log} says what it said.")
        time.sleep(0.25)


def answers(url: str) -> bool:
    """Whether a server answers there."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2):  # noqa: S310  # http, by us
            return True
    except OSError:
        return False
