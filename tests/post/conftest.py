"""An authority with sources, and servers that they lie on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.common.settings import Settings
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
