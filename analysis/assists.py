"""Which conversions paid media made alone, which with help, and which came without it."""

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from analysis.attribution.paths import Paths, offsets_of


class Split(IntEnum):
    """Name the four parts of the paid split; the names in lower case are their keys."""

    PAID_UNASSISTED = 0  # only paid touches in the window
    PAID_ASSISTED = 1  # paid and other touches in the window
    ORGANIC = 2  # only touches that were not paid
    NONE = 3  # no eligible touch


def paid_split(paths: Paths) -> npt.NDArray[np.int8]:
    """Put every conversion into one part of the paid split.

    paths     what `eligible` gives: all touches in the window, before the direct rule
    returns   int8[n], codes of Split
    source    SEMANTICS 4.8

    The parts speak of touches "in the window", so direct touches count, as touches that were not paid: a
    paid click followed by a direct visit is paid assisted, whatever a credit model does with the visit.
    """
    paid = np.diff(offsets_of(paths.journeys.paid[paths.row], paths.offsets))
    other = paths.counts - paid
    parts = np.full(len(paid), Split.NONE, dtype=np.int8)
    parts[other > 0] = Split.ORGANIC
    parts[(paid > 0) & (other > 0)] = Split.PAID_ASSISTED
    parts[(paid > 0) & (other == 0)] = Split.PAID_UNASSISTED
    return parts
