"""Originals are sealed: they come back byte for byte, or it is said why they do not."""

import hashlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from flows.common.settings import Settings, settings_for
from flows.warehouse.archive import (
    ArchiveError,
    NoLongerHeld,
    original,
    path_in_archive,
    put_in_archive,
)
from flows.warehouse.encryption import CHUNK, Key, SealBroken, seal, unseal

KEY = Key(b"a key for these tests, which is long enough")


def sealed_of(data: bytes, key: Key = KEY) -> tuple[bytes, str]:
    sha256 = hashlib.sha256(data).hexdigest()
    out = io.BytesIO()
    assert seal(io.BytesIO(data), out, key, sha256) == sha256
    return out.getvalue(), sha256


def opened(sealed: bytes, sha256: str, key: Key = KEY) -> bytes:
    out = io.BytesIO()
    unseal(io.BytesIO(sealed), out, key, sha256)
    return out.getvalue()


@given(data=st.binary(max_size=300))
@effort(max_examples=50, deadline=None)
def test_what_was_sealed_comes_back(data):
    assert opened(*sealed_of(data)) == data


@pytest.mark.parametrize("size", [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])
def test_a_file_of_several_chunks_comes_back(size):
    data = os.urandom(size)
    sealed, sha256 = sealed_of(data)
    assert opened(sealed, sha256) == data
    assert data[:64] not in sealed
    for cut in (len(sealed) - 1, len(sealed) // 2, 30):
        with pytest.raises(SealBroken, match="cut short"):
            opened(sealed[:cut], sha256)


def test_a_file_cut_between_chunks_does_not_open():
    data = os.urandom(2 * CHUNK)
    sealed, sha256 = sealed_of(data)
    head = len(sealed) - 2 * (CHUNK + 16)
    with pytest.raises(SealBroken, match="cut short"):
        opened(sealed[: head + CHUNK + 16], sha256)


def test_every_flipped_bit_is_seen():
    sealed, sha256 = sealed_of(b"E99887,Zebediah Canary,1971-04-13")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            opened(bytes(changed), sha256)


def test_another_key_does_not_open_it():
    sealed, sha256 = sealed_of(b"something")
    with pytest.raises(SealBroken, match="another key"):
        opened(sealed, sha256, Key(b"another key, also of a length that will do"))


@pytest.fixture
def kept(settings: Settings, tmp_path: Path) -> str:
    source = tmp_path / "source.csv"
    source.write_bytes(b"Zebediah Canary\n" * 1000)
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    put_in_archive(settings, source, sha256)
    return sha256


def test_an_original_is_opened_where_no_folder_lists_it(settings: Settings, kept: str):
    before = set(settings.home.rglob("*"))
    with original(settings, kept) as path:
        assert path.read_bytes() == b"Zebediah Canary\n" * 1000
        assert {path for path in settings.home.rglob("*") if path.is_file()} <= before
    assert path_in_archive(settings, kept).stat().st_mode & 0o777 == 0o400


def test_a_kill_leaves_nothing_of_an_opened_original(settings: Settings, kept: str):
    code = (
        "import os, signal; from pathlib import Path\n"
        "from flows.common.settings import settings_for\n"
        "from flows.warehouse.archive import original\n"
        f"with original(settings_for(Path({str(settings.home)!r})), {kept!r}) as path:\n"
        "    assert b'Zebediah' in path.read_bytes(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    for path in settings.home.rglob("*"):
        assert not path.is_file() or b"Zebediah" not in path.read_bytes()


def test_one_that_is_gone_or_damaged_is_told_in_a_sentence(settings: Settings, kept: str):
    with pytest.raises(NoLongerHeld, match="no longer held"), original(settings, "ab" * 32):
        pass
    path = path_in_archive(settings, kept)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(ArchiveError, match="cut short"), original(settings, kept):
        pass


def test_a_file_that_changes_meanwhile_is_not_kept(settings: Settings, tmp_path: Path):
    source = tmp_path / "growing.csv"
    source.write_text("more and more")
    with pytest.raises(ArchiveError, match="changed while it was read"):
        put_in_archive(settings, source, "ab" * 32)
    assert [path for path in settings.archive.rglob("*") if path.is_file()] == []


PEOPLE = "Employer,Snapshot date,Employee number,FTE\nlcrca,30/06/2022,E99887,1\n"
PAYMENTS = "Date paid,Supplier name,Net amount\n01/04/2022,Acme,10.00\n"


def test_by_setting_no_original_with_people_is_kept(take, settings, monkeypatch):
    monkeypatch.setenv("SOCIAL_VALUE_KEEP_ORIGINALS", "none")
    settings.keep_originals = settings_for(settings.home).keep_originals
    assert take(PEOPLE, "lcrca_2022-23-q1.csv", "hr_workforce").outcome == "loaded"
    assert list(settings.archive.rglob("*")) == []
    assert take(PAYMENTS).outcome == "loaded"
    assert len([path for path in settings.archive.rglob("*") if path.is_file()]) == 1
