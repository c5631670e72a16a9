"""The names of the array types that the arithmetic speaks in."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]  # codes, offsets, counts, times in microseconds since the epoch (UTC)
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Kinds = npt.NDArray[np.int8]  # VIEW, ENGAGEMENT, CLICK of windows.py
