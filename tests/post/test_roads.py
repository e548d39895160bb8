"""Whatever road it comes by: each file once, whole, with where it came from on record."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import pytest

from flows.post.collect import collect
from tests.support.posted import Posted
from tests.support.services import Sshd
from tests.support.small_returns import payments

ROADS = ("folder", "sftp", "s3")


class Place(Protocol):
    """What lies at a source."""

    source: dict[str, object]

    def put(self, path: str, content: bytes, at: int = 1_657_000_000) -> None: ...
    def names(self) -> list[str]: ...


@dataclass
class OnDisk:
    """A folder, seen as such or through sshd."""

    place: Path
    source: dict[str, object]

    def put(self, path: str, content: bytes, at: int = 1_657_000_000) -> None:
        target = self.place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        os.utime(target, (at, at))

    def names(self) -> list[str]:
        found = (p for p in self.place.rglob("*") if p.is_file())
        return sorted(p.relative_to(self.place).as_posix() for p in found)


@dataclass
class InBucket:
    """A prefix of a bucket."""

    client: Any
    bucket: str
    source: dict[str, object]

    def put(self, path: str, content: bytes, at: int = 0) -> None:
        self.client.put_object(Bucket=self.bucket, Key=f"in/{path}", Body=content)

    def names(self) -> list[str]:
        listed = self.client.list_objects_v2(Bucket=self.bucket, Prefix="in/")
        return sorted(one["Key"].removeprefix("in/") for one in listed.get("Contents", []))


def bucket_of(address: str) -> InBucket:
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="eu-west-2",
        aws_access_key_id="ours",
        aws_secret_access_key="ours",
    )
    bucket = f"returns-{uuid4().hex[:8]}"
    where = {"LocationConstraint": "eu-west-2"}
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    source = {"address": f"s3://{bucket}/in", "endpoint": address, "region": "eu-west-2"}
    return InBucket(client, bucket, source)


def sftp_source(server: Sshd, place: Path) -> dict[str, object]:
    address = f"sftp://{server.user}@127.0.0.1:{server.port}{place}"
    return {"address": address, "host_key": server.host_key}


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


def declare(posted: Posted, place: Place, **more: object) -> None:
    source = {"id": "drop", "senders": ["acme", "birch"], **place.source, **more}
    posted.declare(source)


def came(posted: Posted) -> Sequence[tuple[object, ...]]:
    done = posted.collect()
    return (done.collected, done.known, done.waiting, len(done.aside), done.fault)


def test_each_file_comes_once_with_where_it_came_from(posted: Posted, place: Place) -> None:
    declare(posted, place, known_by="folder")
    text = payments().encode()
    place.put("birch/what is this.csv", text)
    place.put("acme/finance_payments/april.csv", text + b"\n")
    place.put("acme/finance_payments/.april.csv.part", b"half")
    assert came(posted) == (2, 0, 0, 0, "")
    assert posted.inbox() == [
        "finance_payments/from-acme/april.csv",
        "finance_payments/from-birch/what is this.csv",
    ]
    assert (posted.settings.inbox / posted.inbox()[1]).read_bytes() == text
    assert came(posted) == (0, 0, 0, 0, "")
    events = posted.events("collected")
    assert {(e.subject, e.detail["sender"], e.detail["return"]) for e in events} == {
        ("drop", "acme", "finance_payments"),
        ("drop", "birch", "finance_payments"),
    }
    assert "april" not in str(events) + str(posted.events("set aside"))
    assert len(place.names()) == 3


def test_what_the_inbox_has_is_moved_and_what_may_not_come_is_set_aside(
    posted: Posted, place: Place
) -> None:
    declare(posted, place, afterwards="moved")
    place.put("birch_2022-04.csv", payments().encode())
    place.put("sub/stranger_2022-04.csv", b"x")
    assert came(posted) == (1, 0, 0, 1, "")
    done, aside = sorted(place.names(), reverse=True)
    assert done.startswith("done/")
    assert done.endswith("_birch_2022-04.csv")
    assert aside.startswith("aside/sub/")
    assert came(posted) == (0, 0, 0, 0, "")
    assert len(posted.events("set aside")) == 1


def test_a_file_that_is_written_anew_comes_again_and_the_same_bytes_do_not(
    posted: Posted, place: Place
) -> None:
    declare(posted, place)
    place.put("birch_2022-04.csv", payments().encode())
    assert came(posted) == (1, 0, 0, 0, "")
    (waiting,) = posted.inbox()
    (posted.settings.inbox / waiting).unlink()  # it was taken in
    place.put("birch_2022-04.csv", payments().encode(), at=1_657_100_000)
    if isinstance(place, OnDisk):  # S3 has the time in whole seconds: the same word
        assert came(posted) == (0, 1, 0, 0, "")
    place.put("birch_2022-04.csv", payments(4).encode(), at=1_657_200_000)
    assert came(posted) == (1, 0, 0, 0, "")
    assert posted.inbox() == [waiting]


def test_who_is_kept_by_the_inbox_waits(posted: Posted, place: Place) -> None:
    """Another file of the name is there still: what was fetched waits beside it, once."""
    declare(posted, place)
    place.put("birch_2022-04.csv", payments().encode())
    assert came(posted) == (1, 0, 0, 0, "")
    place.put("birch_2022-04.csv", payments(4).encode(), at=1_657_200_000)
    assert came(posted) == (1, 0, 1, 0, "")
    first = posted.settings.inbox / posted.inbox()[0]
    assert first.read_bytes() == payments().encode()
    first.unlink()
    assert came(posted) == (0, 0, 0, 0, "")
    assert first.read_bytes() == payments(4).encode()
    assert len(posted.events("collected")) == 2


def test_bounds_leave_the_rest_for_the_next_run(posted: Posted, place: Place) -> None:
    declare(posted, place, bounds={"files": 1, "file_mb": 1, "files_a_day": 2})
    for month in (4, 5, 6):
        place.put(f"birch_2022-0{month}.csv", payments(month).encode(), at=1_657_000_000 + month)
    place.put("birch_2022-07.csv", b"x" * 1_000_001)
    assert came(posted) == (1, 0, 2, 1, "")
    assert came(posted) == (1, 0, 1, 0, "")
    assert came(posted) == (0, 0, 1, 0, "")  # two a day


@contextmanager
def unreachable(place: Place, posted: Posted) -> Iterator[None]:
    if isinstance(place, OnDisk):
        place.place.rename(place.place.with_name("gone"))
        yield
        place.place.with_name("gone").rename(place.place)
    else:
        declare(posted, place, endpoint="http://127.0.0.1:9")
        yield
        declare(posted, place)


def test_a_source_that_cannot_be_reached_is_told_once_and_tried_again(
    posted: Posted, place: Place
) -> None:
    declare(posted, place)
    place.put("birch_2022-04.csv", payments().encode())
    with unreachable(place, posted):
        for _ in range(2):
            (done,) = collect(posted.settings)
            assert done.fault.startswith("drop: ")
    assert len(posted.events("not collected")) == 1
    assert came(posted) == (1, 0, 0, 0, "")
    assert [e.kind for e in posted.events("not collected", "collected again")][-1] == (
        "collected again"
    )
