"""What was planted can be found again in the table, by simple estimates that know nothing of the generator.

Every estimate is asked to lie within four standard errors of the truth: a seed that a test uses is fixed, so
this cannot fail by chance from one run to the next, and a wrong factor of a few per cent does fail.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from measureplan.demo import Shop
from measureplan.demo.seasons import black_friday, buying_weight, day_weight, season_weight
from measureplan.demo.truth import CHANNELS, DEVICE_SHARE, DEVICES, MICRO_KEYS, ZONE

SIGMAS = 4.0


@dataclass
class Visit:
    """One session by the client's own session id."""

    visitor: str
    channel: str
    device: str
    day: date
    used: set[str] = field(default_factory=set)
    bought: bool = False
    is_new: bool = False


@pytest.fixture(scope="module")
def visits(large: Shop) -> list[Visit]:
    """Every visit of the large shop with what was done in it before the first purchase."""
    by_clients = pc.is_valid(large.events["session_id"])
    events, planted = large.events.filter(by_clients), large.planted.filter(by_clients)
    columns = [events[name].to_pylist() for name in ("session_id", "visitor_id", "name", "path", "device")]
    days = pc.local_timestamp(events["time"].cast(pa.timestamp("us", "Europe/Oslo"))).cast(pa.date32())
    channels = planted["channel"].to_pylist()
    found: dict[str, Visit] = {}
    seen: set[str] = set()  # events are in order of time, so a visitor's first visit is the new one
    for session, visitor, name, path, device, day, channel in zip(*columns, days.to_pylist(), channels, strict=True):
        visit = found.get(session)
        if visit is None:
            visit = found[session] = Visit(visitor, channel, device, day, is_new=visitor not in seen)
            seen.add(visitor)
        if name == "purchase":
            visit.bought = True
        elif not visit.bought:
            visit.used.add("article_read" if path and path.startswith("/artikler/") else name)
    return list(found.values())


def near(estimate: float, truth: float, error: float) -> bool:
    return abs(estimate - truth) <= SIGMAS * error


def raw_ratio(visits: Iterable[Visit], key: str) -> float:
    with_use = [visit.bought for visit in visits if key in visit.used]
    without = [visit.bought for visit in visits if key not in visit.used]
    return (sum(with_use) / len(with_use)) / (sum(without) / len(without))


def stratified_ratio(visits: Iterable[Visit], key: str) -> tuple[float, float]:
    """Mantel-Haenszel risk ratio over channel and device, and the standard error of its logarithm.

    source  Greenland and Robins 1985, Biometrics 41, 55-68
    """
    cells: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for visit in visits:
        cell = cells[visit.channel, visit.device]
        place = 0 if key in visit.used else 2
        cell[place] += visit.bought
        cell[place + 1] += 1
    above = below = spread = 0.0
    for a, n1, c, n0 in cells.values():
        total = n1 + n0
        above += a * n0 / total
        below += c * n1 / total
        spread += (n1 * n0 * (a + c) - a * c * total) / total**2
    return above / below, math.sqrt(spread / (above * below))


@pytest.mark.parametrize("key", MICRO_KEYS)
def test_the_effect_of_each_micro_goal_is_found_among_first_visits(key: str, large: Shop, visits: list[Visit]) -> None:
    planted = next(micro.risk_ratio for micro in large.truth.micros if micro.key == key)
    ratio, error = stratified_ratio((visit for visit in visits if visit.is_new), key)
    assert near(math.log(ratio), math.log(planted), error), f"{key}: {ratio:.2f} against {planted}, error {error:.3f}"


def test_the_confounded_micro_goal_looks_useful_and_is_not(large: Shop, visits: list[Visit]) -> None:
    key = large.truth.confounded
    firsts = [visit for visit in visits if visit.is_new]
    ratio, error = stratified_ratio(firsts, key)
    assert raw_ratio(firsts, key) > 1.4
    assert raw_ratio(visits, key) > 1.7
    assert near(math.log(ratio), 0.0, error)


def test_questions_after_the_purchase_would_mislead_who_ignores_order(large: Shop, visits: list[Visit]) -> None:
    named = large.events.filter(pc.equal(large.events["name"], "contact"))["session_id"].to_pylist()
    after = len(set(named)) - sum("contact" in visit.used for visit in visits)
    bought = sum(visit.bought for visit in visits)
    assert 0.05 < after / bought < 0.09


@pytest.mark.parametrize("place", range(len(CHANNELS)), ids=[channel.key for channel in CHANNELS])
def test_each_channel_brings_its_share_of_first_and_returning_visits(place: int, visits: list[Visit]) -> None:
    channel = CHANNELS[place]
    for is_new, planted in ((True, channel.first_share), (False, channel.later_share)):
        ours = [visit.channel == channel.key for visit in visits if visit.is_new == is_new]
        error = math.sqrt(planted * (1 - planted) / len(ours))
        # Receipts brought back the next day are direct visits of their own: a few in ten thousand.
        assert near(sum(ours) / len(ours), planted, error + 0.0003), f"{channel.key}, new: {is_new}"


