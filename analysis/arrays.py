"""The names of the array types that the arithmetic speaks in, and what all of it asks of them."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]  # codes, offsets, counts, times in microseconds since the epoch (UTC)
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Kinds = npt.NDArray[np.int8]  # VIEW, ENGAGEMENT, CLICK of windows.py


def unique(numbers: Ints) -> Ints:
    """Give the different numbers, ascending.

    numpy's own `unique` puts whole numbers into a hash table since 2.3, which takes six times as long as sorting where
    there are millions of them.
    """
    ascending = np.sort(numbers)
    if len(ascending) < 2:  # nothing to compare
        return ascending
    found: Ints = ascending[np.r_[True, ascending[1:] != ascending[:-1]]]
    return found
