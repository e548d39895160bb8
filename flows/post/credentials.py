"""The passwords and keys of sources: from the environment, or from a file that only we may read.

No message and no log quotes one.
"""

import os
import stat

from flows.common.errors import SocialValueError
from flows.common.settings import Settings
from flows.post.sources import Source

PREFIX = "SOCIAL_VALUE_SOURCE_"


class NoCredential(SocialValueError):
    """A source's password or key is not there, or lies open."""

    notice = "a source's password is not there: social-value doctor names it."


def credential(settings: Settings, source: Source, name: str) -> str:
    """What is kept under the source's id and `name` (PASSWORD, KEY_FILE ...); '' if nothing is.

    Raises NoCredential where the file is open to others.
    """
    variable = f"{source.id.replace('-', '_').upper()}_{name}"
    return os.environ.get(f"{PREFIX}{variable}") or _kept(settings).get(variable, "")


def needed(settings: Settings, source: Source, name: str) -> str:
    """The same, where the source cannot do without. Raises NoCredential."""
    found = credential(settings, source, name)
    if not found:
        variable = f"{source.id.replace('-', '_').upper()}_{name}"
        raise NoCredential(
            f"{source.id} has no {name.lower().replace('_', ' ')}: set {PREFIX}{variable}, or write"
            f" {variable}=... in {settings.credentials_path}."
        )
    return found


def _kept(settings: Settings) -> dict[str, str]:
    path = settings.credentials_path
    try:
        found = path.stat()
        if found.st_mode & 0o077 or not stat.S_ISREG(found.st_mode):
            raise NoCredential(f"{path} is open to others: run chmod 600 {path}.")
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): text.strip() for name, text in pairs}
