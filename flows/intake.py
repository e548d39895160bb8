"""A return's way in: land, identify, read, match, type, judge, keep.

Plain functions that a test or a notebook can call; `flows/ingest.py` runs them under Prefect.
The warehouse is opened only to look a file up and to keep what was judged; in between, the
return has a scratch database of its own.
"""

from dataclasses import dataclass, replace
from functools import partial

import duckdb

from expectations.suite import Suite, read_suites
from flows import clock
from flows.answer import write_answer, write_refusal
from flows.intake_result import Ingested, Outcome, Sent
from flows.judging import judge_rows
from flows.returns.contract import Contract, read_contracts
from flows.returns.csv_reader import read_csv
from flows.returns.deriving import derive, landed_columns
from flows.returns.file import File, as_utf8, kind_of, look_at
from flows.returns.header import Header
from flows.returns.identity import Whose, filing_id, slug, whose
from flows.returns.period import Covered, cover
from flows.returns.rejection import Rejected
from flows.returns.rows import RawRows
from flows.returns.typing import type_rows
from flows.returns.workbook_reader import read_workbook
from flows.settings import Settings
from flows.warehouse import door
from flows.warehouse.archive import original, put_in_archive
from flows.warehouse.keep import Counts, Filing, Kept, Step, counts_by_period, keep, keep_rejection
from flows.warehouse.key import key_of
from flows.warehouse.places import find_places
from flows.warehouse.reinstate import reinstate
from flows.warehouse.seeds import load_seeds
from flows.warehouse.standing import Known, known_of, same_bytes_in_force
from flows.warehouse.tidy import scratch_folder


@dataclass(frozen=True)
class Rules:
    """The contracts and suites in use."""

    contracts: dict[str, Contract]
    suites: dict[str, Suite]


def read_rules(settings: Settings) -> Rules:
    """Every contract and suite. Raises DeclarationError, which names file and line."""
    return Rules(read_contracts(settings.contracts), read_suites(settings.suites))


def take_in(sent: Sent, rules: Rules, settings: Settings) -> Ingested:
    """Take one file in, and say what became of it.

    Nothing of a file is in the warehouse until all of it is; a file that cannot be taken is
    answered with a rejection, which is kept too. Raises only where the system itself fails.
    """
    if sent.archived is not None:
        with original(settings, sent.archived) as path:
            return take_in(replace(sent, path=path, archived=None), rules, settings)
    contract = rules.contracts[sent.return_name]
    suite = rules.suites[sent.return_name]
    try:
        file = land(sent, settings)
    except Rejected as rejected:
        return Ingested(sent.file_name, sent.return_name, "rejected", rejected.reason)
    steps = [Step("land", "done", f"{file.size_bytes} bytes")]
    owner, stranger = identify(sent, contract)
    filing = _filing(file, contract, suite, owner)
    known = look_up(filing, owner, contract, sent, settings)
    if known and not _must_judge(known, filing, sent):
        return settle_known(known, filing, settings)
    store(file, contract, settings)
    filing = replace(filing, attempt=max((one.attempt for one in known), default=0) + 1)
    if stranger is not None:
        return reject(filing, owner, stranger, steps, settings)
    with door.scratch(settings) as connection:
        try:
            raw = read(connection, file, contract, owner, settings)
            filing = replace(filing, layout=", ".join(dict.fromkeys(h.layout for h in raw.headers)))
            steps.append(Step("read", "done", f"{raw.how}, {raw.encoding}"))
            steps += [_matched(header) for header in raw.headers]
            type_rows(connection, contract, raw, file.name)
            steps += derive_rows(connection, contract, owner, settings)
            covered = cover(connection, contract, owner, file.name)
            steps.append(Step("type", "done", ", ".join(covered.periods)))
            load_seeds(connection, suite.seeds, settings.seeds)
            said = judge_rows(connection, contract, suite, raw, covered, file.name)
            steps.append(Step("judge", "done", said))
        except Rejected as rejected:
            return reject(filing, owner, rejected, steps, settings)
        return keep_filing(connection, filing, contract, covered, steps, settings)


def land(sent: Sent, settings: Settings) -> File:
    """The file, hashed. Raises Rejected if it cannot be read."""
    return look_at(sent.path, sent.file_name, settings.largest_file_mb)


def store(file: File, contract: Contract, settings: Settings) -> None:
    """Put the file's bytes in the archive, unless originals with people are not to be kept."""
    if settings.keep_originals == "encrypted" or not contract.has_personal:
        put_in_archive(settings, file.path, file.sha256)


def identify(sent: Sent, contract: Contract) -> tuple[Whose, Rejected | None]:
    """Whose the file is, and why it must be rejected if that cannot be told."""
    try:
        return whose(sent.file_name, contract, sent.told), None
    except Rejected as rejected:
        told = sent.told
        return Whose(slug(told.sender or ""), slug(told.part or ""), told.period, None), rejected


