"""What else must be hidden so that nothing hidden can be worked out.

For each figure to protect, two attackers are asked whether it can still be as low and as high as it
must. Where it cannot, the cheapest figures that have to give are hidden too (they are found by a
linear program, as in Kelly, Golden and Assad 1992, "Cell suppression: disclosure protection for
sensitive tabular data"). Hiding only ever leaves an attacker more possibilities, so a figure once
safe stays safe. At the end each figure hidden on the way is shown again if all stay safe so.
"""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from exports.disclosure.figures import FigureKey, Need, Problem
from exports.disclosure.proof.attack import EPSILON, Attack
from exports.disclosure.proof.splitting import split

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
        done = _protect_part(part)
        hidden |= done.hidden
        limits += done.limits
    return Protection(hidden, limits)


def _protect_part(problem: Problem) -> Protection:
    hidden = dict(problem.primary)
    _hide_shares(problem, hidden)
    attackers = {
        "colleague": Attack(problem, colleague=True),
        "outsider": Attack(problem, colleague=False),
    }
    needs = sorted(problem.needs, key=lambda need: need.key)
    met: dict[str, list[Need]] = {name: [] for name in attackers}
    limits = []
    weaker_too = set(needs)
    for name, attack in attackers.items():
        # The outsider knows less: what no colleague can prove, no outsider can.
        wanted = [need for need in needs if need in weaker_too]
        attack.sweep(wanted, hidden.keys())
        for need in wanted:
            can = _meet(problem, attack, need, hidden)
            met[name].append(can)
            if can == need:
                weaker_too.discard(need)
            else:
                limits.append(Limit(need.key, name, can.low, can.high))
    _show_again(problem, attackers, met, hidden)
    return Protection(hidden, limits)


def _meet(problem: Problem, attack: Attack, need: Need, hidden: dict[FigureKey, str]) -> Need:
    """Hide what the need asks for; returns the need, or as much of it as could be met."""
    ends = []
    for upwards, end in ((False, need.low), (True, need.high)):
        if not attack.allows(need.key, end, upwards, hidden.keys()):
            end = _possible_end(attack, need.key, end, upwards)
            if not attack.allows(need.key, end, upwards, hidden.keys()):
                for key in sorted(attack.relieve(need.key, end, upwards, hidden.keys())):
                    hidden.setdefault(key, SECONDARY)
                _hide_shares(problem, hidden)
        ends.append(end)
    return replace(need, low=ends[0], high=ends[1])


def _possible_end(attack: Attack, key: FigureKey, end: float, upwards: bool) -> float:
    """The end that hiding everything of this release would leave possible, in whole people."""
    nearest = attack.nearest(key, end, upwards)
    return math.floor(nearest + EPSILON) if upwards else math.ceil(nearest - EPSILON)


def _hide_shares(problem: Problem, hidden: dict[FigureKey, str]) -> None:
    """A percentage is hidden with its numerator or denominator."""
    for share in problem.shares:
        if not share.fixed and not hidden.keys().isdisjoint((share.numerator, share.denominator)):
            hidden.setdefault(share.key, WITH_PARTS)


def _show_again(
    problem: Problem,
    attackers: dict[str, Attack],
    met: Mapping[str, Sequence[Need]],
    hidden: dict[FigureKey, str],
) -> None:
    """Show what turned out not to be needed, what readers miss most first."""
    weights = {key: figure.weight for key, figure in problem.figures.items()}
    weights |= {share.key: share.weight for share in problem.shares}
    parts = {share.key: {share.numerator, share.denominator} for share in problem.shares}
    for shares in (False, True):
        tried = [key for key in hidden if key not in problem.primary and (key in parts) == shares]
        for key in sorted(tried, key=lambda one: (-weights[one], one)):
            if shares and not parts[key].isdisjoint(hidden):
                continue
            without = hidden.keys() - {key}
            if _all_safe(attackers, met, without):
                del hidden[key]


def _all_safe(
    attackers: dict[str, Attack], met: Mapping[str, Sequence[Need]], hidden: Set[FigureKey]
) -> bool:
    narrower = {name: one.where_less_is_hidden(hidden) for name, one in attackers.items()}
    for name, attack in narrower.items():
        for need in met[name]:
            for upwards, end in ((False, need.low), (True, need.high)):
                if not attack.allows(need.key, end, upwards, hidden):
                    return False
    attackers.update(narrower)
    return True
