"""Which of many candidates stand out, so that few of those that are named are named by chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.evidence.exact import p_value
from analysis.evidence.grading import LEAST_COMPARABLE, Evidence, has_enough, weigh
from analysis.evidence.ratios import Strata

Q = 0.05  # the share of the named that may be named by chance


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place.

    place           in the sequence that was ranked
    p               exact, two-sided, within strata
    adjusted        the smallest q at which it would be named
    is_suggested    named: goes along with more of the macro goal, and hardly by chance
    """

    place: int
    evidence: Evidence
    p: float
    adjusted: float
    is_suggested: bool


def rank(candidates: Sequence[Strata], q: float = Q) -> tuple[Ranked, ...]:
    """Give the candidates with enough data: those to suggest first, by their ratio, the others after, by p-value.

    Who has too little data, or nobody to compare with, is left out before anything is tested, by counts that do not
    depend on who of them reached the macro goal; so what is left is a fair family of tests.

    q         of the false discoveries among the suggested, expected
    source    Benjamini, Hochberg 1995, JRSS B 57, 289-300
    """
    tested = [(place, weigh(each)) for place, each in enumerate(candidates) if can_be_tested(each)]
    p_values = np.array([p_value(candidates[place]) for place, _ in tested])
    ranked = [
        Ranked(place, evidence, p, adjusted, adjusted <= q and _ratio(evidence) > 1)
        for (place, evidence), p, adjusted in zip(
            tested, p_values.tolist(), benjamini_hochberg(p_values).tolist(), strict=True
        )
    ]
    return tuple(sorted(ranked, key=_order))


def can_be_tested(tables: Strata) -> bool:
    """Say whether there is enough data, and somebody to compare with."""
    return has_enough(tables) and tables.comparable_share >= LEAST_COMPARABLE


def benjamini_hochberg(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each p-value's smallest q at which it is still among the discoveries.

    p_values   (tests,) in [0, 1]
    returns    (tests,) in [0, 1], in the same order
    """
    count = len(p_values)
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * count / np.arange(1, count + 1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return adjusted


def _order(each: Ranked) -> tuple[bool, float, int]:
    return not each.is_suggested, -_ratio(each.evidence) if each.is_suggested else each.p, each.place


def _ratio(evidence: Evidence) -> float:
    return evidence.stratified.value if evidence.stratified else 0.0
