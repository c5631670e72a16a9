"""Persons on the way from arrival to sessions: links by consent alone, in any order, and results as of a recount."""

import random
from datetime import date, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import make_workspace
from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking import persons
from tracking.derive import derive, redo_everything
from tracking.event import Event
from tracking.identity import Link, Share, persons_of
from tracking.lake import upkeep
from tracking.lake.query import query
from tracking.lake.table import open_snapshot
from tracking.models import DerivedChange, IdentityLink, LakeState, PersonOf
from workspaces import scope
from workspaces.models import Workspace

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
YES = '{"analytics":true}'
PAID = {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "tents"}


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    return Lake(make_source(shop))


def login(event_id: str, visitor: str, user: str, *, at: datetime, consent: str | None = YES) -> Event:
    return make_event(event_id, name="identify", visitor=visitor, user_id=user, at=at, consent=consent)


def persons_by_session(lake: Lake) -> dict[str, str]:
    return {row["session_id"]: row["person_id"] for row in lake.sessions()}


def test_what_was_done_before_signing_in_is_the_users(lake: Lake) -> None:
    lake.take(make_event("other", visitor="o", at=NOON - 9 * DAY), make_event("seen", at=NOON - 3 * DAY, **PAID))
    assert persons_by_session(lake) == {"other": "o", "seen": "v1"}
    changed = lake.take(login("in", "v1", "kari", at=NOON))
    assert persons_by_session(lake) == {"other": "o", "seen": "u.kari", "in": "u.kari"}
    assert [session["is_new"] for session in lake.sessions()] == [True, True, False]
    assert [touch["person_id"] for touch in lake.touches()] == ["o", "u.kari", "u.kari"]
    assert changed == date(2026, 11, 18), "from the person's first day on, and no earlier"


@pytest.mark.parametrize(
    ("consent", "visitor", "user"),
    [
        (None, "v1", "kari"),
        ('{"ads":true}', "v1", "kari"),
        ('{"analytics":false}', "v1", "kari"),
        ('{"analytics":true,"gpc":true}', "v1", "kari"),
        (YES, "d.0123456789", "kari"),
        (YES, "v1", "undefined"),
        (YES, "null", "kari"),
    ],
    ids=[
        "no consent recorded", "of ads alone", "denied", "privacy control", "a visitor of one day", "no user",
        "no visitor",
    ],
)  # fmt: skip
def test_without_recorded_consent_or_without_two_ids_nothing_is_joined(
    lake: Lake, consent: str | None, visitor: str, user: str
) -> None:
    lake.take(make_event("seen", visitor=visitor, at=NOON - DAY))
    lake.take(login("in", visitor, user, at=NOON, consent=consent))
    assert persons_by_session(lake) == {"seen": visitor, "in": visitor}
    with scope.in_workspace(lake.workspace_id):
        assert not IdentityLink.objects.exists()


def test_what_is_sent_with_privacy_control_is_joined_with_no_user_even_after_a_link(lake: Lake) -> None:
    asked = login("asked", "v1", "kari", at=NOON, consent='{"analytics":true,"gpc":true}')
    lake.take(login("in", "v1", "kari", at=NOON - DAY), asked)
    assert persons_by_session(lake) == {"in": "u.kari", "asked": "v1"}


def test_two_users_of_a_device_are_two_persons_and_nobody_gets_what_was_done_unsigned(lake: Lake) -> None:
    lake.take(make_event("before", at=NOON - 5 * DAY, **PAID), login("kari in", "v1", "kari", at=NOON - 4 * DAY))
    assert persons_by_session(lake)["before"] == "u.kari", "needs a merge that the second user undoes"
    lake.take(login("ola in", "v1", "ola", at=NOON - 2 * DAY), make_event("after", at=NOON - DAY))
    assert persons_by_session(lake) == {"before": "v1", "kari in": "u.kari", "ola in": "u.ola", "after": "v1"}
    (paid,) = [touch for touch in lake.touches() if touch["event_id"] == "before"]
    assert paid["person_id"] == "v1"


