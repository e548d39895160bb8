"""Verbs for audit, and for those who answer for a decision: audit check, accept, override."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import Answered, Because, By
from flows.commands.verb import Answer, Rows, print_rows, verb
from flows.common.settings import Settings
from flows.warehouse.connection import Row

app = typer.Typer()
audit_app = typer.Typer(help="Hold the records.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(audit_app, name="audit")
FAULT = ["what", "where", "expected", "found"]


@verb(audit_app, "check")
def audit_check(
    settings: Settings,
    against: Annotated[
        Path | None, typer.Option("--against", help="An anchor that somebody else has kept.")
    ] = None,
) -> Answer:
    """Prove the ledger, the archive and the releases, file a certificate, say what was touched."""
    from flows.common import clock
    from flows.warehouse.connection import reading
    from flows.warehouse.ledger import read_events
    from flows.warehouse.proof.certificate import certify, file_away
    from flows.warehouse.proof.integrity import check, clock_notes
    from flows.warehouse.releases import read_anchor

    anchor = read_anchor(against) if against else None
    found = check(settings, anchor)
    with reading(settings) as connection:
        events = read_events(connection)
        certificate = certify(connection, settings, events, found, anchor, clock.now())
    faults, notes = [asdict(fault) for fault in found], clock_notes(events)
    try:
        filed = str(file_away(certificate, found, settings))
    except PermissionError:  # an auditor's copy of a home may be read only
        filed = ""

    def text() -> None:
        if faults:
            print_rows(faults, FAULT)
        print("\n".join(certificate.lines))
        print(f"Filed as {filed}" if filed else "Not filed: this home may not be written.")
        for note in notes:
            print(f"Please note: {note}", file=sys.stderr)

    document = {"ok": not faults, "certificate": filed, "faults": faults, "notes": notes}
    document |= {"at": certificate.at, "head": certificate.head and asdict(certificate.head)}
    document |= {
        name: getattr(certificate, name)
        for name in ("events", "files", "judgements", "rows", "releases")
    }
    return Answer(document, text, status=1 if faults else 0)


@verb(audit_app, "anchor")
def audit_anchor(
    settings: Settings,
    to: Annotated[Path, typer.Option("--to", help="The file to write, for somebody apart.")],
) -> Row:
    """Write down the ledger's head, for somebody who does not look after this home."""
    from flows.warehouse.releases import anchor_of, write_anchor

    anchor = anchor_of(settings)
    write_anchor(anchor, to)
    return {"path": str(to), **asdict(anchor), "at": anchor.at.isoformat()}


@verb(audit_app, "report")
def audit_report(
    settings: Settings,
    period: Annotated[
        str | None, typer.Option(help="For example 2022-23 Q1; without it, every quarter.")
    ] = None,
) -> Rows:
    """Write the validation report: pages and workbooks under audit/."""
    from flows.audit.validation_report import write_report
    from flows.common.periods import read_quarter

    paths = write_report(settings, read_quarter(period) if period else None)
    return {
        "path": str(paths[-1]),
        "pages": sum(path.suffix == ".html" for path in paths),
        "workbooks": sum(path.suffix == ".xlsx" for path in paths),
    }


@verb(app)
def verify(
    settings: Settings,
    release: Annotated[
        str | None, typer.Argument(help="For example quarterly/2022-23-Q1/r1.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every release.")] = False,
    from_originals: Annotated[
        bool, typer.Option("--from-originals", help="Read the senders' files again, too.")
    ] = False,
) -> Answer:
    """Make a release again from archive and ledger, and say what is not the same."""
    from flows.audit.verify import verify as make_again

    if (release is None) != everything:
        raise Answered(2, "Name a release, or say --all.")
    verified = make_again(settings, release, from_originals=from_originals)
    ok = all(one.ok for one in verified)
    faults = [{"release": one.release, **asdict(f)} for one in verified for f in one.faults]
    rows: list[Row] = [{"release": one.release, "outcome": one.outcome} for one in verified]

    def text() -> None:
        print_rows(rows, ["release", "outcome"])
        if faults:
            print_rows(faults, FAULT)

    return Answer({"ok": ok, "releases": rows, "faults": faults}, text, status=0 if ok else 1)


@verb(app)
def accept(
    settings: Settings,
    finding_id: Annotated[str, typer.Argument(help="A finding, as findings lists it.")],
    by: By,
    because: Because,
) -> Rows:
    """Accept a finding: it stands, and no longer blocks a release."""
    from flows.commands.arguments import accept_finding

    return accept_finding(settings, finding_id, by, because)


@verb(app)
def override(
    settings: Settings,
    what: Annotated[str, typer.Argument(help="What blocks the release, as publish names it.")],
    by: By,
    because: Because,
) -> Rows:
    """Let a release out in spite of something: the word is printed in it."""
    from flows.commands.arguments import override_block

    return override_block(settings, what, by, because)
