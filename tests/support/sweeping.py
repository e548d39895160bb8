"""One sweep of the inbox in a process of its own, which may be killed at a named moment."""

import os
from pathlib import Path

from flows.common.settings import Settings, settings_for
from flows.intake import claim, inbox
from flows.intake import settle as settling
from flows.intake import take_in as intake
from flows.intake.across import judge_across
from flows.intake.rules import read_rules
from flows.operations.ingest import ingest
from flows.operations.record import LogRecord
from flows.warehouse import keep as keeping
from flows.warehouse.home import tidy
from tests.support.deadly import die_at

# Every step boundary: (module, function, before or after it).
BOUNDARIES = [
    (intake, name, when)
    for name in ("land", "identify", "look_up", "store", "read", "type_tables", "judge_tables")
    for when in ("before", "after")
] + [
    (claim, "_move", "before"),
    (claim, "_move", "after"),
    (intake, "write_answer", "after"),
    (keeping, "_land", "before"),
    (keeping, "_land", "after"),
    (keeping, "put_in_force", "after"),
    (settling, "keep", "after"),  # all is written, nothing committed
    (settling, "_keep_together", "after"),  # committed, and the warehouse still held
    (intake, "keep_batch", "after"),  # and the file still in the inbox
    (claim, "leave_inbox", "after"),
]


def sweep(settings: Settings) -> None:
    """What an ingest does, one file after the other: the inbox, in order, then across returns."""
    tidy(settings)
    rules = read_rules(settings)
    for sent in inbox.waiting(settings, rules):
        with claim.claimed([sent], settings) as (file,):
            if file is not None:
                claim.leave_inbox(file, intake.take_in(file, rules, settings))
    judge_across(rules, settings)


def sweep_and_die(home: str, boundary: int, visit: int, environment: dict[str, str]) -> None:
    """Sweep, and kill this process at the `visit`-th time the boundary is reached."""
    os.environ.update(environment)
    module, name, when = BOUNDARIES[boundary]
    die_at(module, name, when, visit)
    sweep(settings_for(Path(home)))


def sweep_on_a_full_disk(home: str, largest: int, environment: dict[str, str]) -> None:
    """Sweep where no file may grow past `largest` bytes, as where the disk is full."""
    import resource

    os.environ.update(environment)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    sweep(settings_for(Path(home)))


def sweep_without_a_right(home: str, environment: dict[str, str]) -> None:
    """Sweep as a user who may not read a file of mode 000, even where the tests are root's."""
    os.environ.update(environment)
    if os.geteuid() == 0:
        _give_up_reading_everything()
    sweep(settings_for(Path(home)))


def _give_up_reading_everything() -> None:
    """Drop CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH (capabilities 1 and 2) of this process."""
    import ctypes

    system = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    rights = (ctypes.c_uint32 * 6)()
    if system.capget(header, rights) or (rights.__setitem__(0, rights[0] & ~0b110)):
        raise OSError(ctypes.get_errno(), "capget")
    if system.capset(header, rights):
        raise OSError(ctypes.get_errno(), "capset")


def sweep_in_steps(home: str, environment: dict[str, str]) -> None:
    """Sweep as a second process does beside the first."""
    os.environ.update(environment)
    sweep(settings_for(Path(home)))


def ingest_all(home: str, environment: dict[str, str]) -> None:
    """Ingest what waits, as the command does in a process of its own."""
    os.environ.update(environment)
    settings = settings_for(Path(home))
    ingest(None, settings, LogRecord(settings, "ingest"))
