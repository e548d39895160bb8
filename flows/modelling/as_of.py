"""As of a past moment: the models as they would have been built then, in a place of their own."""

import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path

from flows.common import clock
from flows.common.files import scratch_folder
from flows.common.settings import Settings
from flows.modelling.build import build

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_as_of(text: str) -> datetime:
    """The moment that `--as-of` names; a day alone means its end.

    Raises ClockError if it cannot be read, or has not come yet.
    """
    moment = clock.read_moment(text)
    if _DAY.fullmatch(text.strip()):
        moment = datetime.combine(moment, time(23, 59, 59))
    if moment.date() > clock.now().date():
        raise clock.ClockError(f"{text} has not come yet: --as-of asks what was known before now.")
    return min(moment, clock.now())


def place_of(settings: Settings, moment: datetime) -> Path:
    """Where `build --as-of` leaves its file, beside the analysts' own and never over it."""
    return settings.home / "warehouse" / "as-of" / f"{moment:%Y-%m-%dT%H%M%S}" / "analysts.duckdb"


@contextmanager
def as_known(settings: Settings, moment: datetime | None) -> Iterator[Path | None]:
    """The folder of the models as of the moment, which is gone afterwards.

    Without a moment it is None, for the home's own. Raises BuildFailed.
    """
    if moment is None:
        yield None
        return
    with scratch_models(settings) as folder:
        build(settings, moment, folder / settings.analysts.name, folder / settings.restricted.name)
        yield folder


@contextmanager
def scratch_models(settings: Settings) -> Iterator[Path]:
    """A scratch folder for modelled tables, which is gone afterwards."""
    folder = scratch_folder(settings) / f"models-{uuid.uuid4().hex[:8]}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
