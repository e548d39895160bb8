"""Places that files of the post lie at: a folder, as such or through sshd, and a bucket."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from tests.support.services import Sshd


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
