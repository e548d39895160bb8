"""The definitions that tests run with: what ships, with the demo's authority over it."""

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from exports.edition.facts import ReleaseFacts
from exports.release import publish as releases
from flows.authority.places import lay_out, places_in_use
from flows.common.settings import Settings
from flows.demo import AUTHORITY

# By digest, and therefore one for all processes and runs.
PLACES = lay_out(Path(tempfile.gettempdir()) / f"demo-definitions-{os.getuid()}", AUTHORITY)
DEFINITIONS = PLACES.seeds.parent


def own_definitions(settings: Settings, folder: Path) -> Settings:
    """The same settings with a copy of their definitions in `folder`, for a test to change."""
    shutil.copytree(places_in_use(settings).seeds.parent, folder)
    return settings.model_copy(update={"definitions": folder})


def publish(
    facts: ReleaseFacts, *, analysts: Path, published: Path, **other: Path
) -> releases.Release:
    """A release by these definitions; `other`: folders to take in place of theirs."""
    places = replace(PLACES, **other)
    return releases.publish(facts, analysts=analysts, published=published, places=places)