def look_up(
    filing: Filing, owner: Whose, contract: Contract, sent: Sent, settings: Settings
) -> list[Known]:
    """What the registry knows of the filing, or of the same bytes under another name.

    A part that was named on the command line is meant; one in a file's name may be a copy's.
    """
    with door.reading(settings) as connection:
        known = known_of(connection, filing.filing_id)
        if known or sent.told.part is not None or sent.told.period is not None or sent.again:
            return known
        period = owner.name_period if contract.period.column is None else None
        return same_bytes_in_force(
            connection,
            filing.return_name,
            filing.sender,
            filing.sha256,
            period.label if period else None,
        )


def read(
    connection: duckdb.DuckDBPyConnection,
    file: File,
    contract: Contract,
    owner: Whose,
    settings: Settings,
) -> RawRows:
    """The file's rows as text in the scratch database. Raises Rejected."""
    period = owner.told_period or owner.name_period
    day = period.first_day if period else clock.now().date()
    scratch = scratch_folder(settings)
    if kind_of(file) == "workbook":
        return read_workbook(connection, file, scratch, contract, owner.sender, day)
    text = as_utf8(file, scratch)
    try:
        return read_csv(connection, file, text, contract, owner.sender, day)
    finally:
        if text.path != file.path:
            text.path.unlink(missing_ok=True)


def derive_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, owner: Whose, settings: Settings
) -> list[Step]:
    """Let the personal columns give way to what they become; the step, if there were any."""
    if not contract.personal:
        return []
    looked_up = derive(
        connection,
        contract.columns,
        "typed_rows",
        "raw_rows",
        f"{contract.return_name}/{owner.sender}",
        key_of(settings).derived("hash"),
        partial(find_places, settings),
    )
    return [Step("derive", "done", looked_up or "personal columns")]


def keep_filing(
    connection: duckdb.DuckDBPyConnection,
    filing: Filing,
    contract: Contract,
    covered: Covered,
    steps: list[Step],
    settings: Settings,
) -> Ingested:
    """Keep everything in one transaction, unless someone else has kept the file meanwhile."""
    columns = landed_columns(contract.columns)
    counts = counts_by_period(connection, covered.periods, contract.money)
    write_answer(connection, settings, filing)
    with door.writing(settings, connection):
        known = known_of(connection, filing.filing_id)
        if not any(one.attempt >= filing.attempt for one in known):
            done = [*steps, Step("keep", "done", "committed")]
            kept = keep(connection, filing, counts, columns, done, settings.hold_if_dropping)
            return _summary(filing, kept)
    return settle_known(known, filing, settings)


def reject(
    filing: Filing, owner: Whose, rejected: Rejected, steps: list[Step], settings: Settings
) -> Ingested:
    """Keep the rejection as the answer to the sender."""
    period = owner.told_period or owner.name_period
    failed = [*steps, Step(rejected.step, "failed", rejected.reason)]
    label = period.label if period else ""
    write_refusal(settings, filing, rejected.reason)
    with door.scratch(settings) as connection, door.writing(settings, connection):
        return _summary(
            filing, [keep_rejection(connection, filing, label, rejected.reason, failed)]
        )


def settle_known(known: list[Known], filing: Filing, settings: Settings) -> Ingested:
    """What becomes of a file that was judged before: a duplicate, or put back in force."""
    outcome: Outcome
    if all(one.outcome == "rejected" for one in known):
        outcome, reason = "rejected", known[0].reason
    else:
        with door.scratch(settings) as connection, door.writing(settings, connection):
            outcome, reason = reinstate(connection, known, filing, settings.hold_if_dropping)
    return Ingested(
        filing.file_name,
        filing.return_name,
        outcome,
        reason,
        filing.sender,
        _span([one.period for one in known]),
        filing.filing_id,
        [one.return_id for one in known],
    )


def _must_judge(known: list[Known], filing: Filing, sent: Sent) -> bool:
    """A rejected file is judged again when its contract or suite has changed, or on demand."""
    rules = (filing.contract_digest, filing.suite_digest)
    mended = any((one.contract_digest, one.suite_digest) != rules for one in known)
    return sent.again or (mended and all(one.outcome == "rejected" for one in known))


def _matched(header: Header) -> Step:
    sheet = f"sheet {header.sheet}, " if header.sheet else ""
    return Step("match", "done", f"{sheet}row {header.row}: {', '.join(header.columns)}")


def _filing(file: File, contract: Contract, suite: Suite, owner: Whose) -> Filing:
    return Filing(
        filing_id=filing_id(contract, owner, file.sha256),
        attempt=1,
        return_name=contract.return_name,
        sender=owner.sender,
        part=owner.part,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        file_name=file.name,
        received_at=clock.now(),
        contract_version=contract.version,
        contract_digest=contract.digest,
        suite_version=suite.version,
        suite_digest=suite.digest,
        layout=None,
    )


def _summary(filing: Filing, kept: list[Kept]) -> Ingested:
    """One answer for the file: held if any of its returns is."""
    outcome: Outcome = next((one.outcome for one in kept if one.outcome != "loaded"), "loaded")
    return Ingested(
        filing.file_name,
        filing.return_name,
        outcome,
        next((one.reason for one in kept if one.reason), None),
        filing.sender,
        _span([one.period for one in kept]),
        filing.filing_id,
        [one.return_id for one in kept],
        sum((one.counts for one in kept), Counts()),
    )


def _span(periods: list[str]) -> str:
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
