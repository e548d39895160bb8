"""What is refused: another server's key, a cut line, bombs and names that lead elsewhere."""

import io
import itertools
import os
import random
import socket
import stat
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from flows.post.brought import NotTaken
from flows.post.sources import Bounds
from flows.post.unpack import unpack
from tests.support.places import sftp_source
from tests.support.posted import Posted
from tests.support.services import Sshd, free_port, make_key
from tests.support.small_returns import payments

CUTS = 2 + 2 * int(os.environ.get("SOCIAL_VALUE_FAULT_ROUNDS", "0"))  # fifty in make faults


@pytest.fixture
def drop(tmp_path: Path, posted: Posted, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


def declare(posted: Posted, folder: Path, **source: object) -> None:
    given = {"id": "drop", "address": str(folder), "senders": ["birch"], "known_by": "source"}
    posted.declare({**given, **source})


@pytest.fixture
def by_sftp(
    drop: Path, posted: Posted, ssh_server: Sshd, monkeypatch: pytest.MonkeyPatch
) -> dict[str, object]:
    monkeypatch.setenv("SOCIAL_VALUE_SOURCE_DROP_KEY_FILE", str(ssh_server.key_file))
    (drop / "birch_2022-04.csv").write_text(payments())
    return sftp_source(ssh_server, drop)


def test_a_server_whose_key_changed_gets_neither_password_nor_file(
    drop: Path, posted: Posted, by_sftp: dict[str, object], tmp_path: Path
) -> None:
    other = Path(f"{make_key(tmp_path / 'other')}.pub").read_text().rsplit(" ", 1)[0].strip()
    for key in (other, "ecdsa-sha2-nistp256 AAAA"):
        declare(posted, drop, **{**by_sftp, "host_key": key})
        done = posted.collect()
        assert done.fault == (
            "drop: the server's key is not the one declared, so nobody signed in: ask its keeper"
            " whether it was changed, and then mend host_key."
        )
    assert posted.inbox() == []


def test_who_is_not_let_in_is_told_so_without_his_key(
    drop: Path,
    posted: Posted,
    by_sftp: dict[str, object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    declare(posted, drop, **by_sftp)
    secret = "s3cret-words"
    monkeypatch.setenv("SOCIAL_VALUE_SOURCE_DROP_KEY_FILE", str(make_key(tmp_path / "stranger")))
    assert "did not let" in posted.collect().fault
    (tmp_path / "broken").write_text(f"-----BEGIN OPENSSH PRIVATE KEY-----\n{secret}\n")
    monkeypatch.setenv("SOCIAL_VALUE_SOURCE_DROP_KEY_FILE", str(tmp_path / "broken"))
    fault = posted.collect().fault
    assert fault.startswith("drop: its key file cannot be read")
    monkeypatch.delenv("SOCIAL_VALUE_SOURCE_DROP_KEY_FILE")
    monkeypatch.setenv("SOCIAL_VALUE_SOURCE_DROP_PASSWORD", secret)
    refused = posted.collect().fault
    said = "".join(capfd.readouterr())
    assert secret not in fault + refused + said + str(posted.events("not collected"))
    assert "Traceback" not in said


@contextmanager
def line_that_breaks(port: int, after: int) -> Iterator[int]:
    """A way to the port that is cut once so many bytes have come back."""
    door, here = socket.socket(), free_port()
    door.bind(("127.0.0.1", here))
    door.listen()

    def carry(source: socket.socket, target: socket.socket, left: int) -> None:
        with suppress(OSError):
            while left > 0 and (got := source.recv(min(4096, left))):
                target.sendall(got)
                left -= len(got)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        while True:
            try:
                client, _ = door.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=carry, args=(client, server, 1 << 40), daemon=True).start()
            threading.Thread(target=carry, args=(server, client, after), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield here
    finally:
        door.close()


def test_a_line_that_is_cut_leaves_nothing_half_and_loses_nothing(
    drop: Path, posted: Posted, by_sftp: dict[str, object], ssh_server: Sshd
) -> None:
    first, second = payments().encode(), os.urandom(400_000)
    (drop / "birch_2022-05.csv").write_bytes(second)
    os.utime(drop / "birch_2022-04.csv", (1_657_000_000, 1_657_000_000))
    with line_that_breaks(ssh_server.port, after=200_000) as port:
        address = str(by_sftp["address"]).replace(str(ssh_server.port), str(port))
        declare(posted, drop, **{**by_sftp, "address": address})
        done = posted.collect()
    assert (done.collected, "the line broke" in done.fault) == (1, True)
    place = posted.settings.inbox / "finance_payments" / "from-birch"
    assert [path.read_bytes() for path in place.iterdir()] == [first]
    assert list(posted.settings.post.iterdir()) == []
    declare(posted, drop, **by_sftp)
    assert (posted.collect().collected, posted.collect().collected) == (1, 0)
    assert (place / "birch_2022-05.csv").read_bytes() == second


@pytest.mark.slow
def test_a_line_cut_at_random_time_after_time_loses_and_doubles_nothing(
    drop: Path, posted: Posted, by_sftp: dict[str, object], ssh_server: Sshd
) -> None:
    sent = {f"birch_2022-{month:02d}.csv": os.urandom(60_000) for month in range(5, 11)}
    for name, content in sent.items():
        (drop / name).write_bytes(content)
    sent["birch_2022-04.csv"] = (drop / "birch_2022-04.csv").read_bytes()
    moments, broken = random.Random(22), 0
    for _ in range(CUTS):
        with line_that_breaks(ssh_server.port, after=moments.randrange(200_000)) as port:
            address = str(by_sftp["address"]).replace(str(ssh_server.port), str(port))
            declare(posted, drop, **{**by_sftp, "address": address})
            broken += bool(posted.collect().fault)
        assert list(posted.settings.post.iterdir()) == []
    declare(posted, drop, **by_sftp)
    assert posted.collect().fault == ""
    assert broken > 0
    place = posted.settings.inbox / "finance_payments" / "from-birch"
    assert {path.name: path.read_bytes() for path in place.iterdir()} == sent
    assert len(posted.events("collected")) == len(sent)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def test_each_file_of_a_zip_is_a_submission(drop: Path, posted: Posted) -> None:
    declare(posted, drop, known_by="name", senders=["acme", "birch"])
    april, may = payments().encode(), payments(4, "2022-05").encode()
    members = {
        "birch_2022-04.csv": april,
        "sub/birch_2022-05.csv": may,
        "__MACOSX/._birch_2022-04.csv": b"x",
    }
    (drop / "both.zip").write_bytes(zipped(**members))
    done = posted.collect()
    assert (done.collected, done.fault, done.aside) == (2, "", [])
    place = posted.settings.inbox / "finance_payments" / "from-birch"
    found = {path.name: path.read_bytes() for path in place.iterdir()}
    assert found == {"birch_2022-04.csv": april, "birch_2022-05.csv": may}
    assert len({event.detail["word"] for event in posted.events("collected")}) == 1
    assert posted.collect().collected == 0


def locked() -> bytes:
    """A .zip that says that its only file is locked."""
    made = bytearray(zipped(**{"a.csv": b"x"}))
    made[6] |= 1
    made[made.index(b"PK\1\2") + 8] |= 1
    return bytes(made)


def with_a_link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        entry = zipfile.ZipInfo("a.csv")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(entry, "/etc/passwd")
    return out.getvalue()


def that_says_less() -> bytes:
    """A .zip whose file unpacks to more than its list says."""
    made = bytearray(zipped(**{"a.csv": b"0" * 100_000}))
    at = made.index(b"PK\1\2")
    made[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(made)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (zipped(**{"../../a.csv": b"x"}), "leads out of the folder"),
        (zipped(**{"/etc/a.csv": b"x"}), "leads out of the folder"),
        (zipped(**{"..\\a.csv": b"x"}), "signs that no name may hold"),
        (zipped(**{"a.zip": b"x"}), "another .zip"),
        (zipped(**{"a.csv": b"0" * 2_000_001}), "larger than 2 MB"),
        (zipped(**{f"{n}.csv": b"x" for n in range(6)}), "more than 5 files"),
        (zipped(**{"n" * 60_000: b"x"}), "more than 5 files"),
        (locked(), "a password"),
        (with_a_link(), "a link"),
        (that_says_less(), "cannot be unpacked|more than it says"),
        (zipped(**{"a.csv": b"x"})[:-30], "cannot be unpacked"),
        (b"no zip", "cannot be unpacked"),
        (zipped(**{".hidden": b"x"}), "no file"),
    ],
    ids=itertools.count(),  # a .zip holds the time it was made at: no name for two workers
)
def test_a_zip_that_is_no_good_is_refused_in_a_sentence(
    content: bytes, why: str, tmp_path: Path
) -> None:
    (tmp_path / "sent.zip").write_bytes(content)
    (tmp_path / "into").mkdir()
    with pytest.raises(NotTaken, match=why):
        unpack(tmp_path / "sent.zip", tmp_path / "into", Bounds(file_mb=2, members=5))
    size = sum(path.stat().st_size for path in (tmp_path / "into").iterdir())
    assert size <= 2_000_000
    assert {path.name for path in tmp_path.iterdir()} == {"sent.zip", "into"}


def test_links_and_devices_of_a_folder_are_left_alone(drop: Path, posted: Posted) -> None:
    declare(posted, drop)
    (drop / "birch_2022-04.csv").symlink_to("/etc/passwd")
    os.mkfifo(drop / "birch_2022-05.csv")
    assert vars(posted.collect()) == {
        "source": "drop",
        "collected": 0,
        "known": 0,
        "waiting": 0,
        "left_alone": 0,
        "aside": [],
        "fault": "",
        "over": [],
    }
