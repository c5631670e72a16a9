"""A KPI of a metric in the plan: by form, in its unit, as a file, in a version, undone, in another workspace."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from goals import copying, kinds
from goals.applying import apply
from goals.document import Document, document_of
from goals.models import Format, Goal, Kpi, Plan, Target
from goals.sheet import sheet_of
from goals.sheets.csv_writing import outline_csv
from goals.sheets.xlsx_writing import workbook_of
from goals.targeting import TargetUnfit
from tests.builders import make_workspace
from tests.goals.sheets.test_round_trip import taken_in
from tests.reports.calculated.asks import save
from tests.reports.lake import NOW, make_goal
from tests.reports.meters.asks import metric_kpi
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

pytestmark = pytest.mark.django_db(transaction=True)
PLAN = "/w/fjellsport/plan/"


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    return make_goal(shop)


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


def posted(browser: Client, address: str, **typed: Any) -> Any:
    return browser.post(address, {"form_token": str(uuid4())} | typed)


@pytest.mark.parametrize(
    ("formula", "written_as", "typed", "kept"),
    [
        ("reached:sale / sessions", Format.PERCENT, "3,4", "0.034"),
        ("value:sale / sessions", Format.MONEY, "12,50", "12500000"),
        ("conversions:sale / sessions", Format.NUMBER, "1,25", "1.25"),
        ("conversions:sale + sessions", Format.COUNT, "1200", "1200"),
    ],
    ids=["percent", "money", "number", "count"],
)
def test_a_kpi_is_made_by_form_and_its_target_typed_in_the_metric_s_unit(
    goal: Goal, browser: Client, formula: str, written_as: str, typed: str, kept: str
) -> None:
    metric = save(goal.workspace, formula, "Own", format=written_as, direction="down")
    address = f"{PLAN}goal/sale/kpis/new/"
    assert "A metric of your own" in browser.get(address).content.decode()
    missing = posted(browser, address, name="Mine", measure="metric", weight="secondary", direction="")
    assert missing.status_code == 422
    assert "Choose the metric of your own that the KPI is read off." in missing.content.decode()
    sent = {"name": "Mine", "measure": "metric", "metric": str(metric.pk), "weight": "secondary", "direction": ""}
    made = posted(browser, address, **sent)
    assert made.status_code == 302, made.content.decode()
    shown = browser.get(made["Location"]).content.decode()
    assert {Format.PERCENT: "%", Format.MONEY: "NOK"}.get(Format(written_as), "") in shown
    dates = {"period": "custom", "starts_on": "2026-11-04", "ends_on": "2026-11-30"}
    assert posted(browser, made["Location"], value=typed, **dates).status_code == 302
    with scope.in_workspace(goal.workspace_id):
        target = Target.objects.select_related("kpi__metric").get()
        assert (target.kpi.metric_id, target.kpi.direction, target.kpi.per) == (metric.pk, "down", "")
        assert target.value == Decimal(kept)
    page = browser.get(PLAN).content.decode()
    assert "Own" in page


def test_without_metrics_the_form_offers_none(goal: Goal, browser: Client) -> None:
    assert "A metric of your own" not in browser.get(f"{PLAN}goal/sale/kpis/new/").content.decode()


def planned(goal: Goal) -> Document:
    """Put KPIs of a metric in each unit into the plan, with targets."""
    share = save(goal.workspace, "reached:sale / sessions", "Reach", format=Format.PERCENT, direction="down")
    worth = save(goal.workspace, "value:sale / sessions", "Worth", format=Format.MONEY)
    often = save(goal.workspace, "conversions:sale / sessions", "Often", format=Format.NUMBER)
    for metric, target in ((share, 0.034), (worth, 12_500_000), (often, 1.25)):
        metric_kpi(goal, metric, target=target)
    with scope.in_workspace(goal.workspace_id):
        return document_of(goal.plan)


def test_a_plan_s_files_and_versions_keep_what_a_kpi_is_read_off(goal: Goal, lead: Membership) -> None:
    document = planned(goal)
    assert [(row.measure, row.metric) for row in document.kpis] == [
        ("metric", "reach"), ("metric", "worth"), ("metric", "often"),
    ]  # fmt: skip
    assert [row.value for row in document.targets] == ["3.4%", "12.5", "1.25"]
    assert Document.from_json(document.as_json()) == document
    assert taken_in("plan.xlsx", workbook_of(document)) == document
    assert taken_in("plan.csv", outline_csv(document), before=document) == document
    with scope.in_workspace(goal.workspace_id):
        Kpi.objects.all().delete()
        assert apply(document, goal.plan, by=lead, now=NOW).added
        assert document_of(goal.plan) == document
        assert apply(document, goal.plan, by=lead, now=NOW).is_nothing
        # A rate's sign may be left out, and no other unit takes one.
        bare = tuple(replace(row, value=row.value.removesuffix("%")) for row in document.targets)
        assert apply(replace(document, targets=bare), goal.plan, by=lead, now=NOW).is_nothing
        signed = tuple(replace(row, value="5%") for row in document.targets)
        with pytest.raises(TargetUnfit, match="This KPI is no rate; write a number without %"):
            apply(replace(document, targets=signed), goal.plan, by=lead, now=NOW)
        told = str(sheet_of(document, workspace=goal.workspace))
    assert "Metric of your own" in told
    assert "12.5\\xa0NOK" in told
    assert "1.25\\xa0NOK" not in told


def test_a_kpi_that_was_archived_comes_back_with_its_metric(goal: Goal, lead: Membership) -> None:
    planned(goal)
    with scope.in_workspace(goal.workspace_id):
        kpi = Kpi.objects.get(slug="worth")
        kept = kinds.whole_of(kpi)
        address = kinds.address(kpi)
        kinds.take_out(kpi, by=lead, now=NOW)
        back = kinds.bring_back(goal.plan, address, kept, by=lead, now=NOW)
        assert isinstance(back, Kpi)
        assert (back.metric_id, back.archived_at, back.measure) == (kept["metric"], None, "metric")


def joined(workspace: Workspace, member: Membership) -> Membership:
    with scope.in_workspace(workspace.pk):
        return Membership.objects.create(workspace=workspace, user=member.user, role=Role.LEAD)


def test_a_plan_s_copy_takes_its_metrics_along_and_a_goal_s_leaves_them(goal: Goal, lead: Membership) -> None:
    planned(goal)
    there = make_workspace("Other", slug="other")
    save(there, "conversions:lead / sessions", "Worth")  # of that short name, and something else
    to = joined(there, lead)
    with scope.in_workspace(goal.workspace_id):
        copying.copy_plan(goal.plan, to=to, now=NOW)
    with scope.in_workspace(there.pk):
        kpis = {kpi.slug: kpi for kpi in Kpi.objects.select_related("metric")}
        read_off = {
            slug: (kpi.metric.slug, kpi.metric.formula, kpi.metric.format) for slug, kpi in kpis.items() if kpi.metric
        }
        assert read_off == {
            "reach": ("reach", "reached:sale / sessions", "percent"),
            "worth": ("worth-2", "value:sale / sessions", "money"),
            "often": ("often", "conversions:sale / sessions", "number"),
        }
        assert there.calculated_metrics.get(slug="reach").direction == "down"
        assert kpis["worth"].targets.get().value == 12_500_000
    third = make_workspace("Third", slug="third")
    with scope.in_workspace(third.pk):
        Plan.objects.create(
            workspace=third, slug="p", name="P", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31)
        )
    to = joined(third, lead)
    with scope.in_workspace(goal.workspace_id):
        copied = copying.copy_goal(goal, to=to, now=NOW)
    assert copied.left_out == ("Reach", "Worth", "Often")
    with scope.in_workspace(third.pk):
        assert (third.goals.count(), third.kpis.count()) == (1, 0)
