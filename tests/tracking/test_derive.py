"""Sessions and touches: right for all events, and the same for any way that they arrived."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.builders import make_workspace
from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking.derive import begin, derive
from tracking.lake.query import query
from tracking.lake.schema import SESSIONS
from tracking.lake.table import open_snapshot, replace_days
from tracking.models import DerivedChange, LakeState
from workspaces import scope
from workspaces.models import Workspace

MINUTE = timedelta(minutes=1)


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    return Lake(make_source(shop, hosts=("shop.example",)))


def test_events_less_than_thirty_minutes_apart_are_one_session(lake: Lake) -> None:
    lake.take(make_event("a", at=NOON), make_event("b", at=NOON + 30 * MINUTE - timedelta(microseconds=1)))
    (session,) = lake.sessions()
    assert (session["session_id"], session["events"], session["ended_at"] - session["started_at"]) == (
        "a",
        2,
        30 * MINUTE - timedelta(microseconds=1),
    )


def test_a_gap_of_exactly_thirty_minutes_opens_a_new_session(lake: Lake) -> None:
    lake.take(make_event("a", at=NOON), make_event("b", at=NOON + 30 * MINUTE))
    assert [session["session_id"] for session in lake.sessions()] == ["a", "b"]
    assert [session["is_new"] for session in lake.sessions()] == [True, False]


def test_a_session_is_not_cut_at_midnight_and_belongs_to_the_day_it_started_on(lake: Lake) -> None:
    before_midnight = datetime(2026, 11, 20, 22, 50, tzinfo=UTC)  # 23:50 in Oslo
    lake.take(make_event("a", at=before_midnight), make_event("b", at=before_midnight + 20 * MINUTE))
    (session,) = lake.sessions()
    assert (session["day"].isoformat(), session["events"]) == ("2026-11-20", 2)


def test_two_sources_have_their_own_sessions_of_one_person(lake: Lake, shop: Workspace) -> None:
    app = Lake(make_source(shop, slug="app"))
    lake.store(make_event("a", at=NOON))
    app.take(make_event("b", at=NOON + MINUTE))
    assert [(session["source_id"], session["is_new"]) for session in lake.sessions()] == [
        (lake.source.pk, True),
        (app.source.pk, False),
    ]


def test_page_views_are_counted_apart_from_other_events(lake: Lake) -> None:
    lake.take(make_event("a", at=NOON), make_event("b", at=NOON + MINUTE, name="add_to_cart"))
    assert [(session["events"], session["pageviews"]) for session in lake.sessions()] == [(2, 1)]


def test_how_long_a_page_was_looked_at_prolongs_a_session_and_is_not_counted(lake: Lake) -> None:
    lake.take(make_event("a", at=NOON), make_event("b", at=NOON + 20 * MINUTE, name="engagement"))
    (session,) = lake.sessions()
    assert (session["events"], session["pageviews"], session["ended_at"]) == (1, 1, NOON + 20 * MINUTE)


def test_how_long_a_page_was_looked_at_opens_no_session(lake: Lake) -> None:
    lake.take(
        make_event("a", at=NOON, name="engagement"),
        make_event("b", at=NOON + 10 * MINUTE, name="engagement"),
        make_event("c", at=NOON + 20 * MINUTE, **SPRING),
        make_event("d", at=NOON + 49 * MINUTE, name="engagement"),
        make_event("e", at=NOON + 90 * MINUTE, name="engagement"),
        make_event("f", visitor="reader", at=NOON, name="engagement"),
    )
    (session,) = lake.sessions()
    assert (session["session_id"], session["started_at"]) == ("c", NOON + 20 * MINUTE)
    assert (session["events"], session["ended_at"], session["campaign"]) == (1, NOON + 49 * MINUTE, "spring")
    assert [touch["event_id"] for touch in lake.touches()] == ["c"]


MIDNIGHT = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)  # of Oslo
# Minutes from midnight: p a page, r a reader's heartbeat.
NIGHTS = {
    "read on until the next page": ["p-200", *(f"r{n}" for n in range(-180, 10, 25)), "p20"],
    "read on, and no page": ["p-40", "r-20", "r5"],
    "only heartbeats before midnight": ["r-20", "p5"],
    "heartbeats alone": ["r-20", "r5"],
    "a page of another visit before": ["p-100", "r-20", "p5"],
    "nothing before midnight": ["r2", "p5"],
}


@pytest.mark.parametrize("night", NIGHTS.values(), ids=NIGHTS)
def test_a_night_is_cut_the_same_whenever_its_events_come(db: None, night: list[str]) -> None:
    events = [
        make_event(each, name={"p": "page_view", "r": "engagement"}[each[0]], at=MIDNIGHT + int(each[1:]) * MINUTE)
        for each in night
    ]
    whole = Lake(make_source(make_workspace("Whole", slug="whole")))
    whole.take(*events)
    for late in range(len(events)):
        parts = Lake(make_source(make_workspace("Parts", slug=f"parts-{late}")))
        parts.take(*events[:late], *events[late + 1 :], make_event("other", visitor="other", at=MIDNIGHT))
        parts.take(events[late])
        # And once more with nothing new of this visitor: what stays before the cut is found again.
        parts.take(make_event("another", visitor="other", at=MIDNIGHT + 400 * MINUTE))
        theirs = [session for session in without_source(parts.sessions()) if session["person_id"] != "other"]
        assert theirs == without_source(whole.sessions()), f"{night[late]} came late"
        touches = [touch for touch in without_source(parts.touches()) if touch["person_id"] != "other"]
        assert touches == without_source(whole.touches()), f"{night[late]} came late"


def without_source(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "source_id"} for row in rows]


GOOGLE = {"referrer": "https://www.google.com/search?q=tents"}
PAID = {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "tents"}
SPRING = {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "spring"}
CLICK = {"click_id_type": "gclid", "click_id": "abc"}
INSIDE = {"host": "shop.example", "referrer": "https://shop.example/tents"}

Visit = list[dict[str, str]]


@pytest.mark.parametrize(
    ("visit", "expected"),
    [
        ([{}], ["direct"]),
        ([GOOGLE], ["organic_search"]),
        ([PAID], ["paid_search"]),
        ([CLICK], ["paid_search"]),
        ([INSIDE], ["direct"]),
        ([{"referrer": "https://blog.shop.example/post"}], ["direct"]),
        ([{}, PAID], ["direct", "paid_search"]),
        ([PAID, PAID], ["paid_search"]),
        ([PAID, {}, PAID], ["paid_search"]),
        ([PAID, SPRING, PAID], ["paid_search", "email", "paid_search"]),
        ([PAID | CLICK, CLICK], ["paid_search"]),
        ([PAID | CLICK, PAID | {"click_id_type": "gclid", "click_id": "def"}], ["paid_search", "paid_search"]),
        ([PAID, GOOGLE], ["paid_search"]),
    ],
    ids=[
        "nothing known",
        "a search engine",
        "a paid campaign",
        "a click id alone",
        "from an own page",
        "from an own subdomain",
        "a campaign later in the session",
        "the same campaign again",
        "the same campaign again after a page without it",
        "back to the first campaign after another",
        "the tags gone, the click id still there",
        "the same campaign clicked again",
        "a referrer later in the session is none",
    ],
)
def test_the_touches_of_a_session(lake: Lake, visit: Visit, expected: list[str]) -> None:
    lake.take(*(make_event(f"e{n}", at=NOON + n * MINUTE, **fields) for n, fields in enumerate(visit)))
    touches = lake.touches()
    assert [touch["channel"] for touch in touches] == expected
    assert {touch["session_id"] for touch in touches} == {"e0"}
    assert [touch["direct"] for touch in touches] == [channel == "direct" for channel in expected]
    assert lake.sessions()[0]["channel"] == expected[0]


def test_events_of_ads_are_touches_of_their_kind_and_open_no_session(lake: Lake) -> None:
    names = ("ad_impression", "ad_engagement", "ad_click")
    lake.take(*(make_event(name, name=name, at=NOON + n * MINUTE, **PAID) for n, name in enumerate(names)))
    assert lake.sessions() == []
    found = [(touch["event_id"], touch["kind"], touch["session_id"], touch["channel"]) for touch in lake.touches()]
    assert found == [(name, kind, None, "paid_search") for kind, name in enumerate(names)]


def test_an_ad_without_tags_is_unassigned_and_not_direct(lake: Lake) -> None:
    lake.take(make_event("a", name="ad_impression"))
    (touch,) = lake.touches()
    assert (touch["channel"], touch["source"], touch["direct"]) == ("unassigned", "(not set)", False)


def test_an_ad_seen_between_two_pages_does_not_join_their_sessions(lake: Lake) -> None:
    lake.take(
        make_event("a", at=NOON),
        make_event("ad", name="ad_impression", at=NOON + 20 * MINUTE),
        make_event("b", at=NOON + 40 * MINUTE),
    )
    assert [session["session_id"] for session in lake.sessions()] == ["a", "b"]


def test_events_of_one_instant_are_in_the_clients_order(lake: Lake) -> None:
    lake.take(make_event("a", at=NOON, sequence=2, **SPRING), make_event("b", at=NOON, sequence=1, **PAID))
    assert [(touch["event_id"], touch["sequence"]) for touch in lake.touches()] == [("b", 1), ("a", 2)]
    assert lake.sessions()[0]["session_id"] == "b"


def test_a_late_event_that_joins_two_sessions_across_midnight_redoes_the_day_before(lake: Lake) -> None:
    midnight = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)  # in Oslo
    lake.take(make_event("old", at=midnight - timedelta(days=3)))
    lake.take(make_event("a", at=midnight - 20 * MINUTE), make_event("c", at=midnight + 25 * MINUTE))
    assert [session["session_id"] for session in lake.sessions()] == ["old", "a", "c"]
    changed = lake.take(make_event("b", at=midnight + 5 * MINUTE))
    assert changed == date(2026, 11, 20)
    assert [(session["session_id"], session["events"]) for session in lake.sessions()] == [("old", 1), ("a", 3)]


def test_a_day_whose_midnight_a_session_crosses_can_be_redone_alone(lake: Lake) -> None:
    midnight = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    lake.take(
        make_event("old", at=midnight - timedelta(days=3)),
        make_event("a", at=midnight - 20 * MINUTE, **PAID),
        make_event("b", at=midnight + 5 * MINUTE, **SPRING),
    )
    before = lake.touches()
    changed = lake.take(make_event("c", at=midnight + timedelta(hours=5), visitor="v2"))
    assert changed == date(2026, 11, 21)
    assert lake.touches()[:3] == before
    assert [session["session_id"] for session in lake.sessions()] == ["old", "a", "c"]


def test_a_changed_time_zone_redoes_all_days(lake: Lake, shop: Workspace) -> None:
    lake.take(make_event("a", at=datetime(2026, 11, 20, 22, 30, tzinfo=UTC)), make_event("b", at=NOON))
    shop.zone_name = "Asia/Kathmandu"
    shop.save()
    derive(shop.pk, NOON)
    assert [session["day"].isoformat() for session in lake.sessions()] == ["2026-11-21", "2026-11-21"]
    assert derive(shop.pk, NOON) is None


def test_readers_keep_the_state_that_they_opened(lake: Lake, shop: Workspace) -> None:
    lake.take(make_event("a"))
    before = open_snapshot(shop.pk)
    lake.take(make_event("b", visitor="v2"))
    counts = (
        "select (select count(*) from events) e, (select count(*) from sessions) s, (select count(*) from touches) t"
    )
    assert query(shop.pk, counts, snapshot=before).to_pylist() == [{"e": 1, "s": 1, "t": 1}]
    assert query(shop.pk, counts).to_pylist() == [{"e": 2, "s": 2, "t": 2}]


def test_what_was_stored_is_not_shown_before_it_is_derived(lake: Lake, shop: Workspace) -> None:
    lake.take(make_event("a"))
    lake.store(make_event("b", visitor="v2"))
    assert query(shop.pk, "select event_id from events").column(0).to_pylist() == ["a"]


def test_a_publishing_says_from_which_day_on_things_changed(lake: Lake, shop: Workspace) -> None:
    lake.take(make_event("a", at=NOON - timedelta(days=9)), make_event("b", at=NOON))
    lake.take(make_event("c", at=NOON, visitor="v2"))
    lake.take(make_event("d", at=NOON - timedelta(days=4), visitor="v3"))
    with scope.in_workspace(shop.pk):
        found = list(DerivedChange.objects.order_by("day").values_list("day", "revision"))
        state = LakeState.objects.get()
    assert found == [(date(1970, 1, 1), 1), (date(2026, 11, 17), 3)], "the first one redid everything"
    assert (state.revision, state.dirty_since, state.deriving_since) == (3, None, None)
    assert state.derived_through == state.stored_through


def test_a_derivation_that_was_cut_off_is_done_by_the_next(lake: Lake, shop: Workspace) -> None:
    lake.take(make_event("a", at=NOON - timedelta(days=2)), make_event("b", at=NOON))
    lake.store(make_event("c", at=NOON, visitor="v2"))
    begun = begin(shop.pk)  # it dies after having written one of its tables
    assert begun is not None
    replace_days(shop.pk, "sessions", SESSIONS.empty_table(), since=date(2026, 11, 1))
    assert [session["session_id"] for session in lake.sessions()] == ["a", "b"]
    assert derive(shop.pk, NOON) == date(2026, 11, 21)
    assert [session["session_id"] for session in lake.sessions()] == ["a", "b", "c"]
