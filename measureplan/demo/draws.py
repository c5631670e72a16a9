"""Weighted draws over small lists, by the array."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Codes = NDArray[np.int32]
Times = NDArray[np.int64]


def pick(rng: np.random.Generator, weights: Sequence[float], count: int) -> Codes:
    """Draw `count` places in `weights`, each as often as its weight says."""
    edges = np.cumsum(weights)
    return np.searchsorted(edges[:-1] / edges[-1], rng.random(count), side="right").astype(np.int32)
