"""What one model gives to each campaign of ads, and how much of it another platform may claim too. Pure: arrays in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.arrays import Ints
from analysis.attribution.credit import Credits, tally
from analysis.attribution.models import weigh
from analysis.attribution.paths import Paths
from analysis.windows import Windows
from reports.attribution.crediting import Direct, apportioned, paths_under
from reports.attribution.parts import Part
from reports.reconciliation.matching import Place

UNTOUCHED = Place("none", "", is_reported=False)  # of conversions without a credited touch
GROUPS = 3  # conversions with touches of no, of one and of several claiming platforms


@dataclass(frozen=True, slots=True)
class Credit:
    """What a place was credited with; also_claimed is the part of the conversions that others may claim too."""

    conversions: float = 0.0
    value: int = 0
    value_net: int = 0
    also_claimed: float = 0.0


def credit_places(
    parts: Iterable[Part],
    places: Sequence[Place],
    claiming: Collection[str],
    *,
    model: str,
    windows: Windows,
    direct: Direct,
) -> dict[Place, Credit]:
    """Share the conversions out over places; all credits add up to the conversions, and values to their sum exactly.

    places     of each code that the parts' keys hold
    claiming   the platforms that claim any conversion: a conversion is also claimed for a place where a touch of
               another of these platforms is inside its windows
    """
    numbers = {place: n for n, place in enumerate(dict.fromkeys(places))}
    distinct, code = list(numbers), np.array([numbers[place] for place in places], np.int64)
    bit = _bits(distinct, claiming)
    sums, value, net = _nothing(len(distinct)), 0, 0
    for part in parts:
        mine = replace(part, key=code[part.key]) if len(code) else part
        inside, paths = paths_under(mine.journeys, windows, direct)
        after = mine.value + mine.refund
        sums += tally(
            weigh(paths, model), keys=mine.key, n_keys=len(distinct), value=mine.value, value_net=after,
            group=_claimants(inside, mine.key, bit), n_groups=GROUPS,
        )  # fmt: skip
        value, net = value + int(mine.value.sum()), net + int(after.sum())
    return _by_place(sums.settled(), [*distinct, UNTOUCHED], claiming, value=value, value_net=net)


def _nothing(n_keys: int) -> Credits:
    table = np.zeros((GROUPS, n_keys + 1))
    return Credits(table, table, table, additive=True)


def _bits(distinct: Sequence[Place], claiming: Collection[str]) -> Ints:
    """Give each place the bit of its platform, 0 where that claims nothing: int64[k]."""
    bits: Mapping[str, int] = {platform: 1 << n for n, platform in enumerate(sorted(claiming))}
    return np.array([bits.get(place.platform, 0) for place in distinct], np.int64)


def _claimants(inside: Paths, key: Ints, bit: Ints) -> Ints:
    """Count, up to 2, the claiming platforms that touched each conversion: int64[n]."""
    found = np.zeros(len(inside.counts), np.int64)
    touched = inside.touched
    if len(touched):
        seen = np.bitwise_or.reduceat(bit[key[inside.row]], inside.offsets[touched])
        found[touched] = np.minimum(np.bitwise_count(seen), 2)
    return found


def _by_place(
    sums: Credits, places: Sequence[Place], claiming: Collection[str], *, value: int, value_net: int
) -> dict[Place, Credit]:
    whole = sums.over_groups()
    values, nets = apportioned(whole.value[0], value), apportioned(whole.value_net[0], value_net)
    found = {}
    for n, place in enumerate(places):
        # One that claims is a claimant itself: it takes another one beside it.
        others = 2 if place.platform in claiming else 1
        also = float(sums.conversions[others:, n].sum())
        found[place] = Credit(float(whole.conversions[0, n]), values[n], nets[n], also)
    return found
