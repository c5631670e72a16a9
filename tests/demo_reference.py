"""A brute-force reference: raw events to credit per channel, in plain loops, without the product's code.

The law is SEMANTICS sections 1, 2 and 4. Where the law leaves a case open, this file reads it so:

1. Ad events (`ad_impression`, `ad_engagement`, `ad_click`) and refunds come from servers: they neither open,
   join nor prolong a session, and a refund is no touch.
2. A later event in a session is another click touch if it carries campaign tags or a click id and these
   differ from those of the session's latest touch. Its referrer alone makes none (payment providers).
3. A referrer on the shop's own host is no external referrer.
4. The direct rule works on the path, before the model: `same_touch` looks for the conversion's own session
   among what is left, and takes the latest touch in it.
5. With the scope `reset` a touch is spent once it lay in the window of an earlier conversion, even where the
   direct rule then took it out of that path.
6. A refund is matched by transaction id alone, and lessens its conversion's `value_net`, same weights.
"""

import math
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import pyarrow as pa

MINUTE_US = 60_000_000
DAY_US = 24 * 60 * MINUTE_US
IDLE_US = 30 * MINUTE_US
VIEW, ENGAGEMENT, CLICK = 0, 1, 2
AD_KINDS = {"ad_impression": VIEW, "ad_engagement": ENGAGEMENT, "ad_click": CLICK}
TAGS = (
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "utm_term",
    "utm_id",
    "click_id_type",
    "click_id",
)
NONE = "(none)"
CLOSED_FORM = (
    "first", "last", "last_priority", "same_touch", "linear", "position", "j_curve", "inverse_j",
    "time_decay", "participation",
)  # fmt: skip


@dataclass(frozen=True)
class Windows:
    """How many days a touch of each type may lie back; None turns the type off."""

    view: float | None = 1
    engagement: float | None = 30
    click: float | None = 30

    def reaches(self, touch: "Touch", conversion: "Conversion") -> bool:
        days = (self.view, self.engagement, self.click)[touch.kind]
        if days is None:
            return False
        return 0 <= conversion.time_us - touch.time_us <= days * DAY_US


@dataclass(frozen=True)
class Touch:
    key: tuple[int, int, str]  # time, sequence, event id: the order of everything
    person: tuple[int, str]
    kind: int
    direct: bool
    channel: str
    session: str | None

    @property
    def time_us(self) -> int:
        return self.key[0]


@dataclass(frozen=True)
class Conversion:
    key: tuple[int, int, str]
    person: tuple[int, str]
    session: str | None
    value_micros: int
    refunded_micros: int

    @property
    def time_us(self) -> int:
        return self.key[0]


@dataclass(frozen=True)
class Credit:
    """Sums of shares, and of micros of value before and after refunds."""

    conversions: float
    value_micros: float
    value_net_micros: float


@dataclass(eq=False)
class Derived:
    """What the raw events mean: session id by event id, touches, and conversions, in their order."""

    session_of: dict[str, str]
    touches: list[Touch]
    conversions: list[Conversion]


def rows_of(events: pa.Table) -> list[dict[str, object]]:
    """Read the columns that the reference needs, with the time in microseconds."""
    names = ["source_id", "event_id", "name", "visitor_id", "sequence", "host", "referrer", *TAGS]
    rows = events.select([*names, "value_micros", "transaction_id", "refund"]).to_pylist()
    for row, time_us in zip(rows, events["time"].cast(pa.int64()).to_pylist(), strict=True):
        row["time_us"] = time_us
        row["key"] = (time_us, -1 if row["sequence"] is None else row["sequence"], row["event_id"])
    return rows


