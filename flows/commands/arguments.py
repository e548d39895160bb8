"""From the words of the command line to what the flows take, and the decisions of people."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from exports.edition.facts import Override
from flows.authority.places import places_in_use
from flows.commands.options import BadWords
from flows.common import clock
from flows.common.periods import read_period
from flows.common.settings import Settings, settings_for
from flows.intake.inbox import return_of
from flows.intake.submission import Submission
from flows.returns.contract import Contract, read_contracts
from flows.returns.identity import Hints
from flows.warehouse.asked import Asked
from flows.warehouse.connection import Row, open_scratch, writing
from flows.warehouse.copies.reinstate import confirm
from flows.warehouse.findings import accept, override


def submissions_from(
    files: Sequence[Path],
    return_name: str | None,
    sender: str | None,
    period: str | None,
    part: str | None,
    again: bool,
    settings: Settings,
) -> list[Submission]:
    """The files named on the command line, each with its hints. Raises BadWords."""
    contracts = read_contracts(places_in_use(settings).contracts)
    if return_name is not None:
        _known(return_name, contracts)
    hints = Hints(sender, None if period is None else read_period(period), part)
    submissions = []
    for path in files:
        if not path.is_file():
            raise BadWords(f"{path} is not a file.")
        name = return_name or return_of(path, contracts)
        if name is None:
            raise BadWords(
                f"{path} does not say which return it is: give --return, one of "
                f"{', '.join(contracts)}."
            )
        submissions.append(Submission(path.absolute(), name, hints, again))
    return submissions


def asked_for(
    sender: str | None, period: str | None, return_name: str | None, slots: list[Row]
) -> Asked:
    """Which returns the words ask for, held to the rows of `status`. Raises NoSuchReturns."""
    asked = Asked(sender, None if period is None else read_period(period), return_name)
    asked.check(slots)
    return asked


def contract_called(return_name: str, settings: Settings) -> Contract:
    """The contract of a return that is named on the command line. Raises BadWords."""
    return _known(return_name, read_contracts(places_in_use(settings).contracts))


def _known(return_name: str, contracts: dict[str, Contract]) -> Contract:
    if return_name not in contracts:
        raise BadWords(f"There is no return {return_name!r}; there are {', '.join(contracts)}.")
    return contracts[return_name]


def overrides_from(blocks: Sequence[str], by: str | None, because: str | None) -> list[Override]:
    """The overrides of a publication. Raises BadWords where nobody stands by them."""
    if not blocks:
        return []
    if not by or not because:
        raise BadWords(
            "An override needs --by NAME and --because WHY: both are printed in the release."
        )
    return [Override(one, by, because) for one in blocks]


def confirm_return(settings: Settings, return_id: str, by: str, because: str) -> list[str]:
    """Put a held return in force, and look across returns again; the ids put in force."""
    from flows.intake.across import judge_across
    from flows.intake.rules import read_rules

    with open_scratch(settings) as connection, writing(settings, connection):
        names = confirm(connection, return_id, by, because, clock.now())
    judge_across(read_rules(settings), settings)
    return names


def accept_finding(settings: Settings, finding_id: str, by: str, because: str) -> Row:
    """Record that somebody accepts a finding. Raises NoSuchFinding."""
    with open_scratch(settings) as connection, writing(settings, connection):
        one = accept(connection, finding_id, by, because, clock.now())
    return {**asdict(one), "accepted_by": by, "because": because}


def override_block(settings: Settings, what: str, by: str, because: str) -> Row:
    """Record that a release may go out in spite of something."""
    with open_scratch(settings) as connection, writing(settings, connection):
        override(connection, what, by, because, clock.now())
    return {"what": what, "by": by, "because": because}


def demo_home(home: Path | None) -> Path:
    """Where the demo keeps its state: apart from the real one unless another is named."""
    return home if home is not None else settings_for(None).home / "demo"