def test_two_people_at_one_device_within_a_minute_have_sessions_of_their_own(lake: Lake) -> None:
    lake.take(login("kari", "v1", "kari", at=NOON), login("ola", "v1", "ola", at=NOON + MINUTE))
    assert persons_by_session(lake) == {"kari": "u.kari", "ola": "u.ola"}


def test_two_devices_of_one_user_share_a_session(lake: Lake) -> None:
    lake.take(login("phone", "v1", "kari", at=NOON), login("desk", "v2", "kari", at=NOON + MINUTE))
    (session,) = lake.sessions()
    assert (session["person_id"], session["events"]) == ("u.kari", 2)


def test_what_a_server_sends_of_a_user_joins_what_the_browser_saw(lake: Lake) -> None:
    lake.take(login("in", "v1", "kari", at=NOON - DAY), make_event("paid", visitor="u.kari", user_id="kari"))
    assert set(persons_by_session(lake).values()) == {"u.kari"}


def test_an_alias_makes_two_users_one(lake: Lake) -> None:
    lake.take(login("old", "v1", "mail", at=NOON - 4 * DAY), login("new", "v2", "kari", at=NOON - 3 * DAY))
    lake.take(make_event("same", name="alias", visitor="mail", user_id="kari", consent=YES, at=NOON))
    assert set(persons_by_session(lake).values()) == {"u.kari"}


def test_a_merge_redoes_the_days_of_those_it_moves_and_leaves_the_others_rows(lake: Lake) -> None:
    lake.take(*(make_event(f"other-{n}", visitor=f"o{n}", at=NOON - n * DAY) for n in range(9)))
    lake.take(make_event("kari", visitor="v1", at=NOON - 2 * DAY))
    before = [row for row in lake.sessions() if row["person_id"].startswith("o")]
    changed = lake.take(login("in", "v1", "kari", at=NOON))
    assert changed == date(2026, 11, 19)
    assert [row for row in lake.sessions() if row["person_id"].startswith("o")] == before
    with scope.in_workspace(lake.workspace_id):
        assert DerivedChange.objects.order_by("-revision").first().day == changed


def test_a_link_that_is_known_redoes_nothing_old(lake: Lake) -> None:
    lake.take(make_event("seen", at=NOON - 5 * DAY), login("in", "v1", "kari", at=NOON - 4 * DAY))
    with scope.in_workspace(lake.workspace_id):
        people = LakeState.objects.get().people_version
    assert lake.take(login("again", "v1", "kari", at=NOON)) == date(2026, 11, 21)
    with scope.in_workspace(lake.workspace_id):
        assert LakeState.objects.get().people_version == people


def test_readers_keep_the_people_of_the_state_that_they_opened(lake: Lake) -> None:
    lake.take(make_event("seen", at=NOON - DAY))
    before = open_snapshot(lake.workspace_id)
    lake.take(login("in", "v1", "kari", at=NOON))
    asked = "select distinct person_id from person_events order by all"
    assert query(lake.workspace_id, asked, snapshot=before).to_pylist() == [{"person_id": "v1"}]
    assert lake.rows(asked) == [{"person_id": "u.kari"}]


def test_a_resolution_whose_derivation_was_cut_off_is_published_by_the_next(lake: Lake) -> None:
    lake.take(make_event("other", visitor="o", at=NOON - 9 * DAY), make_event("seen", at=NOON - 3 * DAY))
    lake.store(login("in", "v1", "kari", at=NOON))
    assert persons.resolve(lake.workspace_id) == 1  # and then it dies
    assert persons_by_session(lake) == {"other": "o", "seen": "v1"}
    assert derive(lake.workspace_id, NOON) == date(2026, 11, 18)
    assert persons_by_session(lake) == {"other": "o", "seen": "u.kari", "in": "u.kari"}


