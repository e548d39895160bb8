"""A problem in parts that have nothing to do with each other, solved apart.

Small parts are put together again: each program costs some milliseconds, however small it is.
"""

from collections import Counter
from collections.abc import Iterator

from exports.disclosure.figures import FigureKey, Problem

_ENOUGH = 400  # figures in one program


def split(problem: Problem) -> Iterator[Problem]:
    """The parts of the problem in which something must be protected, in a fixed order.

    A figure that nothing else tells of needs no more than to be hidden, and is in none of them.
    """
    part_of = _parts(problem)
    bound = {part_of[one.total] for one in problem.sums}
    bound |= {part_of[share.numerator] for share in problem.shares}
    sizes = Counter(part_of.values())
    bundle: set[FigureKey] = set()
    for part in dict.fromkeys(part_of[need.key] for need in problem.needs):
        if part not in bound:
            continue
        if bundle and sum(sizes[one] for one in bundle) + sizes[part] > _ENOUGH:
            yield _without_others(problem, {key for key in part_of if part_of[key] in bundle})
            bundle = set()
        bundle.add(part)
    if bundle:
        yield _without_others(problem, {key for key in part_of if part_of[key] in bundle})


def _without_others(problem: Problem, keys: set[FigureKey]) -> Problem:
    shares = [share for share in problem.shares if share.numerator in keys]
    named = keys | {share.key for share in shares}
    return Problem(
        figures={key: figure for key, figure in problem.figures.items() if key in keys},
        sums=[one for one in problem.sums if one.total in keys],
        shares=shares,
        bounds=[one for one in problem.bounds if one.key in keys],
        moves=[one for one in problem.moves if one.before in keys],
        needs=[one for one in problem.needs if one.key in keys],
        primary={key: why for key, why in problem.primary.items() if key in named},
        nodes=problem.nodes,
    )


def _parts(problem: Problem) -> dict[FigureKey, FigureKey]:
    """For each figure the first of those that it hangs together with."""
    first = {key: key for key in problem.figures}

    def find(key: FigureKey) -> FigureKey:
        while first[key] != key:
            first[key] = first[first[key]]
            key = first[key]
        return key

    bonds = [(one.total, part) for one in problem.sums for part in one.parts]
    bonds += [(share.numerator, share.denominator) for share in problem.shares]
    bonds += [(move.before, move.after) for move in problem.moves]
    for one, other in bonds:
        first[find(other)] = find(one)
    return {key: find(key) for key in problem.figures}
