"""Journeys of any number, given part by part, to their distinct paths."""

from dataclasses import dataclass, field, replace

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.attribution.aggregated import Aggregated, distinct, empty, summed, together
from analysis.attribution.bootstrap import Walks
from analysis.journeys import PART_ROWS


@dataclass(frozen=True, slots=True)
class Gathered:
    """Hold what data-driven models read of one goal.

    paths       distinct, in the order in which they came up
    value_net   float64[p], their value after refunds
    walks       who walked them; None where persons are not known, or were not asked for
    """

    paths: Aggregated
    value_net: Floats
    walks: Walks | None = None


@dataclass(slots=True)
class _Waiting:
    """Hold parts that are not merged yet, and how many rows and places they have."""

    parts: list[Aggregated] = field(default_factory=list)
    value_net: list[Floats] = field(default_factory=list)
    size: int = 0


class Gathering:
    """Merges journeys as they come.

    Memory: the distinct paths, as much again that waits to be merged (at least a part), and where walks are
    kept, five numbers for each journey. Each merge doubles what is merged, or reads a whole part, so all of
    them together cost a few passes over the journeys.
    """

    def __init__(self, n_keys: int, *, keeps_walks: bool = False, wait: int = PART_ROWS) -> None:
        """Begin without a journey.

        keeps_walks   remember who walked what, for intervals
        wait          rows and places of parts that wait before they are merged, at least
        """
        self._paths, self._net = empty(n_keys), np.zeros(0)
        self._waiting, self._wait = _Waiting(), wait
        self._keeps_walks = keeps_walks
        self._person: list[Ints] = []
        self._path: list[Ints] = []
        self._ends: list[Floats] = []  # float64[3, n]: conversions, value and nulls of each journey

    def add(self, journeys: Aggregated, *, person: Ints, value_net: Floats | None = None) -> None:
        """Take some journeys, each of one person.

        person      int64[n], any codes, the same for a person in every part
        value_net   float64[n], after refunds; their value where None
        """
        self._waiting.parts.append(journeys)
        self._waiting.value_net.append(journeys.value if value_net is None else value_net)
        self._waiting.size += _size(journeys)
        if self._keeps_walks:
            self._person.append(person)
            self._ends.append(np.stack([journeys.conversions, journeys.value, journeys.nulls]))
        if self._waiting.size >= max(self._wait, _size(self._paths)):
            self._merge()

    def gathered(self) -> Gathered:
        """Give all that was taken."""
        self._merge()
        return Gathered(self._paths, self._net, self._walks() if self._keeps_walks else None)

    def _merge(self) -> None:
        rows = together(self._paths, *self._waiting.parts)
        first, code = distinct(rows)
        net = np.concatenate([self._net, *self._waiting.value_net])
        # Paths that were there come up first, so they keep their numbers, and so do those who walked them.
        self._path.append(code[len(self._paths) :] if self._keeps_walks else code[:0])
        self._paths = summed(rows, first, code)
        self._net = np.bincount(code, net, len(first)).astype(np.float64, copy=False)
        self._waiting = _Waiting()

    def _walks(self) -> Walks:
        # Persons without a journey cannot be drawn, so codes begin anew.
        persons, person = np.unique(np.concatenate([np.zeros(0, np.int64), *self._person]), return_inverse=True)
        conversions, value, nulls = np.concatenate([np.zeros((3, 0)), *self._ends], axis=1)
        return Walks(np.concatenate(self._path), person, conversions, value, nulls, len(persons))


def with_paths(gathered: Gathered, paths: Aggregated) -> Gathered:
    """Merge anew after the paths were made others, row by row; who walked them stays known.

    paths   one for each of gathered.paths, with its counts and value
    """
    first, code = distinct(paths)
    walks = gathered.walks
    return Gathered(
        summed(paths, first, code),
        np.bincount(code, gathered.value_net, len(first)).astype(np.float64, copy=False),
        walks and replace(walks, path=code[walks.path]),
    )


def _size(paths: Aggregated) -> int:
    return len(paths) + len(paths.key)
