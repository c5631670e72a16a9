"""The whole way of an erasure: afterwards nothing holds a trace, and every figure is that of the others alone."""

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pyarrow.parquet as pq
import pytest
from django.db import connection

from goals.models import Goal
from measureplan import embedded
from reports import filling, forgetting, publishing
from reports.models import FillState, Rollup
from tests.builders import make_workspace
from tests.reports.lake import make_goal
from tests.tracking.makers import NOON, Lake, make_event, make_source, origin_of
from tracking import inbox
from tracking.derive import derive
from tracking.event import Event
from tracking.lake import upkeep
from tracking.lake.query import query
from tracking.lake.writer import drain
from tracking.models import Erasure, ErasureState, LakeState, Quarantined, Seen
from tracking.rights import erasing
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace

DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
YES = '{"analytics":true}'
PAID = {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "tents"}
USER, PHONE, DESK, ORDER = "user-kari-7731", "visitor-phone-4af1", "visitor-desk-90bc", "order-kari-5512"
IDS = (USER, PHONE, DESK, ORDER)


def event(event_id: str, visitor: str, days: float, **fields: object) -> Event:
    return make_event(event_id, visitor=visitor, at=NOON - days * DAY, **fields)


def bought(event_id: str, visitor: str, days: float, order: str, value: int, **fields: object) -> Event:
    money = {"value_micros": value * 10**6, "currency": "NOK", "transaction_id": order}
    return event(event_id, visitor, days, name="purchase", **money, **fields)


KARI = [
    event("k1", PHONE, 20, path="/only-kari", **PAID),
    event("k2", PHONE, 9, path="/tents"),
    event("k3", PHONE, 8, name="identify", user_id=USER, consent=YES),
    event("k4", DESK, 6, name="identify", user_id=USER, consent=YES),
    bought("k5", DESK, 6 - 1 / 24, ORDER, 900, user_id=USER, consent=YES),
    bought("k6", "d.8f21", 4, ORDER, -100, refund=True),
    event("k7", "tablet", 3, name="identify", user_id=USER, consent=YES),
]
OTHERS = [
    event("o1", "tablet", 12, path="/tents", **PAID),
    event("o2", "tablet", 2, name="identify", user_id="ola", consent=YES),
    bought("o3", "tablet", 2 - 1 / 24, "order-ola", 300, user_id="ola", consent=YES),
    event("o4", "anna", 9, path="/tents", **PAID),
    bought("o5", "anna", 9 - 1 / 48, "order-anna", 500),
    event("o6", "anna", 1),
]


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    return Lake(make_source(shop))


def settle(lake: Lake) -> None:
    drain(lake.workspace_id, NOON)
    derive(lake.workspace_id, NOON)
    filling.fill(lake.workspace_id, now=NOON)


def take(lake: Lake, events: Iterable[Event]) -> None:
    """Take them in one by one, so that there are many files and versions."""
    for each in events:
        lake.store(each)
    settle(lake)


def order(
    workspace: Workspace, *, by: Membership | str = "system", named_by: str = "user", name: str = USER
) -> Erasure:
    with scope.in_workspace(workspace.pk):
        return erasing.order(workspace, named_by=named_by, name=name, by=by, now=NOON)


def forget(workspace_id: int) -> None:
    """Do what the workers do, up to the end."""
    assert erasing.erase(workspace_id, now=NOON)
    assert forgetting.forget(workspace_id, now=NOON) is not None, "readers have some seconds"
    assert forgetting.forget(workspace_id, now=NOON + forgetting.GRACE) is None


def again(row: Erasure) -> Erasure:
    with scope.in_workspace(row.workspace_id):
        return Erasure.objects.get(pk=row.pk)


def figures(workspace: Workspace, goals: Iterable[Goal]) -> Any:
    """Give all that reports are made of: the lake's tables, the days, the paths."""
    sorted_tables = {
        table: _without_source(query(workspace.pk, f"select * from {table} order by all").to_pylist())  # noqa: S608
        for table in ("events", "sessions", "touches", "people")
    }
    read = publishing.read(workspace.pk, [goal.pk for goal in goals], since=date(2026, 9, 1), until=date(2026, 12, 1))
    days = [read.days[goal.pk] for goal in goals]
    with scope.in_workspace(workspace.pk):
        seen = sorted(Seen.objects.values_list("kind", "text", "events", "last_at"))
        state = LakeState.objects.get()
    return sorted_tables, days, read.visits, seen, (state.events, state.first_day, state.last_event_at)


