"""A bucket of object storage. An object is there whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Any, BinaryIO

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from flows.common.settings import Settings
from flows.post.credentials import credential
from flows.post.road import CHUNK, MOST_ENTRIES, OURS, PATIENCE, Item, NotReached
from flows.post.sources import Source

NOT_LET_IN = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403")


@contextmanager
def connected(source: Source, settings: Settings) -> Iterator["S3Road"]:
    """The bucket. Raises NotReached.

    Where no key is kept for the source, the machine's own role is used, as Amazon's tools do.
    """
    try:
        client = boto3.client(
            "s3",
            endpoint_url=source.endpoint or None,
            region_name=source.region or None,
            aws_access_key_id=credential(settings, source, "ACCESS_KEY") or None,
            aws_secret_access_key=credential(settings, source, "SECRET_KEY") or None,
            verify=source.ca_file or None,
            config=Config(
                connect_timeout=PATIENCE, read_timeout=PATIENCE, retries={"max_attempts": 2}
            ),
        )
        yield S3Road(client, source.url.hostname or "", source.url.path.lstrip("/"))
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        why = "the key given may not do that" if code in NOT_LET_IN else f"it answered {code}"
        raise NotReached(f"{source.id}: the bucket cannot be used: {why}.") from None
    except (BotoCoreError, OSError, ValueError) as error:
        what = type(error).__name__
        raise NotReached(
            f"{source.id}: the bucket cannot be reached, or the line broke ({what})."
        ) from None


class S3Road:
    """Objects below a prefix of a bucket."""

    left_alone = 0
    is_cut = False

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self.client = client
        self.bucket = bucket
        self.prefix = f"{prefix.rstrip('/')}/" if prefix else ""

    def items(self) -> list[Item]:
        """The objects; a key that ends in / is a folder that a console made."""
        found: list[Item] = []
        pages = self.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix):
            for entry in page.get("Contents", []):
                path = str(entry["Key"]).removeprefix(self.prefix)
                if path.endswith("/") or path.split("/")[0] in OURS:
                    continue
                modified = entry["LastModified"].astimezone(UTC).replace(tzinfo=None)
                # Two writes of the same bytes have one ETag: the time tells them apart.
                version = f"{entry['ETag']}/{modified.isoformat()}"
                found.append(Item(path, int(entry["Size"]), modified, version, is_whole=True))
            if len(found) > MOST_ENTRIES:
                break
        self.is_cut = len(found) > MOST_ENTRIES
        return found[:MOST_ENTRIES]

    def fetch(self, item: Item, into: BinaryIO) -> None:
        """Copy the bytes of just that version."""
        etag = item.version.rsplit("/", 1)[0]
        got = self.client.get_object(Bucket=self.bucket, Key=self._key(item), IfMatch=etag)
        for chunk in got["Body"].iter_chunks(CHUNK):
            into.write(chunk)

    def put_away(self, item: Item, folder: str) -> None:
        """Copy the object, then remove it: one that was stopped between is copied again."""
        self.client.copy_object(
            Bucket=self.bucket,
            Key=f"{self.prefix}{folder}/{item.put_away}",
            CopySource={"Bucket": self.bucket, "Key": self._key(item)},
        )
        self.client.delete_object(Bucket=self.bucket, Key=self._key(item))

    def leave(self, path: str, content: bytes) -> None:
        """Write the object."""
        self.client.put_object(Bucket=self.bucket, Key=f"{self.prefix}{path}", Body=content)

    def _key(self, item: Item) -> str:
        return f"{self.prefix}{item.path}"
