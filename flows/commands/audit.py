"""Words for audit, and for those who answer for a decision: audit check, accept, override."""

from typing import Annotated

import typer

from flows.commands.options import Answered, AsJson, Because, By, Home, settings_of, show

app = typer.Typer()
audit_app = typer.Typer(help="Hold the records.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(audit_app, name="audit")


@audit_app.command("check")
def audit_check(as_json: AsJson = False, home: Home = None) -> None:
    """Prove the ledger, the archive and the releases, and say what was touched."""
    from dataclasses import asdict

    from flows.warehouse.integrity import check

    faults = [asdict(fault) for fault in check(settings_of(home))]
    if as_json:
        show({"ok": not faults, "faults": faults}, True, [])
    elif faults:
        show(faults, False, ["what", "where", "expected", "found"])
    else:
        print("All is as the ledger says: its chain, its rows, the archive and every release.")
    if faults:
        raise Answered(1)


@audit_app.command("report")
def audit_report(
    period: Annotated[
        str | None, typer.Option(help="For example 2022-23 Q1; without it, every quarter.")
    ] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Write the validation report: pages and workbooks under audit/."""
    from flows.audit.validation_report import write_report
    from flows.common.periods import read_quarter

    settings = settings_of(home)
    paths = write_report(settings, read_quarter(period) if period else None)
    row: dict[str, object] = {
        "path": str(paths[-1]),
        "pages": sum(path.suffix == ".html" for path in paths),
        "workbooks": [str(path) for path in paths if path.suffix == ".xlsx"],
    }
    show(row, as_json, list(row))


@app.command()
def verify(
    release: Annotated[
        str | None, typer.Argument(help="For example quarterly/2022-23-Q1/r1.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every release.")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Make a release again from archive and ledger, and say what is not the same."""
    from dataclasses import asdict

    from flows.audit.verify import verify as make_again

    if (release is None) != everything:
        raise Answered(2, "Name a release, or say --all.")
    said = make_again(settings_of(home), release)
    ok = all(one.ok for one in said)
    faults = [{"release": one.release, **asdict(f)} for one in said for f in one.faults]
    rows: list[dict[str, object]] = [
        {"release": one.release, "outcome": one.outcome} for one in said
    ]
    if as_json:
        show({"ok": ok, "releases": rows, "faults": faults}, True, [])
    else:
        show(rows, False, ["release", "outcome"])
        if faults:
            show(faults, False, ["what", "where", "expected", "found"])
    if not ok:
        raise Answered(1)


@app.command()
def accept(
    finding_id: Annotated[str, typer.Argument(help="A finding, as findings lists it.")],
    by: By,
    because: Because,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Accept a finding: it stands, and no longer blocks a release."""
    from flows.commands.arguments import accept_finding

    row = accept_finding(settings_of(home), finding_id, by, because)
    show(row, as_json, list(row))


@app.command()
def override(
    what: Annotated[str, typer.Argument(help="What blocks the release, as publish names it.")],
    by: By,
    because: Because,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Let a release out in spite of something: the word is printed in it."""
    from flows.commands.arguments import override_block

    row = override_block(settings_of(home), what, by, because)
    show(row, as_json, list(row))
