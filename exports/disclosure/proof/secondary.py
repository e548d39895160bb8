"""What else must be hidden so that nothing hidden can be worked out.

For each figure to protect, two attackers are asked whether it can still be as low and as high as it
must. Where it cannot, the cheapest figures that have to give are hidden too (they are found by a
linear program, as in Kelly, Golden and Assad 1992, "Cell suppression: disclosure protection for
sensitive tabular data"). Hiding only ever leaves an attacker more possibilities, so a figure once
safe stays safe. At the end each figure hidden on the way is shown again if all stay safe so. This
is done twice: first as if people were fractions, which is quick and finds most of what must be
hidden, and then with whole numbers, which is the proof.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass

from exports.disclosure.figures import FigureKey, Need, Problem
from exports.disclosure.proof.attack import Attack, Want
from exports.disclosure.proof.linear import Undecided
from exports.disclosure.proof.splitting import split
from exports.disclosure.proof.whole import WholeAttack

SECONDARY = "secondary"
WITH_PARTS = "with its parts"


@dataclass(frozen=True)
class Limit:
    """A figure that earlier publications had narrowed already, for that kind of attacker."""

    key: FigureKey
    attacker: str
    low: float
    high: float


@dataclass(frozen=True)
class Protection:
    """What is hidden, each with its reason, and where nothing could be done any more."""

    hidden: Mapping[FigureKey, str]
    limits: Sequence[Limit]


def protect(problem: Problem) -> Protection:
    """Hide what is primary, and what else is needed for every need to be met.

    A need that not even hiding everything would meet is met as far as it can be, and is listed in
    `limits`. The same problem always has the same answer.
    """
    hidden = dict(problem.primary)
    _hide_shares(problem, hidden)
    limits: list[Limit] = []
    for part in split(problem):
        here = dict(part.primary)
        _hide_shares(part, here)
        _hide_from(part, {name: Attack(part, colleague=knows) for name, knows in _WHO}, here)
        limits += _hide_from(
            part, {name: WholeAttack(part, colleague=knows) for name, knows in _WHO}, here
        )
        hidden |= here
    return Protection(hidden, limits)


_WHO = (("colleague", True), ("outsider", False))


def _hide_from(
    problem: Problem, attackers: Mapping[str, Attack], hidden: dict[FigureKey, str]
) -> list[Limit]:
    """Hide what these attackers could use; returns what they can narrow all the same."""
    before = set(hidden)
    met: dict[str, list[Want]] = {name: [] for name in attackers}
    limits, all_proven = [], True
    needs = sorted(problem.needs, key=lambda need: need.key)
    for name, attack in attackers.items():
        attack.sweep(needs, hidden.keys())
        short = []
        for need in needs:
            wants = attack.wants(need)
            try:
                can = [got for want in wants if (got := _meet(problem, attack, want, hidden))]
            except Undecided:
                can, all_proven = [], False
                _hide_everything(problem, hidden)
            met[name] += can
            if can != wants:
                short.append(need)
                limits.append(_limit(problem, name, need, can))
        needs = short  # The outsider knows less: what no colleague can prove, no outsider can.
    if all_proven:
        _show_again(problem, attackers, met, hidden, hidden.keys() - before)
    return limits


def _limit(problem: Problem, attacker: str, need: Need, can: Sequence[Want]) -> Limit:
    ends = [end for want in can for end in want.interval if abs(end) < float("inf")]
    ends.append(problem.figures[need.key].value)
    return Limit(need.key, attacker, min(ends), max(ends))


def _meet(
    problem: Problem, attack: Attack, want: Want, hidden: dict[FigureKey, str]
) -> Want | None:
    """Hide what the want asks for; returns it, or as much of it as could be met.

    Raises Undecided if the limit of branches came before a proof.
    """
    if attack.allows(want, hidden.keys()):
        return want
    can = attack.within_reach(want)
    if can and not attack.allows(can, hidden.keys()):
        for key in sorted(attack.relieve(can, hidden.keys())):
            hidden.setdefault(key, SECONDARY)
        _hide_shares(problem, hidden)
    return can


def _hide_everything(problem: Problem, hidden: dict[FigureKey, str]) -> None:
    """Where nothing is proven, all that this release could tell is hidden."""
    published = [key for key, figure in problem.figures.items() if figure.interval is not None]
    for key in [*published, *(share.key for share in problem.shares if not share.fixed)]:
        hidden.setdefault(key, SECONDARY)


def _hide_shares(problem: Problem, hidden: dict[FigureKey, str]) -> None:
    """A percentage is hidden with its numerator or denominator."""
    for share in problem.shares:
        if not share.fixed and not hidden.keys().isdisjoint((share.numerator, share.denominator)):
            hidden.setdefault(share.key, WITH_PARTS)


def _show_again(
    problem: Problem,
    attackers: Mapping[str, Attack],
    met: Mapping[str, Sequence[Want]],
    hidden: dict[FigureKey, str],
    tried: Collection[FigureKey],
) -> None:
    """Show what turned out not to be needed, what readers miss most first."""
    now = dict(attackers)
    weights = {key: figure.weight for key, figure in problem.figures.items()}
    weights |= {share.key: share.weight for share in problem.shares}
    parts = {share.key: {share.numerator, share.denominator} for share in problem.shares}
    for shares in (False, True):
        those = [key for key in tried if (key in parts) == shares]
        for key in sorted(those, key=lambda one: (-weights[one], one)):
            if shares and not parts[key].isdisjoint(hidden):
                continue
            without = hidden.keys() - {key}
            if _all_safe(now, met, without):
                del hidden[key]


def _all_safe(
    attackers: dict[str, Attack], met: Mapping[str, Sequence[Want]], hidden: Set[FigureKey]
) -> bool:
    narrower = {name: one.where_less_is_hidden(hidden) for name, one in attackers.items()}
    for name, attack in narrower.items():
        if not all(attack.allows(want, hidden) for want in met[name]):
            return False
    attackers.update(narrower)
    return True
