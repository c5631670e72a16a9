"""Journeys of those who did not convert: where each ends, so that touches join it as they join a conversion."""

import numpy as np

from analysis.arrays import Bools
from analysis.journeys import Conversions, Touches
from analysis.windows import Windows


def unconverted(touches: Touches, conversions: Conversions, windows: Windows) -> Conversions:
    """Give the end of one journey for each person with an eligible touch and no conversion of the goal.

    touches, conversions   sorted, as `journeys_of` takes them; conversions are all that count
    windows                a type that is off neither ends a journey nor opens one
    returns                in the shape of conversions, so that `journeys_in_parts` joins the touches

    A journey ends with its person's latest touch, at age 0 and so always eligible; what lies before counts
    as it would for a conversion in that moment. So neither another person's events nor the end of the file
    moves it. Who converted has no such journey, not for the time after the conversion either.
    """
    on = np.flatnonzero((windows.reach_us() >= 0)[touches.kind])
    person = touches.person[on]
    is_latest: Bools = np.ones(len(on), dtype=np.bool_)
    is_latest[:-1] = person[1:] != person[:-1]
    latest = on[is_latest]
    latest = latest[~np.isin(touches.person[latest], conversions.person)]
    return Conversions(touches.person[latest], touches.time_us[latest], touches.session[latest])
