"""Alerts over HTTP, by the same verbs as the pages."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from goals.models import Goal
from reports.alerts import watching
from reports.models import Alert, AlertReader
from tests.builders import make_token
from tests.reports.alerts.asks import DAY, FIRST, evening, open_shop
from tests.reports.lake import make_goal
from tests.reports.views.test_pages import make_kpi
from tests.workspaces.conftest import Program
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

LAST = FIRST + 59 * DAY
USUAL = {"per": "visitors", "width_days": 7, "fall_percent": 20, "stay_days": 3, "paused": False}


@pytest.fixture
def sale(shop: Workspace) -> Goal:
    goal = make_goal(shop)
    make_kpi(goal, "Sales", measure="count", target=40)
    return goal


@pytest.fixture
def program(owner: Membership, sale: Goal) -> Program:
    return Program(make_token(owner, Scope.READ, Scope.PLAN))


@pytest.fixture
def sent(owner: Membership) -> dict[str, Any]:
    return {"kind": "rate_falls", "goal": "sale", "readers": [owner.user.email]}


def test_one_is_made_read_changed_and_removed(
    program: Program, shop: Workspace, owner: Membership, viewer: Membership, sent: dict[str, Any]
) -> None:
    made = program("post", "alerts", sent)
    assert made.status_code == 201, made.json()
    row = made.json()
    assert row | sent | USUAL == row
    assert (row["name"], row["kpi"], row["state"], row["last_fired_on"]) == ("Sale", None, "watching", None)
    assert row["made_by"].startswith("API token")
    assert "falls by more than 20 %" in row["rule"]
    path = f"alerts/{row['id']}"
    assert (program("get", path).json(), made["ETag"]) == (row, '"1"')
    readers = sorted([owner.user.email, viewer.user.email])
    changed = program("patch", path, {"fall_percent": 35, "readers": readers, "paused": True}, If_Match='"1"')
    assert changed.status_code == 200, changed.json()
    said = changed.json()
    assert (said["fall_percent"], said["readers"], said["paused"], said["state"]) == (35, readers, True, "paused")
    assert said["goal"] == "sale", "what is left out stays"
    assert program("patch", path, {"fall_percent": 50}, If_Match='"1"').status_code == 412
    assert program("delete", path).status_code == 204
    assert program("get", path).status_code == 404
    with scope.in_workspace(shop.pk):
        acts = AuditEntry.objects.filter(subject_type="alert").order_by("pk").values_list("act", flat=True)
        assert (acts[0], acts[len(acts) - 1], set(acts)) == ("created", "deleted", {"created", "changed", "deleted"})
        assert not AlertReader.objects.exists()


def test_another_reader_is_another_version(program: Program, viewer: Membership, sent: dict[str, Any]) -> None:
    path = f"alerts/{program('post', 'alerts', sent).json()['id']}"
    changed = program("patch", path, {"readers": [viewer.user.email.upper()]}, If_Match='"1"')
    assert (changed.json()["readers"], changed["ETag"]) == ([viewer.user.email], '"2"')
    assert program("patch", path, {"readers": [viewer.user.email]})["ETag"] == '"2"', "the same is no change"


def test_a_kind_can_be_changed_with_what_it_is_about(program: Program, sent: dict[str, Any]) -> None:
    path = f"alerts/{program('post', 'alerts', sent).json()['id']}"
    assert program("patch", path, {"kind": "target_at_risk"}).json()["errors"][0]["pointer"] == "/kpi"
    changed = program("patch", path, {"kind": "target_at_risk", "kpi": "sales", "stay_days": 5}).json()
    assert (changed["kind"], changed["goal"], changed["kpi"], changed["name"]) == (
        "target_at_risk", None, "sales", "Sales",
    )  # fmt: skip


def test_the_list_comes_in_pages_with_as_many_questions_for_one_as_for_ten(
    program: Program, sent: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    for n in range(10):
        assert program("post", "alerts", sent | {"fall_percent": 10 + n}).status_code == 201
    # Transaction, token, settings of row level security and the alerts; readers, their members and people; episodes.
    with django_assert_max_num_queries(16):
        first = program("get", "alerts?limit=9").json()
    assert [row["fall_percent"] for row in first["results"]] == [19, 18, 17, 16, 15, 14, 13, 12, 11]
    rest = program("get", "alerts?" + first["next"].partition("?")[2]).json()
    assert [row["fall_percent"] for row in rest["results"]] == [10]


def test_the_same_key_makes_one(program: Program, sent: dict[str, Any]) -> None:
    first, second = (program("post", "alerts", sent, Idempotency_Key="k1") for _ in range(2))
    assert second["Idempotent-Replayed"] == "true"
    assert first.json() == second.json()
    assert len(program("get", "alerts").json()["results"]) == 1


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"kind": "nothing"}, "/kind", "invalid_choice"),
        ({"goal": None}, "/goal", "required"),
        ({"goal": "nothing"}, "/goal", "unknown_goal"),
        ({"kpi": "nothing"}, "/kpi", "unknown_kpi"),
        ({"kpi": "sales"}, "/kpi", "not_of_this_kind"),
        ({"kind": "target_at_risk"}, "/kpi", "required"),
        ({"per": "clicks"}, "/per", "invalid_choice"),
        ({"width_days": 3}, "/width_days", "invalid_choice"),
        ({"fall_percent": 0}, "/fall_percent", "min_value"),
        ({"fall_percent": 100}, "/fall_percent", "max_value"),
        ({"stay_days": 31}, "/stay_days", "max_value"),
        ({"readers": []}, "/readers", "nobody_hears"),
        ({"readers": ["stranger@example.org"]}, "/readers/0", "unknown_member"),
        ({"firing_since": "2026-11-01"}, "/firing_since", "unknown_field"),
    ],
    ids=str,
)
def test_a_wrong_one_is_refused_at_its_place(
    program: Program, sent: dict[str, Any], changed: dict[str, Any], pointer: str, code: str
) -> None:
    answer = program("post", "alerts", sent | changed)
    assert answer.status_code == 400, answer.json()
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, code)]
    assert program("get", "alerts").json()["results"] == []


def test_a_token_that_reads_makes_none(owner: Membership, sale: Goal, sent: dict[str, Any]) -> None:
    reader = Program(make_token(owner, Scope.READ))
    assert reader("post", "alerts", sent).status_code == 403
    assert reader("get", "alerts").status_code == 200


def test_members_and_goals_of_others_are_not_there(
    program: Program, outsider: Membership, sent: dict[str, Any]
) -> None:
    make_goal(outsider.workspace, "Theirs")
    assert program("post", "alerts", sent | {"goal": "theirs"}).status_code == 400
    assert program("post", "alerts", sent | {"readers": [outsider.user.email]}).status_code == 400
    mine = program("post", "alerts", sent).json()["id"]
    assert Program(make_token(outsider, Scope.READ))("get", f"alerts/{mine}").status_code == 404


def test_one_made_over_http_fires_and_says_what_the_page_says(
    client: Client, shop: Workspace, owner: Membership, sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_shop(shop, lambda day: 3 if day >= LAST - 6 * DAY else 24, days=60, visitors=90)
    monkeypatch.setattr(timezone, "now", lambda: evening(LAST))
    program = Program(make_token(owner, Scope.READ, Scope.PLAN))
    path = f"alerts/{program('post', 'alerts', sent).json()['id']}"
    watching.watch(shop.pk, now=evening(LAST))
    said = program("get", path).json()
    with scope.in_workspace(shop.pk):
        episode = Alert.objects.get().episodes.get()
    assert (said["state"], said["last_fired_on"]) == ("fired", episode.began_on.isoformat())
    client.force_login(owner.user)
    assert said["why"] in client.get("/w/fjellsport/alerts/").content.decode()