def test_channels_convert_in_the_planted_order_of_magnitude(visits: list[Visit]) -> None:
    rates = {}
    for channel in CHANNELS:
        ours = [v.bought for v in visits if v.channel == channel.key and v.is_new and v.device == "mobile"]
        rates[channel.key] = (sum(ours) / len(ours), len(ours))
    base, _ = rates["organic_search"]
    for channel in CHANNELS:
        rate, count = rates[channel.key]
        error = math.sqrt(max(base * channel.risk_ratio, 1e-9) * (1 / count + 1 / rates["organic_search"][1]))
        # Landing on articles differs by channel, and articles sell a little: three per cent of slack.
        assert near(rate, base * channel.risk_ratio, error + 0.03 * rate / SIGMAS), channel.key


def test_devices_come_in_their_shares_and_buy_in_their_ratios(large: Shop, visits: list[Visit]) -> None:
    firsts = [visit for visit in visits if visit.is_new]
    count = Counter(visit.device for visit in firsts)
    for device, share in zip(DEVICES, DEVICE_SHARE, strict=True):
        assert near(count[device] / len(firsts), share, math.sqrt(share * (1 - share) / len(firsts)))
    bought = Counter(visit.device for visit in firsts if visit.bought)
    ratio = (bought["desktop"] / count["desktop"]) / (bought["mobile"] / count["mobile"])
    planted = large.truth.device_risk_ratio["desktop"] / large.truth.device_risk_ratio["mobile"]
    # Micro goals are used a little more often at a desktop: part of its advantage, beside the planted ratio.
    assert math.log(ratio / planted) + SIGMAS * 0.05 > 0
    assert math.log(ratio / planted) < 0.15 + SIGMAS * 0.05


def test_the_initiative_raises_the_use_of_the_size_guide(large: Shop, visits: list[Visit]) -> None:
    began = large.truth.initiative.started_at.astimezone(ZONE).date()
    uses = {True: Counter[bool](), False: Counter[bool]()}
    for visit in visits:
        uses[visit.day >= began]["size_guide_used" in visit.used] += 1
    after, before = (uses[when][True] / uses[when].total() for when in (True, False))
    error = math.sqrt(1 / uses[True][True] + 1 / uses[False][True])
    assert near(math.log(after / before), math.log(large.truth.initiative.factor), error)
    assert 0.02 < large.truth.initiative.purchase_lift < 0.03


def test_the_outage_silences_one_event_for_three_days_and_nothing_else(demo: Shop) -> None:
    outage = demo.truth.outage
    assert (outage.until - outage.since).days == 3

    def count(name: str, shift: timedelta) -> int:
        bounds = [pa.scalar(t + shift, demo.events["time"].type) for t in (outage.since, outage.until)]
        inside = pc.and_(pc.greater_equal(demo.events["time"], bounds[0]), pc.less(demo.events["time"], bounds[1]))
        return int(pc.sum(pc.and_(inside, pc.equal(demo.events["name"], name))).as_py())

    days = [timedelta(days=days) for days in (-3, 0, 3)]
    assert [count(outage.event, shift) > 10 for shift in days] == [True, False, True]
    assert count(outage.event, days[1]) == 0
    assert all(count("purchase", shift) > 5 for shift in days)


def test_visits_follow_the_weekdays_the_trend_and_the_season(large: Shop, visits: list[Visit]) -> None:
    truth = large.truth
    days = [truth.since + timedelta(days=n) for n in range(180)]
    weights = {day: day_weight(day, since=truth.since, days=180) for day in days}
    seen = Counter(visit.day for visit in visits)
    for weekday in range(7):
        ours = [day for day in days if day.weekday() == weekday]
        share = sum(weights[day] for day in ours) / sum(weights.values())
        # Visits of one person come together: twice the error of independent visits.
        error = 2 * math.sqrt(share * (1 - share) / len(visits))
        assert near(sum(seen[day] for day in ours) / len(visits), share, error), f"weekday {weekday}"
    halves = [sum(seen[day] for day in part) for part in (days[:90], days[90:])]
    planted = [sum(weights[day] for day in part) for part in (days[:90], days[90:])]
    assert halves[1] / halves[0] == pytest.approx(planted[1] / planted[0], rel=0.04)


def test_people_shop_in_the_evening_and_sleep_at_night(demo: Shop) -> None:
    hours = Counter(time.astimezone(ZONE).hour for time in demo.events["time"].to_pylist())
    assert hours.most_common(1)[0][0] in {20, 21}
    assert hours[3] < hours[21] / 10


def test_visits_a_person_are_heavy_tailed_over_several_channels(visits: list[Visit]) -> None:
    counts = Counter(visit.visitor for visit in visits)
    channels = defaultdict(set)
    for visit in visits:
        channels[visit.visitor].add(visit.channel)
    share_once = sum(count == 1 for count in counts.values()) / len(counts)
    assert 0.6 < share_once < 0.8
    assert sum(count >= 10 for count in counts.values()) / len(counts) > 0.01
    assert sum(len(theirs) >= 3 for theirs in channels.values()) / len(channels) > 0.05


@pytest.mark.parametrize(("year", "day"), [(2024, 29), (2025, 28), (2026, 27), (2027, 26)])
def test_black_friday_is_the_day_after_the_fourth_thursday(year: int, day: int) -> None:
    assert black_friday(year) == date(year, 11, day)
    assert season_weight(black_friday(year)) > 2
    assert buying_weight(black_friday(year)) > 1.2


def test_pay_days_are_busier_than_the_days_before() -> None:
    assert season_weight(date(2026, 9, 12)) > season_weight(date(2026, 9, 11)) == 1.0
    assert buying_weight(date(2026, 9, 11)) == 1.0
