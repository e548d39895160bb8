"""Servers that tests of the post talk to, on loopback: OpenSSH's, and S3 as moto plays it."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PATIENCE = 20
NEEDED = "SOCIAL_VALUE_TEST_SERVICES"  # set where a service that is not there is a fault


def program(name: str) -> str:
    """Where a server's program lies; the test skips where there is none, and none is asked for."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/openssh")
    if found is None and NEEDED in os.environ:
        pytest.fail(f"{name} is not installed")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until something listens there."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(log.read_text(errors="replace"))


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


@dataclass(frozen=True)
class Sshd:
    """A running sshd: who may sign in with which key, and the server's own public key."""

    port: int
    user: str
    key_file: Path
    host_key: str


def make_key(path: Path) -> Path:
    """A key without a password; its public half lies beside it."""
    keygen = [program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)]
    subprocess.run(keygen, check=True)
    return path


@contextmanager
def sshd(folder: Path) -> Iterator[Sshd]:
    """OpenSSH's server with keys of its own, for whoever runs the tests."""
    server, user = program("sshd"), subprocess.check_output(["id", "-un"], text=True).strip()
    host, own = make_key(folder / "host"), make_key(folder / "own")
    shutil.copy(f"{own}.pub", folder / "authorized")
    port, log = free_port(), folder / "sshd.log"
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True, mode=0o755)
    lines = [
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        f"HostKey {host}",
        f"PidFile {folder / 'pid'}",
        f"AuthorizedKeysFile {folder / 'authorized'}",
        "PasswordAuthentication no",
        "PermitRootLogin prohibit-password",
        "StrictModes no",
        "UsePAM no",
        "Subsystem sftp internal-sftp",
    ]
    (folder / "config").write_text("\n".join(lines) + "\n")
    with log.open("wb") as out:
        words = [server, "-D", "-e", "-f", str(folder / "config")]
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    with ended(process):
        wait_for(port, process, log)
        public = " ".join(Path(f"{host}.pub").read_text().split()[:2])
        yield Sshd(port, user, own, public)


@contextmanager
def s3() -> Iterator[str]:
    """The address of an S3 that moto plays."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()
