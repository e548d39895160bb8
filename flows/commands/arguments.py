"""From the words of the command line to what the flows take."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from exports.edition.facts import Override
from flows.common import clock
from flows.common.errors import InputError
from flows.common.periods import Period, read_period
from flows.common.settings import Settings
from flows.intake.inbox import return_of
from flows.intake.submission import Submission
from flows.returns.contract import Contract, read_contracts
from flows.returns.identity import Hints
from flows.warehouse.connection import open_scratch, writing
from flows.warehouse.findings import accept, override
from flows.warehouse.reinstate import confirm


class BadWords(InputError):
    """The command line cannot be followed as it stands."""


def sent_from(
    files: Sequence[Path],
    return_name: str | None,
    sender: str | None,
    period: str | None,
    part: str | None,
    again: bool,
    settings: Settings,
) -> list[Submission]:
    """The files named on the command line, each with what was said of it. Raises BadWords."""
    contracts = read_contracts(settings.contracts)
    if return_name is not None:
        _known(return_name, contracts)
    hints = Hints(sender, _period(period), part)
    submission = []
    for path in files:
        if not path.is_file():
            raise BadWords(f"{path} is not a file.")
        name = return_name or return_of(path, contracts)
        if name is None:
            raise BadWords(
                f"{path} does not say which return it is: give --return, one of "
                f"{', '.join(contracts)}."
            )
        submission.append(Submission(path.absolute(), name, hints, again))
    return submission


def contract_called(return_name: str, settings: Settings) -> Contract:
    """The contract of a return that is named on the command line. Raises BadWords."""
    return _known(return_name, read_contracts(settings.contracts))


def _known(return_name: str, contracts: dict[str, Contract]) -> Contract:
    if return_name not in contracts:
        raise BadWords(f"There is no return {return_name!r}; there are {', '.join(contracts)}.")
    return contracts[return_name]


def _period(text: str | None) -> Period | None:
    return None if text is None else read_period(text)


def overrides_from(what: Sequence[str], by: str | None, because: str | None) -> list[Override]:
    """The overrides of a publication. Raises BadWords where nobody stands by them."""
    if not what:
        return []
    if not by or not because:
        raise BadWords(
            "An override needs --by NAME and --because WHY: both are printed in the release."
        )
    return [Override(one, by, because) for one in what]


def confirm_return(settings: Settings, return_id: str, by: str, because: str) -> list[str]:
    """Put a held return in force, and look across returns again; the ids put in force."""
    from flows.intake.across import judge_across
    from flows.intake.rules import read_rules

    by, because = _by_name("A confirmation", by, because)
    with open_scratch(settings) as connection, writing(settings, connection):
        names = confirm(connection, return_id, by, because, clock.now())
    judge_across(read_rules(settings), settings)
    return names


def accept_finding(settings: Settings, finding_id: str, by: str, because: str) -> dict[str, object]:
    """Record that somebody accepts a finding. Raises BadWords and NoSuchFinding."""
    by, because = _by_name("An acceptance", by, because)
    with open_scratch(settings) as connection, writing(settings, connection):
        one = accept(connection, finding_id, by, because, clock.now())
    return {**asdict(one), "accepted_by": by, "because": because}


def override_block(settings: Settings, what: str, by: str, because: str) -> dict[str, object]:
    """Record that a release may go out in spite of something. Raises BadWords."""
    by, because = _by_name("An override", by, because)
    with open_scratch(settings) as connection, writing(settings, connection):
        override(connection, what, by, because, clock.now())
    return {"what": what, "by": by, "because": because}


def _by_name(what: str, by: str, because: str) -> tuple[str, str]:
    if not by.strip() or not because.strip():
        raise BadWords(f"{what} needs --by NAME and --because WHY: both are kept for ever.")
    return by.strip(), because.strip()


def demo_home(home: Path | None) -> Path:
    """Where the demo keeps its state: apart from the real one unless told otherwise."""
    from flows.common.settings import settings_for

    return home if home is not None else settings_for(None).home / "demo"