def _without_source(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "source_id"} for row in rows]


def test_afterwards_all_figures_are_those_of_the_others_alone(lake: Lake, shop: Workspace) -> None:
    goals = [make_goal(shop), make_goal(shop, "Sign in", event="identify", counting="person")]
    take(lake, [*KARI, *OTHERS])
    before = figures(shop, goals)
    assert {row["person_id"] for row in before[0]["sessions"]} == {f"u.{USER}", "u.ola", "anna", "tablet", "d.8f21"}
    row = order(shop)
    forget(shop.pk)
    elsewhere = make_workspace("Elsewhere", slug="elsewhere")
    theirs = [make_goal(elsewhere), make_goal(elsewhere, "Sign in", event="identify", counting="person")]
    take(Lake(make_source(elsewhere)), OTHERS)
    assert figures(shop, goals) == figures(elsewhere, theirs)
    assert {row["person_id"] for row in figures(shop, goals)[0]["sessions"]} == {"u.ola", "anna"}
    assert again(row).state == ErasureState.DONE
    assert again(row).removed["events"] == len(KARI)


def test_an_archived_goal_and_one_whose_rules_fail_forget_as_well(lake: Lake, shop: Workspace) -> None:
    archived, failing = make_goal(shop), make_goal(shop, "Broken")
    take(lake, [*KARI, *OTHERS])
    with scope.in_workspace(shop.pk):
        Goal.objects.filter(pk=archived.pk).update(archived_at=NOON)
        FillState.objects.filter(goal=failing).update(
            failed_at=NOON, failed_definition_at=failing.changed_at, fault="no such column"
        )
        assert Rollup.objects.filter(goal=failing).exists(), "needs figures that can't be computed again"
    order(shop)
    forget(shop.pk)
    with scope.in_workspace(shop.pk):
        assert sum(Rollup.objects.filter(goal=archived).values_list("conversions", flat=True)) == 2
        assert not Rollup.objects.filter(goal=failing).exists()


def test_when_everybody_is_erased_nothing_is_left(lake: Lake, shop: Workspace) -> None:
    goal = make_goal(shop)
    take(lake, KARI[:5])
    order(shop)
    forget(shop.pk)
    tables, (days,), visits, seen, state = figures(shop, [goal])
    assert not any(tables.values())
    assert (days, visits, seen, state) == ({}, {}, [], (0, None, None))
    take(lake, OTHERS)
    assert len(figures(shop, [goal])[0]["events"]) == len(OTHERS)


def test_a_person_of_whom_nothing_is_stored_is_refused_from_then_on(lake: Lake, shop: Workspace) -> None:
    row = order(shop)
    forget(shop.pk)
    assert again(row).state == ErasureState.DONE
    take(lake, KARI[3:5])
    assert lake.rows("select * from events") == []


# -- nothing comes back -----------------------------------------------------------------------------------------


def retried(events: list[Event]) -> list[Event]:
    return [msgspec.structs.replace(each, event_id=f"{each.event_id} again") for each in events]


def test_late_retries_are_counted_as_filtered_and_not_stored(lake: Lake, shop: Workspace) -> None:
    take(lake, [*KARI, *OTHERS])
    order(shop)
    forget(shop.pk)
    take(lake, retried(KARI))
    kept = lake.rows("select event_id from events where event_id like '%again' order by 1")
    assert [row["event_id"] for row in kept] == [], "phone, desk, user, order: each is known"
    with scope.in_workspace(shop.pk):
        counts = dict(lake.source.counters.values_list("outcome", "events").order_by("outcome"))
        assert (counts["accepted"], counts["filtered"]) == (len(KARI) + len(OTHERS), len(KARI))
        assert LakeState.objects.get().events == len(OTHERS)