def derive(events: pa.Table, channel_of: Mapping[str, str], *, goal: str = "purchase") -> Derived:
    """Find sessions, touches and conversions; `channel_of` names the channel of a touch's event."""
    rows = sorted(rows_of(events), key=lambda row: row["key"])
    by_person = defaultdict(list)
    for row in rows:
        by_person[row["source_id"], row["visitor_id"]].append(row)
    session_of: dict[str, str] = {}
    touches: list[Touch] = []
    for person, theirs in by_person.items():
        visits = [row for row in theirs if row["name"] not in AD_KINDS and not row["refund"]]
        for session in sessions(visits):
            session_of |= {row["event_id"]: session[0]["event_id"] for row in session}
            touches += session_touches(session, person, channel_of)
        touches += [ad_touch(row, person, channel_of) for row in theirs if row["name"] in AD_KINDS]
    touches.sort(key=lambda touch: touch.key)
    return Derived(session_of, touches, conversions_of(rows, session_of, goal))


def sessions(rows: list[dict]) -> list[list[dict]]:
    """Cut a person's events, in order, where 30 minutes or more pass between two."""
    cut: list[list[dict]] = []
    for row in rows:
        if cut and row["time_us"] - cut[-1][-1]["time_us"] < IDLE_US:
            cut[-1].append(row)
        else:
            cut.append([row])
    return cut


def session_touches(session: list[dict], person: tuple, channel_of: Mapping[str, str]) -> list[Touch]:
    """Give the click touches of one session: its first event, and later ones with other tags."""
    found = []
    tags_now = None
    for place, row in enumerate(session):
        tags = tuple(row[name] for name in TAGS)
        tagged = any(tags)
        if place > 0 and not (tagged and tags != tags_now):
            continue
        tags_now = tags
        direct = not tagged and not is_external(row)
        found.append(Touch(row["key"], person, CLICK, direct, channel_of[row["event_id"]], session[0]["event_id"]))
    return found


def is_external(row: dict) -> bool:
    """Say whether the referrer is another site."""
    if not row["referrer"]:
        return False
    return urlsplit(row["referrer"]).hostname.removeprefix("www.") != (row["host"] or "").removeprefix("www.")


def ad_touch(row: dict, person: tuple, channel_of: Mapping[str, str]) -> Touch:
    return Touch(row["key"], person, AD_KINDS[row["name"]], False, channel_of[row["event_id"]], None)


def conversions_of(rows: Iterable[dict], session_of: Mapping[str, str], goal: str) -> list[Conversion]:
    """Count each transaction once, at its earliest event; `rows` are in order."""
    refunded: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["refund"] and row["transaction_id"]:
            refunded[row["transaction_id"]] += row["value_micros"]
    seen: set[tuple] = set()
    found = []
    for row in rows:
        if row["name"] != goal or row["refund"]:
            continue
        transaction = row["transaction_id"]
        if transaction is not None:
            if (row["source_id"], transaction) in seen:
                continue
            seen.add((row["source_id"], transaction))
        found.append(
            Conversion(
                row["key"], (row["source_id"], row["visitor_id"]), session_of.get(row["event_id"]),
                row["value_micros"] or 0, refunded.get(transaction, 0),
            )
        )  # fmt: skip
    return found


@lru_cache(maxsize=8)  # every model asks for the same paths
def paths(
    derived: Derived, windows: Windows, *, ignore_direct: bool = True, scope: str = "all"
) -> list[tuple[Conversion, list[Touch]]]:
    """Give each conversion with the touches that may share it, in order."""
    touches_of = defaultdict(list)
    for touch in derived.touches:
        touches_of[touch.person].append(touch)
    spent: set[tuple] = set()
    found = []
    for conversion in derived.conversions:
        path = [t for t in touches_of[conversion.person] if windows.reaches(t, conversion) and t.key not in spent]
        if scope == "reset":
            spent |= {touch.key for touch in path}
        if ignore_direct and any(not touch.direct for touch in path):
            path = [touch for touch in path if not touch.direct]
        found.append((conversion, path))
    return found


