"""The order of what many did: by whom, and by when."""

import numpy as np
import numpy.typing as npt

from analysis.arrays import Ints

Hashes = npt.NDArray[np.uint64]
_TIME_SHIFT = 10  # a moment's last bits, about a millisecond: what they decide is decided afterwards


def order_of(person: Hashes, source: Ints | None, time_us: Ints) -> Ints:
    """Give the order by person, by source where one is given, and by time; of equals the first stays first.

    person, source, time_us   n each; persons are hashes, so that their first bits differ
    returns                   int64[n], places, as numpy's lexsort would

    One number is sorted twice as fast as two, and four times as fast where equals need not stay in their order. So the
    first bits of person and moment make one; those of whom it says the same are put back into the order they had, and
    of these only the persons of whom it says too little are sorted by all keys: of the same first bits, on several
    sources, or twice a millisecond.
    """
    if not len(person):
        return np.empty(0, np.int64)
    since = (time_us - time_us.min()) >> _TIME_SHIFT
    bits = np.uint64(int(since.max()).bit_length())
    key = person >> bits << bits | since.astype(np.uint64)
    order: Ints = np.argsort(key)
    _settle(order, key[order])
    who, moment, key = person[order], time_us[order], key[order] >> bits
    keys = [time_us, person]
    differs = who[1:] != who[:-1]
    if source is not None and (source != source[0]).any():
        keys.insert(1, source)
        differs |= source[order[1:]] != source[order[:-1]]
    opens = key[1:] != key[:-1]
    undecided = ~opens & (differs | (moment[1:] < moment[:-1]))
    if undecided.any():
        begins = np.r_[0, np.flatnonzero(opens) + 1]
        is_mixed = np.zeros(len(begins), np.bool_)
        is_mixed[np.searchsorted(begins, np.flatnonzero(undecided), side="right") - 1] = True
        places = np.flatnonzero(np.repeat(is_mixed, np.diff(np.r_[begins, len(order)])))
        rows = np.sort(order[places])
        order[places] = rows[np.lexsort([each[rows] for each in keys])]
    return order


def _settle(order: Ints, key: Hashes) -> None:
    """Put equals, which stand beside each other by now, into the order that they had."""
    is_same = key[1:] == key[:-1]
    if not is_same.any():
        return
    equals = np.flatnonzero(np.r_[is_same, False] | np.r_[False, is_same])
    group = np.cumsum(np.r_[True, key[equals[1:]] != key[equals[:-1]]])
    width = len(order)
    order[equals] = np.sort(group * width + order[equals]) % width
