"""A problem in parts that have nothing to do with each other: each is small, and solved alone."""

from collections.abc import Iterator

from exports.disclosure.figures import Key, Problem


def split(problem: Problem) -> Iterator[Problem]:
    """The parts of the problem in which something must be protected, in a fixed order."""
    part_of = _parts(problem)
    wanted = dict.fromkeys(part_of[need.key] for need in problem.needs)
    for part in wanted:
        keys = {key for key, mine in part_of.items() if mine == part}
        shares = [share for share in problem.shares if share.numerator in keys]
        named = keys | {share.key for share in shares}
        yield Problem(
            figures={key: figure for key, figure in problem.figures.items() if key in keys},
            sums=[one for one in problem.sums if one.total in keys],
            shares=shares,
            known=[one for one in problem.known if one.key in keys],
            moves=[one for one in problem.moves if one.before in keys],
            needs=[one for one in problem.needs if one.key in keys],
            primary={key: why for key, why in problem.primary.items() if key in named},
        )


def _parts(problem: Problem) -> dict[Key, Key]:
    """For each figure the first of those that it hangs together with."""
    first = {key: key for key in problem.figures}

    def find(key: Key) -> Key:
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
