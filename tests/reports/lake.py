"""A small lake for tests of reports: hits in, events, sessions and touches out, by a plain sessionizer of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

import pyarrow as pa

from goals.models import Goal, MappingRule, Plan
from tests.tracking.makers import event_rows, make_event
from tracking.lake.schema import EVENTS, SESSIONS, TOUCHES
from tracking.lake.table import replace_days
from tracking.models import DerivedChange, LakeState
from workspaces import scope
from workspaces.models import Workspace
from workspaces.zones import day_of

GAP = timedelta(minutes=30)
PAID = {"paid_search", "paid_social", "display"}
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)  # a Monday, 10:00 in Oslo
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AD_KINDS = {"ad_impression": 0, "ad_engagement": 1, "ad_click": 2}


@dataclass(frozen=True, slots=True)
class Hit:
    """One event; `channel` "" is a page reached without anything that says where from."""

    person: str
    at: datetime
    name: str = "page_view"
    channel: str = ""
    source: str | None = None  # of the channel's own name where it is not said
    campaign: str | None = None
    value: int | None = None  # whole units
    currency: str | None = None
    transaction: str | None = None
    refund: bool = False
    path: str | None = None
    content: str | None = None
    device: str | None = None
    browser: str | None = None
    referrer: str | None = None
    medium: str | None = None
    term: str | None = None
    landing: str = "/"  # the page that a touch led to
    os: str | None = None
    language: str | None = None
    properties: str | None = None  # JSON text

    @property
    def event_id(self) -> str:
        return f"{self.person}-{self.name}-{self.at.isoformat()}-{self.transaction or ''}-{self.refund}"


def hit(person: str, *, days: float = 0, minutes: float = 0, **fields: Any) -> Hit:
    """Give a hit so long after START."""
    return Hit(person, START + timedelta(days=days, minutes=minutes), **fields)


def make_goal(shop: Workspace, name: str = "Sale", *, event: str = "purchase", **fields: Any) -> Goal:
    """Make a goal that counts an event, in a plan of the fourth quarter."""
    with scope.in_workspace(shop.pk):
        plan, _ = Plan.objects.get_or_create(
            workspace=shop,
            slug="q4",
            defaults={"name": "Q4", "starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31)},
        )
        known = {"level": "macro", "slug": name.lower().replace(" ", "-"), "changed_at": START, "value_rule": "event"}
        goal = Goal.objects.create(workspace=shop, plan=plan, name=name, **known | fields)
        conditions = [{"field": "name", "operator": "is", "value": event}]
        MappingRule.objects.create(workspace=shop, goal=goal, conditions=conditions)
    return goal


def store(shop: Workspace, hits: Iterable[Hit], *, new: Iterable[Hit] | None = None, now: datetime = NOW) -> None:
    """Put exactly these hits into the lake and publish them; `new` are those that were not there before."""
    everything = sorted(set(hits), key=lambda each: (each.at, each.event_id))
    sessions, touches = derived(shop, everything)
    versions = {
        name: replace_days(shop.pk, name, rows, since=None)
        for name, rows in (("events", events_of(everything)), ("sessions", sessions), ("touches", touches))
    }
    changed = _changed(shop, everything, set(everything if new is None else new))
    with scope.in_workspace(shop.pk):
        state, _ = LakeState.objects.get_or_create(workspace=shop)
        state.revision += 1
        state.first_day = min(each.at for each in everything).date()
        state.last_event_at = max(each.at for each in everything)
        state.stored_through = state.derived_through = state.derived_at = now
        state.derived_zone = shop.zone_name
        for name, version in versions.items():
            setattr(state, f"{name}_version", version)
        state.save()
        DerivedChange.objects.filter(workspace=shop, day__gte=changed).delete()
        DerivedChange.objects.create(workspace=shop, day=changed, revision=state.revision)


def events_of(hits: Sequence[Hit]) -> pa.Table:
    events = [
        make_event(
            each.event_id, name=each.name, at=each.at, visitor=each.person, refund=each.refund,
            value_micros=None if each.value is None else each.value * 1_000_000,
            currency=None if each.value is None else each.currency or "NOK",
            transaction_id=each.transaction, path=each.path, device=each.device, browser=each.browser,
            referrer=each.referrer, os=each.os, language=each.language, properties=each.properties,
        )
        for each in hits
    ]  # fmt: skip
    return event_rows(events).cast(EVENTS)


def sittings(hits: Sequence[Hit]) -> list[list[Hit]]:
    """Cut each person's hits where half an hour or more lies between two; ad events sit nowhere."""
    mine = sorted((each for each in hits if each.name not in AD_KINDS), key=lambda h: (h.person, h.at, h.event_id))
    found: list[list[Hit]] = []
    for _, person in groupby(mine, key=lambda h: h.person):
        for each in person:
            if found and found[-1][-1].person == each.person and each.at - found[-1][-1].at < GAP:
                found[-1].append(each)
            else:
                found.append([each])
    return found


def derived(shop: Workspace, hits: Sequence[Hit]) -> tuple[pa.Table, pa.Table]:
    sessions, touches, met = [], [], set[str]()
    for sitting in sittings(hits):
        first = sitting[0]
        sessions.append(
            _origin(shop, first) | {
                "session_id": first.event_id, "started_at": first.at, "ended_at": sitting[-1].at,
                "events": len(sitting), "pageviews": sum(h.name == "page_view" for h in sitting),
                "is_new": first.person not in met,
            }
        )  # fmt: skip
        met.add(first.person)
        touches += [_touch(shop, each, first.event_id) for each in sitting if each is first or each.channel]
    touches += [_touch(shop, each, None) for each in hits if each.name in AD_KINDS]
    return _table(sessions, SESSIONS), _table(touches, TOUCHES)


def _touch(shop: Workspace, each: Hit, session: str | None) -> dict[str, Any]:
    return _origin(shop, each) | {
        "session_id": session, "event_id": each.event_id, "time": each.at, "sequence": 0,
        "kind": AD_KINDS.get(each.name, 2), "direct": not each.channel,
    }  # fmt: skip


def _origin(shop: Workspace, each: Hit) -> dict[str, Any]:
    return {
        "day": day_of(each.at, shop.zone), "source_id": 1, "person_id": each.person,
        "channel": each.channel or "direct",
        "source": each.source or (each.channel and f"{each.channel}.example") or None,
        "campaign": each.campaign, "content": each.content, "device": each.device, "paid": each.channel in PAID,
        "medium": each.medium, "term": each.term, "landing_path": each.landing,
    }  # fmt: skip


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.table(
        [pa.array([row.get(name) for row in rows], schema.field(name).type) for name in schema.names], schema=schema
    )


def _changed(shop: Workspace, everything: Sequence[Hit], new: set[Hit]) -> date:
    days = [day_of(sitting[0].at, shop.zone) for sitting in sittings(everything) if new & set(sitting)]
    return min(days + [day_of(each.at, shop.zone) for each in new])
