"""Zip files that are equal, byte for byte, when what is in them is."""

import hashlib
import io
import os
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from flows.common.settings import Settings

_CORE = "docProps/core.xml"
_MODIFIED = re.compile(
    rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)"
)


def same_bytes(workbook: bytes, as_of: datetime) -> bytes:
    """The workbook with sorted entries, fixed entry dates, and `as_of` as its created and modified.

    openpyxl writes the present moment into both the properties and the zip entries.
    """
    stamp = f"{as_of:%Y-%m-%dT%H:%M:%SZ}".encode()
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == _CORE:
                content = _MODIFIED.sub(lambda found: found[1] + stamp + found[3], content)
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            new.writestr(entry, content, compresslevel=9)
    return out.getvalue()


def scratch_folder(settings: Settings) -> Path:
    """This process's own folder for temporary files, made if need be."""
    folder = settings.scratch / str(os.getpid())
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def digest_of(files: Mapping[str, bytes]) -> str:
    """The SHA-256 of all these files, with their names."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()
