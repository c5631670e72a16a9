"""Who comes to the shop, on what device, and when they come back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from measureplan.demo.draws import Codes, Flags, Times, pick
from measureplan.demo.seasons import Clock
from measureplan.demo.truth import CHANNELS, DEVICE_SHARE

TAIL = 1.7  # Pareto exponent of visits a person: most come once, a few come for ever
MOST_VISITS = 60
KIOSK_VISITS = 400  # person 0 of the first chunk: a screen in a store, a visitor with very many events
SHORT_GAP_SHARE = 0.4
LONG_GAP_DAYS = 9.0
APART_US = 3 * 3_600_000_000  # visits of a person begin this far apart, so that a planted visit is a session

PROFILES = (  # device, browser, os, weight within the device
    ("mobile", "Mobile Safari", "iOS", 0.56),
    ("mobile", "Chrome Mobile", "Android", 0.34),
    ("mobile", "Samsung Internet", "Android", 0.10),
    ("desktop", "Chrome", "Windows", 0.52),
    ("desktop", "Edge", "Windows", 0.22),
    ("desktop", "Safari", "macOS", 0.20),
    ("desktop", "Firefox", "Linux", 0.06),
    ("tablet", "Safari", "iPadOS", 1.0),
)
LANGUAGES = (("nb-NO", 0.87), ("nn-NO", 0.04), ("en-GB", 0.04), ("sv-SE", 0.03), ("da-DK", 0.02))
SKEW_SHARE = 0.01  # devices whose clock is wrong by hours
SKEWS_US = (-7_200_000_000, 3_600_000_000, 5_400_000_000)


@dataclass(frozen=True, slots=True)
class People:
    """The people of a chunk; every array is (people,).

    device, profile, language   places in DEVICES, PROFILES and LANGUAGES
    ads_consent                 whether advertising may use what they did; analytics all have allowed
    skew_us                     how far their device's clock is off; 0 for nearly all
    """

    device: Codes
    profile: Codes
    language: Codes
    ads_consent: Flags
    skew_us: Times

    def __len__(self) -> int:
        """Count the people."""
        return len(self.device)


@dataclass(frozen=True, slots=True)
class Visits:
    """Planned visits, by person and then by time; every array is (visits,).

    person    place in People
    time_us   when the visit begins
    channel   place in CHANNELS: what brought it
    is_new    whether it is the person's first in the range
    """

    person: Codes
    time_us: Times
    channel: Codes
    is_new: Flags

    def __len__(self) -> int:
        """Count the visits."""
        return len(self.person)

    def is_last(self) -> Flags:
        """Say of each visit whether its person never comes back in the range."""
        return np.append(self.is_new[1:], True)


def draw_people(rng: np.random.Generator, count: int) -> People:
    """Draw `count` people."""
    device = pick(rng, DEVICE_SHARE, count)
    profile = np.empty(count, dtype=np.int32)
    for place, name in enumerate(("mobile", "desktop", "tablet")):
        of_device = [n for n, row in enumerate(PROFILES) if row[0] == name]
        chosen = pick(rng, [PROFILES[n][3] for n in of_device], count)
        mine = device == place
        profile[mine] = np.array(of_device, dtype=np.int32)[chosen[mine]]
    skew = np.array(SKEWS_US, dtype=np.int64)[rng.integers(0, len(SKEWS_US), count)]
    return People(
        device=device,
        profile=profile,
        language=pick(rng, [weight for _, weight in LANGUAGES], count),
        ads_consent=rng.random(count) < 0.7,
        skew_us=np.where(rng.random(count) < SKEW_SHARE, skew, 0),
    )


def draw_visits(rng: np.random.Generator, people: int, *, clock: Clock, kiosk: bool) -> Visits:
    """Draw the visits of `people` persons in the clock's range.

    What would come after the range's end comes at its beginning instead, as if it were a return to a visit
    before the range: so visits are equally dense in all of it, and every person comes at least once.
    """
    total = clock.busy[-1]
    counts = np.minimum(rng.pareto(TAIL, people) + 1, MOST_VISITS).astype(np.int32)
    if kiosk:
        counts[0] = KIOSK_VISITS
    person = np.repeat(np.arange(people, dtype=np.int32), counts)
    gaps = _gaps(rng, person)
    if kiosk:
        gaps[:KIOSK_VISITS] = total / KIOSK_VISITS
    busy = ((rng.random(people) * total)[person] + _running(gaps, person)) % total
    by_time = np.lexsort((busy, person))
    time_us = clock.times_us(busy[by_time])
    apart = _is_first(person) | (np.diff(time_us, prepend=0) >= APART_US)
    person, time_us = person[apart], time_us[apart]
    is_new = _is_first(person)
    return Visits(person=person, time_us=time_us, channel=_channels(rng, is_new), is_new=is_new)


def _gaps(rng: np.random.Generator, person: Codes) -> NDArray[np.float64]:
    """Draw busy days since the person's visit before; 0 for the first one."""
    count = len(person)
    short = rng.random(count) < SHORT_GAP_SHARE
    gaps = np.where(short, rng.exponential(1.0, count), rng.lognormal(np.log(LONG_GAP_DAYS), 1.0, count))
    gaps[_is_first(person)] = 0.0
    return gaps


def _running(gaps: NDArray[np.float64], person: Codes) -> NDArray[np.float64]:
    """Sum the gaps from each person's first visit on."""
    total = np.cumsum(gaps)
    starts = np.flatnonzero(_is_first(person))
    lengths = np.diff(np.append(starts, len(person)))
    return total - np.repeat(total[starts], lengths)


def _is_first(person: Codes) -> Flags:
    first: Flags = np.diff(person, prepend=-1) != 0
    return first


def _channels(rng: np.random.Generator, is_new: Flags) -> Codes:
    first = pick(rng, [channel.first_share for channel in CHANNELS], len(is_new))
    later = pick(rng, [channel.later_share for channel in CHANNELS], len(is_new))
    return np.where(is_new, first, later)