def test_the_same_ids_sent_again_are_duplicates_for_ever(lake: Lake, shop: Workspace) -> None:
    take(lake, [*KARI, *OTHERS])
    order(shop)
    forget(shop.pk)
    with scope.in_workspace(shop.pk):
        said = inbox.append(origin_of(lake.source), [*KARI, *OTHERS], counts=Counter(), now=NOON)
    assert set(said) == {"duplicate"}


def test_who_comes_back_later_is_counted_like_anybody(lake: Lake, shop: Workspace) -> None:
    take(lake, [*KARI, *OTHERS])
    order(shop)
    forget(shop.pk)
    take(lake, [event("new", PHONE, -1, user_id=USER, consent=YES), bought("late", PHONE, -1, ORDER, 5)])
    stored = {row["event_id"] for row in lake.rows("select event_id from events")}
    assert stored == {"new"} | {each.event_id for each in OTHERS}, "the order is over"


def test_what_waits_in_the_inbox_goes_as_well(lake: Lake, shop: Workspace) -> None:
    take(lake, OTHERS)
    with scope.in_workspace(shop.pk):
        inbox.append(origin_of(lake.source), KARI, counts=Counter(), now=NOON)
    order(shop)
    forget(shop.pk)
    assert len(lake.rows("select * from events")) == len(OTHERS)


# -- no trace ---------------------------------------------------------------------------------------------------


def leave_traces(lake: Lake) -> None:
    """Put the ids into every place that may name a person."""
    take(lake, [*KARI, *OTHERS])
    upkeep.keep_up(lake.workspace_id)  # compacted files stand in the log as well
    filling.fill(lake.workspace_id, now=NOON)
    conflicting = [msgspec.structs.replace(each, title="other") for each in KARI]
    with scope.in_workspace(lake.workspace_id):
        inbox.append(origin_of(lake.source), conflicting, counts=Counter(), now=NOON)
        assert Quarantined.objects.count() == len(KARI)
    settle(lake)


def dumped(workspace_id: int) -> bytes:
    """Give a dump of all that the workspace has and of all that is sealed to nobody, by PostgreSQL's own tool."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    tool = embedded.find_programs() / "pg_dump"
    if not tool.exists():
        pytest.skip("needs pg_dump beside the server's programs")
    shown = os.environ | {"PGOPTIONS": f"-c measureplan.workspace={workspace_id}"}  # the seals bind the owner as well
    command = [tool, "--enable-row-security", database.geturl()]
    done = subprocess.run(command, env=shown, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def traces_in_lake(lake_folder: Path) -> list[str]:
    """Give the files that name the person: in their bytes, or in a value of a column."""
    found = []
    for path in sorted(each for each in lake_folder.rglob("*") if each.is_file()):
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content += json.dumps(pq.ParquetFile(path).read().to_pylist(), default=str).encode()
        found += [f"{name} in {path.name}" for name in IDS if name.encode() in content]
    return found


@pytest.mark.django_db(transaction=True)
def test_no_byte_of_the_ids_is_left_in_the_lake_or_in_a_full_dump(
    shop: Workspace, lead: Membership, lake_folder: Path
) -> None:
    lake = Lake(make_source(shop))
    make_goal(shop)
    leave_traces(lake)
    assert {trace.split()[0] for trace in traces_in_lake(lake_folder)} == set(IDS), "needs traces"
    dump = dumped(shop.pk)
    assert all(name.encode() in dump or name.encode().hex().encode() in dump for name in IDS), "needs traces"
    order(shop, by=lead)
    forget(shop.pk)
    with scope.in_workspace(shop.pk):
        inbox.append(origin_of(lake.source), retried(KARI), counts=Counter(), now=NOON)
    settle(lake)
    assert traces_in_lake(lake_folder) == []
    dump = dumped(shop.pk)
    assert [name for name in IDS if name.encode() in dump or name.encode().hex().encode() in dump] == []
    with scope.in_workspace(shop.pk):
        told = AuditEntry.objects.filter(subject_type="erasure").order_by("pk")
        assert [entry.act for entry in told] == ["ordered", "erased"]
        assert told[1].after["events"] == len(KARI)