def test_people_outlive_the_nightly_upkeep(lake: Lake) -> None:
    lake.take(make_event("seen", at=NOON - DAY), login("in", "v1", "kari", at=NOON))
    lake.take(login("in 2", "v2", "kari", at=NOON))
    assert upkeep.keep_up(lake.workspace_id)
    assert {row["person_id"] for row in lake.rows("select person_id from person_events")} == {"u.kari"}


def test_links_of_a_workspace_join_nobody_in_another(lake: Lake) -> None:
    elsewhere = Lake(make_source(make_workspace("Elsewhere", slug="elsewhere")))
    elsewhere.take(make_event("there"))
    lake.take(login("in", "v1", "kari", at=NOON))
    elsewhere.take(make_event("there 2"))
    assert set(persons_by_session(elsewhere).values()) == {"v1"}
    with scope.in_workspace(elsewhere.workspace_id):
        assert not PersonOf.objects.exists()


NAMES = ["a", "b", "c"]
LINKS = st.builds(Link, st.sampled_from(["v1", "v2", "u.b", *NAMES]), st.sampled_from(NAMES), st.booleans())


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(LINKS, max_size=4), min_size=1, max_size=5))
def test_links_resolved_as_they_come_give_the_persons_of_all_at_once(lake: Lake, batches: list[list[Link]]) -> None:
    with scope.in_workspace(lake.workspace_id):
        IdentityLink.objects.all().delete()
        PersonOf.objects.all().delete()
        LakeState.objects.get_or_create(workspace_id=lake.workspace_id)
    for batch in batches:
        with scope.in_workspace(lake.workspace_id):
            made = [IdentityLink(workspace_id=lake.workspace_id, **_fields(link)) for link in batch]
            IdentityLink.objects.bulk_create(made, ignore_conflicts=True)
        persons.resolve(lake.workspace_id)
    with scope.in_workspace(lake.workspace_id):
        stored = {Share(row.visitor_id, row.user_id or None): row.person_id for row in PersonOf.objects.all()}
    assert stored == persons_of(link for batch in batches for link in batch)


def _fields(link: Link) -> dict[str, object]:
    return {"visitor_id": link.visitor_id, "user_id": link.user_id, "is_alias": link.is_alias}


def made_up(seed: int) -> list[Event]:
    """Give a week of four visitors who sign in as three users now and then, with and without consent."""
    chance = random.Random(seed)
    events = []
    for n in range(48):
        at = NOON - 7 * DAY + chance.randrange(7 * 24 * 6) * 10 * MINUTE
        user = chance.choice([None, None, None, "a", "b", "c"])
        said = {"consent": chance.choice([YES, YES, None])} | ({"user_id": user} if user else {})
        name = chance.choice(["page_view", "page_view", "purchase", "ad_click"])
        events.append(
            make_event(
                f"{n:02}", name=name, at=at, visitor=f"v{chance.randrange(6)}", **said, **chance.choice([{}, PAID])
            )
        )
    return events


def tables_of(lake: Lake) -> list[list[dict[str, object]]]:
    return [lake.sessions(), lake.touches(), lake.rows("select * from people order by all")]


@pytest.mark.parametrize("seed", range(3))
def test_results_after_merges_equal_a_recount_of_all(lake: Lake, seed: int) -> None:
    events = made_up(seed)
    random.Random(seed).shuffle(events)
    for since in range(0, len(events), 12):
        lake.take(*events[since : since + 12])
    in_steps = tables_of(lake)
    redo_everything(lake.workspace_id)
    derive(lake.workspace_id, NOON)
    assert in_steps[2], "needs people who were merged"
    assert tables_of(lake) == in_steps
    at_once = Lake(make_source(make_workspace("At once", slug="at-once")))
    at_once.take(*(msgspec.structs.replace(event) for event in events))
    assert [_without_source(table) for table in tables_of(at_once)] == [_without_source(table) for table in in_steps]


def _without_source(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: value for name, value in row.items() if name != "source_id"} for row in rows]
