"""An authority with sources, and servers that they lie on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.common.settings import Settings
from tests.support.places import OnDisk, Place, bucket_of, sftp_source
from tests.support.posted import Posted, posted_in
from tests.support.services import Dovecot, Sshd, dovecot, s3, sshd


@pytest.fixture
def posted(settings: Settings, tmp_path: Path) -> Posted:
    return posted_in(tmp_path / "authority", settings)


@pytest.fixture(scope="session")
def ssh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    with s3() as address:
        yield address


@pytest.fixture(scope="session")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    with dovecot(tmp_path_factory.mktemp("dovecot")) as server:
        yield server


ROADS = ("folder", "sftp", "s3")


@pytest.fixture(params=ROADS)
def place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    folder = tmp_path / "drop"
    folder.mkdir()
    if request.param == "s3":
        monkeypatch.setenv("SOCIAL_VALUE_SOURCE_DROP_ACCESS_KEY", "ours")
        monkeypatch.setenv("SOCIAL_VALUE_SOURCE_DROP_SECRET_KEY", "ours")
        yield bucket_of(request.getfixturevalue("s3_server"))
    elif request.param == "sftp":
        server = request.getfixturevalue("ssh_server")
        monkeypatch.setenv("SOCIAL_VALUE_SOURCE_DROP_KEY_FILE", str(server.key_file))
        yield OnDisk(folder, sftp_source(server, folder))
    else:
        yield OnDisk(folder, {"address": str(folder)})
