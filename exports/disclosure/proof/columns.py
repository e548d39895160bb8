"""The unknowns of the linear program: figures that move together share one."""

from collections.abc import Iterable, Sequence

import numpy as np

from exports.disclosure.figures import FigureKey, Move, Problem

_CLOSE = 1e-6


class Columns:
    """Which unknown stands for which figure: the figure is the unknown plus a number."""

    def __init__(self, places: dict[FigureKey, tuple[int, float]], size: int) -> None:
        self._places = places
        self.size = size

    def place(self, key: FigureKey) -> tuple[int, float]:
        """The unknown's number, and what to add to it."""
        return self._places[key]

    def row(self, terms: Sequence[tuple[FigureKey, float]]) -> tuple[dict[int, float], float]:
        """The terms, of which the sum is limited, as coefficients of unknowns and a right side."""
        coefficients: dict[int, float] = {}
        right = 0.0
        for key, times in terms:
            at, by = self._places[key]
            coefficients[at] = coefficients.get(at, 0.0) + times
            right -= times * by
        return coefficients, right

    def truth(self, problem: Problem) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """The unknowns as they truly are."""
        values = np.zeros(self.size)
        for key, (at, by) in self._places.items():
            values[at] = problem.figures[key].value - by
        return values

    def whole(self, problem: Problem) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which unknowns are whole numbers: those that are a whole figure but for whole people."""
        flags = np.zeros(self.size, dtype=np.bool_)
        for key, (at, by) in self._places.items():
            flags[at] |= problem.figures[key].whole and abs(by - round(by)) < _CLOSE
        return flags


def columns_of(problem: Problem, moves: Iterable[Move]) -> Columns:
    """An unknown for every figure, but one for all figures that known moves lead between."""
    after: dict[FigureKey, list[tuple[FigureKey, float]]] = {}
    for move in moves:
        after.setdefault(move.before, []).append((move.after, move.by))
        after.setdefault(move.after, []).append((move.before, -move.by))
    places: dict[FigureKey, tuple[int, float]] = {}
    size = 0
    for key in problem.figures:
        if key in places:
            continue
        places[key] = (size, 0.0)
        waiting = [key]
        while waiting:
            here = waiting.pop()
            for there, by in after.get(here, ()):
                if there not in places:
                    places[there] = (size, places[here][1] + by)
                    waiting.append(there)
        size += 1
    return Columns(places, size)
