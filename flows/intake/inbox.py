"""The inbox: which files wait, and which that were taken in should be judged again."""

import sys
import time
from collections.abc import Container
from pathlib import Path

from expectations.suite import digest_of
from flows.common.files import slug
from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.intake.claim import left_over
from flows.intake.rules import Rules
from flows.intake.submission import Submission, look_at
from flows.returns.contract import Contract
from flows.returns.identity import Hints, filing_id, find_owner
from flows.warehouse.archive import is_held, path_in_archive
from flows.warehouse.connection import reading
from flows.warehouse.in_force import IN_FORCE
from flows.warehouse.postcodes import deprivation_in_force, looked_up_in

FROM = "from-"  # the folder of a return for files that are a sender's, whatever they are called


def make_inbox(settings: Settings, rules: Rules) -> None:
    """Make a folder of the inbox for each return."""
    for name in rules.contracts:
        (settings.inbox / name).mkdir(parents=True, exist_ok=True)


def waiting(settings: Settings, rules: Rules) -> list[Submission]:
    """The files in the inbox, oldest first.

    One that has changed in the last `settle_seconds` is looked at a second time when these are
    over: it is taken if it is as it was, else it is still being written and waits for the next
    sweep.
    """
    make_inbox(settings, rules)
    found = in_inbox(settings, rules)
    settled = time.time_ns() - int(settings.settle_seconds * 1e9)
    young = {look for one in found if (look := one.look) and look.changed > settled}
    if young and settings.settle_seconds:
        print(_pause(len(young), settings.settle_seconds), file=sys.stderr)
        time.sleep(settings.settle_seconds)
        known = {one.look for one in found}
        found = [one for one in in_inbox(settings, rules) if one.look in known]
    return sorted(found, key=lambda one: (one.look.changed if one.look else 0, one.path.name))


def in_inbox(settings: Settings, rules: Rules) -> list[Submission]:
    """Every file of the inbox as it is now."""
    found: list[Submission] = []
    for name in rules.contracts:
        base = settings.inbox / name
        for folder, hints in [(base, Hints()), *_of_senders(base)]:
            for path in (*folder.iterdir(), *left_over(folder)):
                if path.name.startswith(".") or path.is_symlink() or not path.is_file():
                    continue
                if look := look_at(path):
                    found.append(Submission(path, name, hints, look=look))
    return found


def folder_of_sender(settings: Settings, return_name: str, sender: str) -> Path:
    """Where files lie that are the sender's, whatever they are called."""
    return settings.inbox / return_name / f"{FROM}{slug(sender)}"


def _of_senders(base: Path) -> list[tuple[Path, Hints]]:
    """The folders of a return that are a sender's own, and what they say of their files."""
    folders = sorted(base.glob(f"{FROM}*"))
    return [
        (folder, Hints(sender=folder.name.removeprefix(FROM)))
        for folder in folders
        if folder.is_dir() and not folder.is_symlink() and slug(folder.name) == folder.name
    ]


def _pause(files: int, seconds: float) -> str:
    what = "1 file has" if files == 1 else f"{files} files have"
    return f"{what} just come: looking again in {seconds:g} seconds whether all of it is there ..."


def sent_again(settings: Settings, rules: Rules) -> list[Submission]:
    """Rejected files whose contract or suite has changed since: judged again from the archive."""
    with reading(settings) as connection:
        rows = connection.execute(
            """
            select "return", file_name, sha256, sender, period, part, contract_digest, suite_digest
            from warehouse.ledger.returns as r
            where outcome = 'rejected' and attempt = (
                select max(attempt) from warehouse.ledger.returns as newer
                where newer.filing_id = r.filing_id)
              and not exists (
                select 1 from warehouse.ledger.returns as good
                where good.sha256 = r.sha256 and good."return" = r."return"
                  and good.sender = r.sender and good.outcome <> 'rejected')
            order by received_at, file_name
            """
        ).fetchall()
    again: list[Submission] = []
    for name, file_name, sha256, sender, period, part, contract_digest, suite_digest in rows:
        contract = rules.contracts.get(name)
        if contract is None:
            continue
        now = (contract.digest, digest_of(list(rules.of(name).values())))
        if (contract_digest, suite_digest) == now:
            continue
        if is_held(settings, sha256):
            hints = _hints_before(contract, file_name, sender, period, part)
            path = path_in_archive(settings, sha256)
            again.append(Submission(path, name, hints, name=file_name, archived=sha256))
    return again


def derived_again(settings: Settings, rules: Rules) -> list[Submission]:
    """Returns in force whose deciles rest on other reference data than are in force now.

    They are judged again from their originals; where one is no longer held, what is loaded stays.
    """
    with reading(settings) as connection:
        now = looked_up_in(deprivation_in_force(connection))
        rows = connection.execute(
            f"""
            select r."return", any_value(r.file_name), r.sha256, r.sender, min(r.period), r.part,
                   r.filing_id
            from ({IN_FORCE}) as r join warehouse.ledger.outcomes as o using (return_id, attempt)
            where o.step = 'derive' and contains(o.detail, '; deprivation ')
              and not contains(o.detail, ?)
              and not exists (
                select 1 from warehouse.ledger.returns as later
                where later.filing_id = r.filing_id and later.attempt > r.attempt)
            group by r."return", r.sha256, r.sender, r.part, r.filing_id
            order by min(r.received_at), r.filing_id
            """,
            [now],
        ).fetchall()
    return [
        Submission(
            path_in_archive(settings, sha256),
            name,
            _hints_of(rules.contracts[name], file_name, sender, period, part, sha256, filing),
            again=True,
            name=file_name,
            archived=sha256,
        )
        for name, file_name, sha256, sender, period, part, filing in rows
        if name in rules.contracts and is_held(settings, sha256)
    ]


def return_of(path: Path, known: Container[str]) -> str | None:
    """The return a file is for, by the folder it lies in; None if that says nothing."""
    folder = path.absolute().parent
    name = folder.parent.name if folder.name.startswith(FROM) else folder.name
    return name if name in known else None


def _hints_of(
    contract: Contract,
    file_name: str,
    sender: str,
    period: str,
    part: str,
    sha256: str,
    filing: str,
) -> Hints:
    """What the command line said of a file that was loaded: what gives it the same name again."""
    hints = Hints(sender, None, part or None)
    with_period = Hints(sender, read_period(period), part or None)
    named = filing_id(contract, find_owner(file_name, contract, with_period), sha256)
    return with_period if named == filing else hints


def _hints_before(contract: Contract, file_name: str, sender: str, period: str, part: str) -> Hints:
    """What the command line said when the file was judged before; its name says the rest."""
    hints = Hints(sender or None, None, part or None)
    if not sender or not period:
        return hints
    named = find_owner(file_name, contract, hints).name_period
    if named is not None and named.label == period:
        return hints
    return Hints(hints.sender, read_period(period), hints.part)
