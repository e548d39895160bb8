"""Try several machines on one: PostgreSQL, S3 as moto plays it, Prefect's server and two workers.

    .venv/bin/python docs/several_machines.py FOLDER [--lake | --lake-in-s3]

With --lake the warehouse lies in a lake, its rows as files in FOLDER/rows; with --lake-in-s3 in a
bucket of moto's. All of it lies in FOLDER and listens on this machine alone. When everything
answers, FOLDER/environment says how to reach it (a file for `source`); Ctrl-C or kill ends it all.
Passwords are made anew each time, and stand in files that only their owner reads. Nothing here is a
container, or needs root: where root runs it, PostgreSQL is nobody's.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534
PATIENCE = 180  # seconds that a service may take to answer
BIN = Path(sys.executable).parent
WORKERS = 2
LAKES = ("--lake", "--lake-in-s3")


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL: its port, and the passwords of its roles, each with its database."""

    port: int
    passwords: dict[str, str]


def main(folder: Path, lake: str = "") -> None:
    """Start everything, say where it is, and wait to be stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)  # nobody passes through to PostgreSQL's own folder
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    with ExitStack() as running:
        database = start_postgres(folder / "postgres", running)
        s3 = start_s3(folder, running)
        common = start_server(folder, database, running) | (s3_at(s3) if s3 else {})
        if lake == "--lake-in-s3" and not s3:
            sys.exit("There is no S3 for the lake: pip install 'moto[s3,server]'.")
        if lake:
            common |= lake_at(folder, database, s3 if lake == "--lake-in-s3" else "")
        run([BIN / "social-value", "deploy"], common)
        for number in range(1, WORKERS + 1):
            start_worker(folder, f"node-{number}", common, running)
        lines = [f"export {name}='{value}'" for name, value in common.items()]
        if not s3:
            lines.append("# moto is not installed: no S3")
        write(folder / "environment", "\n".join([*lines, ""]))
        print(f"Ready: source {folder / 'environment'}", flush=True)
        signal.pause()


def start_postgres(folder: Path, running: ExitStack) -> Postgres:
    """A cluster with a database for Prefect and one for a lake, each with an owner of its own."""
    by: dict[str, object] = {}
    folder.mkdir()
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        by = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    password, port = secrets.token_urlsafe(24), free_port()
    roles = {"prefect": secrets.token_urlsafe(24), "keeper": secrets.token_urlsafe(24)}
    given = folder / "given"
    write(given, password)
    if by:
        os.chown(given, NOBODY, NOBODY)
    data = folder / "data"
    made = ["-D", data, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={given}"]
    run([postgres("initdb"), *made, "--encoding=UTF8", "--no-sync"], {}, folder, by)
    given.unlink()
    control = [postgres("pg_ctl"), "-D", data, "-w", "-t", "60"]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    run([*control, "-l", folder / "log", "-o", options, "start"], {}, folder, by)
    running.callback(run, [*control, "-m", "fast", "stop"], {}, folder, by)
    words = [postgres("psql"), "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "postgres"]
    write(
        given,
        "".join(
            f"create role {name} login password '{own}'; create database {name} owner {name};\n"
            for name, own in roles.items()
        ),
    )
    run([*words, "-v", "ON_ERROR_STOP=1", "-f", given], {"PGPASSWORD": password})
    given.unlink()
    return Postgres(port, roles)


def start_s3(folder: Path, running: ExitStack) -> str:
    """The address of an S3 that forgets all when it ends; empty where moto is not installed."""
    if not (BIN / "moto_server").exists():
        return ""
    port = free_port()
    start([BIN / "moto_server", "-H", "127.0.0.1", "-p", str(port)], {}, folder / "s3.log", running)
    wait_for(f"http://127.0.0.1:{port}/moto-api/")
    return f"http://127.0.0.1:{port}"


def s3_at(s3: str) -> dict[str, str]:
    """The variables of whoever uses that S3, which believes any key."""
    return {
        "AWS_ENDPOINT_URL": s3,
        "AWS_ACCESS_KEY_ID": "keeper",
        "AWS_SECRET_ACCESS_KEY": secrets.token_urlsafe(24),
        "AWS_REGION": "us-east-1",
    }


def lake_at(folder: Path, database: Postgres, s3: str) -> dict[str, str]:
    """The variables that say a lake in that PostgreSQL; its rows in a bucket, or in a folder."""
    server = f"127.0.0.1:{database.port}:keeper:keeper"
    write(folder / "pgpass", f"{server}:{database.passwords['keeper']}\n")
    if s3:
        made = urllib.request.Request(f"{s3}/social-value", method="PUT")  # noqa: S310  # http
        urllib.request.urlopen(made, timeout=10).close()  # noqa: S310
    address = f"host=127.0.0.1 port={database.port} dbname=keeper user=keeper"
    return {
        "SOCIAL_VALUE_WAREHOUSE": f"ducklake:postgres:{address}",
        "SOCIAL_VALUE_WAREHOUSE_DATA": "s3://social-value/rows/" if s3 else str(folder / "rows"),
        "PGPASSFILE": str(folder / "pgpass"),
    }


def start_server(folder: Path, database: Postgres, running: ExitStack) -> dict[str, str]:
    """Prefect's server on that database; the variables of whoever asks it."""
    address = f"prefect:{database.passwords['prefect']}@127.0.0.1:{database.port}/prefect"
    port, password = free_port(), f"social-value:{secrets.token_urlsafe(24)}"
    own = {
        "PREFECT_HOME": str(folder / "server"),
        "PREFECT_API_DATABASE_CONNECTION_URL": f"postgresql+asyncpg://{address}",
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    words = [BIN / "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    start(words, own, folder / "server.log", running)
    url = f"http://127.0.0.1:{port}/api"
    wait_for(f"{url}/health")
    whose = os.environ.get("SOCIAL_VALUE_AUTHORITY")
    return {
        "PREFECT_API_URL": url,
        "PREFECT_API_AUTH_STRING": password,
        "SOCIAL_VALUE_HOME": os.environ.get("SOCIAL_VALUE_HOME", str(folder / "home")),
        "SOCIAL_VALUE_SWEEP_BY": "workers",
        **({"SOCIAL_VALUE_AUTHORITY": str(Path(whose).absolute())} if whose else {}),
    }


def start_worker(folder: Path, name: str, common: dict[str, str], running: ExitStack) -> None:
    """A worker with a Prefect home and a scratch folder of its own, as on a machine of its own."""
    own = {
        **common,
        "PREFECT_HOME": str(folder / name / "prefect"),
        "SOCIAL_VALUE_SCRATCH": str(folder / name / "scratch"),
        "PREFECT_WORKER_QUERY_SECONDS": "2",
    }
    (folder / name).mkdir()
    words = [BIN / "prefect", "worker", "start", "--pool", "social-value", "--name", name]
    process = start(words, own, folder / f"{name}.log", running)
    write(folder / f"{name}.pid", str(process.pid))


def start(
    words: Sequence[object], environment: dict[str, str], log: Path, running: ExitStack
) -> "subprocess.Popen[bytes]":
    """A process in a group of its own, which ends when everything does."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in words],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
        )
    running.callback(end, process)
    return process


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process: in order, or else at once."""
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run(
    words: Sequence[object],
    environment: dict[str, str],
    folder: Path | None = None,
    by: dict[str, object] | None = None,
) -> None:
    """A command that must end well. What pg_ctl starts keeps its output open: that is no pipe."""
    done = subprocess.run(
        [str(word) for word in words],
        env={**os.environ, **environment},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
        **(by or {}),  # type: ignore[call-overload]
    )
    if done.returncode:
        sys.exit(f"{Path(str(words[0])).name} failed: what it said stands above.")


def postgres(name: str) -> str:
    """Where a program of the newest PostgreSQL lies: Debian keeps a folder a version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda at: int(at.parent.name))
    path = ":".join([*map(str, reversed(folders)), os.environ.get("PATH", "")])
    found = shutil.which(name, path=path)
    if found is None:
        sys.exit(f"{name} is not there: install PostgreSQL (apt-get install postgresql).")
    return found


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(url: str) -> None:
    """Wait until something answers there."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  # http, on this machine
                return
        except OSError:
            time.sleep(0.25)
    sys.exit(f"Nothing answers at {url}.")


def write(path: Path, text: str) -> None:
    """Write a file that its owner alone reads."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)


if __name__ == "__main__":
    said = sys.argv[1:]
    if len(said) not in (1, 2) or said[1:] not in ([], *([lake] for lake in LAKES)):
        sys.exit(f"Say which folder to use, which is not there yet, and {' or '.join(LAKES)}.")
    main(Path(said[0]).absolute(), *said[1:])
