"""Which metrics can be no KPI, in words; and what may not happen to one while KPIs are read off it."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from goals.models import Format, Goal, Kpi
from reports import boards
from reports.models import CalculatedMetric
from reports.periods import Span
from reports.progress import board
from tests.builders import make_token
from tests.reports.calculated.asks import save
from tests.reports.lake import NOW, START, make_goal
from tests.reports.meters.asks import metric_kpi
from tests.reports.views.test_pages import make_kpi
from tests.workspaces.conftest import Program
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

pytestmark = pytest.mark.django_db(transaction=True)
METRICS = "/w/fjellsport/metrics/saved/"
PEOPLE = '"{}" does not add up over days: divide people by people alone, or take sessions.'
REFUSED = {
    "people": ("converters:sale", PEOPLE.format("converters:sale")),
    "people and money": ("value:sale / visitors", PEOPLE.format("visitors")),
    "time": ("time / conversions:sale", '"time" is counted for explorations alone, not by day.'),
    "product": (
        "conversions:sale * sessions",
        "It multiplies figures with each other, and what that gives of days does not add up.",
    ),
    "constant": (
        "conversions:sale + 5",
        "It adds a number to figures, which each day would add again: multiply or divide by it.",
    ),
    "nothing": ("conversions:sale / (2 - 1 - 1)", "It divides by what is always nothing."),
    "difference": (
        "conversions:sale - conversions:look",
        "It takes something off in a sum, which could come down again after its target was met.",
    ),
    "another goal": (
        "conversions:look / sessions", 'Its formula does not name the goal "Sale": make the KPI below one of Look.',
    ),
    "a goal that is gone": ("conversions:gone / sessions", 'At letter 1: There is no goal "gone".'),
    "what was archived": ("conversions:sale + conversions:old", "Its formula names what was archived: Old."),
}  # fmt: skip


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    make_goal(shop, "Look", event="view_item")
    make_goal(shop, "Old", event="old", archived_at=START)
    return make_goal(shop)


@pytest.fixture
def program(lead: Membership) -> Any:
    return Program(make_token(lead, Scope.READ, Scope.PLAN))


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


@pytest.mark.parametrize(("formula", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_what_does_not_add_up_over_days_is_refused_with_the_reason(
    shop: Workspace, goal: Goal, program: Any, formula: str, reason: str
) -> None:
    save(shop, formula, "Own", format=Format.NUMBER)
    answer = program("post", "kpis", {"goal": "sale", "name": "Mine", "measure": "metric", "metric": "own"})
    assert (answer.status_code, answer.json()["code"]) == (400, "metric_unfit")
    assert [(each["pointer"], each["message"]) for each in answer.json()["errors"]] == [
        ("/metric", f'"Own" can be no KPI here. {reason}')
    ]


def test_a_metric_with_a_model_of_its_own_is_refused(shop: Workspace, goal: Goal, program: Any) -> None:
    save(shop, "conversions:sale / sessions", "Own", model="linear")
    answer = program("post", "kpis", {"goal": "sale", "name": "Mine", "measure": "metric", "metric": "own"})
    assert answer.json()["errors"][0]["message"] == (
        '"Own" can be no KPI here. It credits conversions by an attribution model of its own, which moves them from '
        "day to day."
    )


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"measure": "metric"}, "Choose the metric of your own that the KPI is read off."),
        (
            {"measure": "count", "metric": "own"},
            'Only the measure "A metric of your own" is read off one; leave the metric empty.',
        ),
        ({"measure": "metric", "metric": "none"}, "There is no such metric."),
    ],
    ids=["none", "another measure", "unknown"],
)
def test_a_metric_belongs_to_its_measure_alone(
    shop: Workspace, goal: Goal, program: Any, sent: dict[str, str], reason: str
) -> None:
    save(shop, "conversions:sale", "Own", format=Format.COUNT)
    answer = program("post", "kpis", {"goal": "sale", "name": "Mine"} | sent)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/metric")
    assert answer.json()["errors"][0]["message"] == reason


def test_the_database_keeps_metric_and_measure_together(shop: Workspace, goal: Goal) -> None:
    metric = save(shop, "conversions:sale", "Own")
    for fields in ({"measure": "metric"}, {"measure": "count", "metric": metric}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_kpi(goal, "Wrong", target=None, **fields)


def test_the_direction_is_the_metric_s_unless_the_kpi_has_its_own(shop: Workspace, goal: Goal, program: Any) -> None:
    save(shop, "conversions:sale / sessions", "Own", direction="down")
    sent = {"goal": "sale", "measure": "metric", "metric": "own"}
    made = program("post", "kpis", sent | {"name": "One"}).json()
    assert (made["direction"], made["metric"], made["measure"]) == ("down", "own", "metric")
    assert program("post", "kpis", sent | {"name": "Two", "direction": "up"}).json()["direction"] == "up"
    assert program("post", "kpis", {"goal": "sale", "name": "Three", "measure": "count"}).json()["direction"] == "up"


def test_a_metric_stays_while_kpis_are_read_off_it(shop: Workspace, goal: Goal, browser: Client) -> None:
    metric = save(shop, "conversions:sale / sessions", "Own")
    metric_kpi(goal, metric, slug="first")
    kpi = metric_kpi(goal, metric, slug="second", archived_at=START)
    answer = browser.post(f"{METRICS}own/remove/", {"form_token": str(uuid4())})
    assert answer.status_code == 422
    told = "KPIs are read off it: Own, Own (archived). It stays as long as they or their history do."
    assert told in answer.content.decode()
    with scope.in_workspace(shop.pk):
        assert CalculatedMetric.objects.filter(pk=metric.pk).exists()
        assert kpi.metric_id == metric.pk


def changed(browser: Client, **typed: str) -> Any:
    form = browser.get(f"{METRICS}own/").context["form"]
    shown = {field.html_name: field.value() for field in form}
    sent = {name: value for name, value in shown.items() if value not in {None, ""}} | {"form_token": str(uuid4())}
    return browser.post(f"{METRICS}own/", sent | typed)


@pytest.mark.parametrize(
    "typed",
    [{"format": "percent"}, {"format": "money", "formula": "value:sale / sessions"}],
    ids=["another format", "money"],
)
def test_a_metric_stays_in_the_unit_of_its_kpis_targets(
    shop: Workspace, goal: Goal, browser: Client, typed: dict[str, str]
) -> None:
    metric_kpi(goal, save(shop, "conversions:sale / sessions", "Own"), target=2)
    answer = changed(browser, **typed)
    assert answer.status_code == 422
    assert (
        "KPIs are read off it: Own. Their targets are in its unit: write another metric for another one."
        in answer.content.decode()
    )
    with scope.in_workspace(shop.pk):
        assert CalculatedMetric.objects.get().formula == "conversions:sale / sessions"


def test_another_formula_is_another_definition_that_each_kpi_s_history_keeps(
    shop: Workspace, goal: Goal, browser: Client
) -> None:
    metric_kpi(goal, save(shop, "conversions:sale / sessions", "Own"), target=2)
    assert changed(browser, formula="(conversions:sale + conversions:look) / sessions").status_code == 302
    with scope.in_workspace(shop.pk):
        kpi = Kpi.objects.get()
        (entry,) = AuditEntry.objects.filter(subject_id=kpi.pk, subject_type="kpi")
    assert kpi.revision == 2
    assert (entry.before, entry.after) == (
        {"formula": "conversions:sale / sessions"},
        {"formula": "(conversions:sale + conversions:look) / sessions"},
    )
    refused = changed(browser, formula="conversions:sale * conversions:look / sessions")
    assert refused.status_code == 422
    assert "can be no KPI here. It multiplies figures with each other" in refused.content.decode()
    assert changed(browser, name="Other").status_code == 302
    with scope.in_workspace(shop.pk):
        assert Kpi.objects.get().revision == 2, "its name is no definition"


def test_a_goal_that_a_kpi_s_formula_names_stays_in_the_plan(shop: Workspace, goal: Goal, program: Any) -> None:
    metric_kpi(goal, save(shop, "(conversions:sale + conversions:look) / sessions", "Own"))
    answer = program("delete", "goals/look")
    assert (answer.status_code, answer.json()["code"]) == (409, "goal_in_use")
    assert "KPI Own" in answer.json()["detail"]


def test_what_can_t_be_read_any_more_has_no_figure_and_says_why(shop: Workspace, goal: Goal) -> None:
    metric = save(shop, "conversions:sale / sessions", "Own")
    metric_kpi(goal, metric, target=2)
    with scope.in_workspace(shop.pk):
        CalculatedMetric.objects.update(formula="conversions:away / sessions")  # as if the goal had been deleted
        (row,) = board(shop, boards.live_kpis(shop), fallback=Span(START.date(), NOW.date()), now=NOW).rows
        (section,) = boards.sections(shop, [row])
    assert (row.state, row.actual, row.status, row.weeks) == ("faulty", None, "no_data", ())
    assert section.rows[0].gap == 'At letter 1: There is no goal "away".'