def weights(model: str, path: list[Touch], conversion: Conversion, *, half_life_days: float = 7.0) -> list[float]:
    """Give each touch's share of the conversion; all zero where the model finds none of them fit."""
    count = len(path)
    if model in {"first", "last", "last_priority", "same_touch"}:
        chosen = chosen_touch(model, path, conversion)
        return [1.0 if place == chosen else 0.0 for place in range(count)]
    if model == "linear":
        return [1.0 / count] * count
    if model == "time_decay":
        raw = [2.0 ** (-(conversion.time_us - touch.time_us) / (half_life_days * DAY_US)) for touch in path]
        return [weight / math.fsum(raw) for weight in raw]
    ends = {"position": (0.4, 0.4), "j_curve": (0.2, 0.6), "inverse_j": (0.6, 0.2)}[model]
    if count == 1:
        return [1.0]
    if count == 2:
        return [ends[0] / (ends[0] + ends[1]), ends[1] / (ends[0] + ends[1])]
    between = (1.0 - ends[0] - ends[1]) / (count - 2)
    return [ends[0], *[between] * (count - 2), ends[1]]


def chosen_touch(model: str, path: list[Touch], conversion: Conversion) -> int | None:
    """Give the place of the one touch that takes it all."""
    if model == "first":
        return 0
    if model == "last":
        return len(path) - 1
    if model == "last_priority":
        best = max(touch.kind for touch in path)
        return max(place for place, touch in enumerate(path) if touch.kind == best)
    own = [n for n, touch in enumerate(path) if touch.session is not None and touch.session == conversion.session]
    return own[-1] if own else None


def credit_by_channel(
    derived: Derived, model: str, windows: Windows, *, ignore_direct: bool = True, scope: str = "all"
) -> dict[str, Credit]:
    """Sum the credit of each channel, and of (none), under one model and one setting of windows."""
    shares: dict[str, list[tuple[float, Conversion]]] = defaultdict(list)
    for conversion, path in paths(derived, windows, ignore_direct=ignore_direct, scope=scope):
        if model == "participation":
            for channel in {touch.channel for touch in path} or {NONE}:
                shares[channel].append((1.0, conversion))
            continue
        given = weights(model, path, conversion) if path else []
        for touch, weight in zip(path, given, strict=True):
            if weight:
                shares[touch.channel].append((weight, conversion))
        if not any(given):
            shares[NONE].append((1.0, conversion))
    return {channel: summed(parts) for channel, parts in shares.items()}


def paid_split(derived: Derived, windows: Windows, *, paid: Container[str], scope: str = "all") -> dict[str, Credit]:
    """Sum conversions by what lay in their window, before the direct rule; `paid` names the paid channels."""
    parts: dict[str, list[tuple[float, Conversion]]] = defaultdict(list)
    for conversion, path in paths(derived, windows, ignore_direct=False, scope=scope):
        kinds = {touch.channel in paid for touch in path}
        part = {(True,): "paid_unassisted", (False, True): "paid_assisted", (False,): "organic", (): NONE}
        parts[part[tuple(sorted(kinds))]].append((1.0, conversion))
    return {part: summed(found) for part, found in parts.items()}


def summed(parts: list[tuple[float, Conversion]]) -> Credit:
    return Credit(
        conversions=math.fsum(weight for weight, _ in parts),
        value_micros=math.fsum(weight * c.value_micros for weight, c in parts),
        value_net_micros=math.fsum(weight * (c.value_micros + c.refunded_micros) for weight, c in parts),
    )


def planted_channels(planted: pa.Table) -> dict[str, str]:
    """Give the planted channel of each touch by its event id."""
    pairs = zip(planted["event_id"].to_pylist(), planted["channel"].to_pylist(), strict=True)
    return {event_id: channel for event_id, channel in pairs if channel is not None}


def planted_sessions(planted: pa.Table) -> dict[str, str]:
    """Give the planted session of each event by its event id."""
    pairs = zip(planted["event_id"].to_pylist(), planted["session"].to_pylist(), strict=True)
    return {event_id: session for event_id, session in pairs if session is not None}
