"""What people do in a visit: which micro goals they use, how far they get, and whether they buy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from measureplan.demo.arrivals import PAGE_KIND, Landings
from measureplan.demo.catalogue import PageKind
from measureplan.demo.draws import Codes, Flags
from measureplan.demo.seasons import DAY_US, Clock
from measureplan.demo.truth import (
    BASE_RISK,
    CHANNELS,
    DEVICE_RISK_RATIO,
    DEVICES,
    EFFECT_LASTS_DAYS,
    EMAIL,
    INITIATIVE_FACTOR,
    MICRO_KEYS,
    MICROS,
    RETURNING_RISK_RATIO,
    Micro,
)
from measureplan.demo.visits import People, Visits

MOST_RISK = 0.85  # no visit is certain to buy, however many ratios meet in it
ADDS_UNBOUGHT = 0.068  # share of visits that fill a cart and do not buy
CHECKS_OUT_UNBOUGHT = 0.36  # share of those that begin the checkout
DESKTOP = DEVICES.index("desktop")
RISK_RATIOS = np.array([micro.risk_ratio for micro in MICROS])


@dataclass(frozen=True, slots=True)
class Acts:
    """What happens in each visit.

    uses                (visits, micro goals) whether the micro goal is used in the visit
    risk                (visits,) the purchase probability
    buys, adds, checks  (visits,) purchase, cart filled, checkout begun; who buys has done the other two
    """

    uses: Flags
    risk: NDArray[np.float64]
    buys: Flags
    adds: Flags
    checks: Flags


def act(
    rng: np.random.Generator,
    visits: Visits,
    people: People,
    landings: Landings,
    *,
    clock: Clock,
    initiative_us: int,
) -> Acts:
    """Draw what happens in each visit."""
    desktop = people.device[visits.person] == DESKTOP
    uses = np.empty((len(visits), len(MICROS)), dtype=np.bool_)
    for place, micro in enumerate(MICROS):
        probability = _use(micro, visits, desktop)
        if micro.key == "size_guide_used":
            probability = np.where(visits.time_us >= initiative_us, probability * INITIATIVE_FACTOR, probability)
        uses[:, place] = rng.random(len(visits)) < probability
    uses[:, MICRO_KEYS.index("article_read")] |= PAGE_KIND[landings.page] == PageKind.ARTICLE
    risk = _risk(visits, people, uses) * clock.buying(visits.time_us)
    buys = rng.random(len(visits)) < np.minimum(risk, MOST_RISK)
    adds = buys | (rng.random(len(visits)) < ADDS_UNBOUGHT)
    checks = buys | (adds & (rng.random(len(visits)) < CHECKS_OUT_UNBOUGHT))
    return Acts(uses=uses, risk=risk, buys=buys, adds=adds, checks=checks)


def _use(micro: Micro, visits: Visits, desktop: Flags) -> NDArray[np.float64]:
    probability = np.full(len(visits), micro.use)
    probability *= np.where(desktop, micro.desktop, 1.0)
    probability *= np.where(visits.is_new, 1.0, micro.returning)
    probability *= np.where(visits.channel == EMAIL, micro.email, 1.0)
    return probability


def _risk(visits: Visits, people: People, uses: Flags) -> NDArray[np.float64]:
    risk = np.full(len(visits), BASE_RISK)
    risk *= np.array([channel.risk_ratio for channel in CHANNELS])[visits.channel]
    risk *= np.array(DEVICE_RISK_RATIO)[people.device[visits.person]]
    risk *= np.where(visits.is_new, 1.0, RETURNING_RISK_RATIO)
    for place, ratio in enumerate(RISK_RATIOS):
        risk *= np.where(in_force(uses[:, place], visits), ratio, 1.0)
    return risk


def in_force(used: Flags, visits: Visits) -> Flags:
    """Say of each visit whether the person used the micro goal in it or in the days that still count."""
    places = np.arange(len(visits), dtype=np.int32)
    last: Codes = np.maximum.accumulate(np.where(used, places, np.int32(-1)))
    begins: Codes = np.maximum.accumulate(np.where(visits.is_new, places, np.int32(0)))
    since_us = visits.time_us - visits.time_us[last]
    return (last >= begins) & (since_us <= EFFECT_LASTS_DAYS * DAY_US)
