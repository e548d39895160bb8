"""Servers that tests of the post talk to, on loopback: sshd, Dovecot, and S3 as moto plays it."""

import imaplib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

PATIENCE = 20
MAIL = 8  # the user and group called mail, of Debian
NEEDED = "SOCIAL_VALUE_TEST_SERVICES"  # set where a service that is not there is a fault


def program(name: str) -> str:
    """Where a server's program lies; the test skips where there is none, and none is asked for."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/openssh")
    if found is None:
        cannot_start(f"{name} is not installed")
    return found


def cannot_start(why: str) -> NoReturn:
    """The test skips, or fails where servers are needed."""
    if NEEDED in os.environ:
        pytest.fail(why)
    pytest.skip(why)


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


@dataclass(frozen=True)
class Dovecot:
    """A running Dovecot: anybody signs in with the password, over TLS of a certificate of ours."""

    port: int
    password: str
    ca_file: Path

    def source(self, user: str) -> dict[str, object]:
        """A mailbox that is empty until somebody of that name gets mail."""
        address = f"imaps://{user}@127.0.0.1:{self.port}/INBOX"
        return {"address": address, "known_by": "address", "ca_file": str(self.ca_file)}

    def client(self, user: str) -> imaplib.IMAP4_SSL:
        trusted = ssl.create_default_context(cafile=str(self.ca_file))
        client = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=trusted)
        client.login(user, self.password)
        return client

    def deliver(self, user: str, message: bytes) -> None:
        """Put a message into the mailbox."""
        with self.client(user) as client:
            status, _ = client.append("INBOX", "", None, message)  # type: ignore[arg-type]
            assert status == "OK"


def make_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody else vouches for, and its key."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    words += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out"]
    made = [program("openssl"), *words, str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    return certificate, key


@contextmanager
def dovecot(folder: Path) -> Iterator[Dovecot]:
    """Dovecot's IMAP with mailboxes below a folder."""
    server, port, password = program("dovecot"), free_port(), "opensesame"
    if os.geteuid() != 0:
        cannot_start("Dovecot is started by root alone")
    certificate, key = make_certificate(folder, "mail")
    # Dovecot gives no mail to root, and nobody else may walk the folders of tests.
    mail = Path(tempfile.mkdtemp(prefix="mail-"))
    os.chown(mail, MAIL, MAIL)
    (folder / "run").mkdir()
    (folder / "config").write_text(
        f"""
protocols = imap
base_dir = {folder / "run"}
state_dir = {folder / "run"}
log_path = {folder / "log"}
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
mail_location = maildir:{mail}/%u
first_valid_uid = {MAIL}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={MAIL} gid={MAIL} home={mail}/%u
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""
    )
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(
            [server, "-F", "-c", str(folder / "config")],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        with ended(process):
            wait_for(port, process, folder / "out")
            yield Dovecot(port, password, certificate)
    finally:
        shutil.rmtree(mail)
