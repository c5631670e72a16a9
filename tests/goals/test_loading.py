"""A whole plan from plain data."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from goals.conditions import Misstated
from goals.loading import load_plan
from goals.models import Goal, Plan
from goals.planning import PlanExists
from measureplan.demo.plan import GOALS, OBJECTIVES
from measureplan.demo.targets import KPIS
from tests.goals.makers import NOW
from workspaces import scope
from workspaces.models import AuditEntry, Workspace

SALE = {"key": "sale", "name": "Sale", "level": "macro", "value": "event", "rules": [[
    {"field": "name", "operator": "is", "value": "purchase"},
    {"field": "properties.items", "operator": "at_least", "value": 2},
]]}  # fmt: skip
LEAD = {"key": "lead", "name": "Lead", "level": "micro", "supports": ["sale"], "value": "250 NOK", "rules": [[
    {"field": "path", "operator": "matches", "value": "/contact*"},
]]}  # fmt: skip


def load(shop: Workspace, data: dict[str, Any]) -> Any:
    with scope.in_workspace(shop.pk):
        return load_plan(shop, data, by="demo", now=NOW)


def test_a_plan_is_loaded_with_all_its_parts(shop: Workspace) -> None:
    loaded = load(
        shop,
        {
            "objectives": [{"key": "grow", "name": "Grow"}],
            "goals": [LEAD | {"objective": "grow"}, SALE],
            "kpis": [
                {"key": "aov", "name": "Order value", "goal": "sale", "measure": "ratio"},
                {"key": "rate", "name": "Rate", "goal": "sale", "measure": "rate", "denominator": "sessions"},
            ],
            "targets": [
                {"kpi": "aov", "value": 799.5, "since": "2026-10-01", "until": "2027-01-01", "baseline": 700},
                {"kpi": "rate", "value": 0.031, "since": "2026-10-01", "until": "2027-01-01"},
            ],
        },
    )
    with scope.in_workspace(shop.pk):
        assert (loaded.plan.name, loaded.plan.starts_on, loaded.plan.ends_on) == (
            "Plan 2026, quarter 4", date(2026, 10, 1), date(2026, 12, 31),
        )  # fmt: skip
        sale, lead = Goal.objects.get(slug="sale"), Goal.objects.get(slug="lead")
        assert (sale.counting, sale.value_rule, lead.counting, lead.value_micros) == (
            "every", "event", "session", 250_000_000,
        )  # fmt: skip
        assert sale.rules.get().conditions[1] == {"field": "property", "key": "items", "operator": "gte", "value": "2"}
        assert (list(lead.supports.all()), lead.objective) == ([sale], loaded.objectives["grow"])
        assert [(target.value, target.ends_on) for target in loaded.targets] == [
            (Decimal(799_500_000), date(2026, 12, 31)),
            (Decimal("0.031"), date(2026, 12, 31)),
        ]
        assert set(AuditEntry.objects.values_list("actor_name", flat=True)) == {"demo"}


def test_the_demos_own_plan_is_read_as_it_stands(shop: Workspace) -> None:
    parts = {"objectives": OBJECTIVES, "goals": GOALS, "kpis": KPIS}
    loaded = load(shop, {name: [asdict(each) for each in rows] for name, rows in parts.items()})
    with scope.in_workspace(shop.pk):
        assert Goal.objects.count() == len(GOALS)
    assert set(loaded.kpis) == {kpi.key for kpi in KPIS}
    assert loaded.goals["store_visit_lead"].level == "macro"


def test_a_plan_with_a_rule_that_cannot_be_read_leaves_nothing(shop: Workspace) -> None:
    with pytest.raises(Misstated):
        load(shop, {"goals": [SALE, LEAD | {"rules": [[{"field": "path", "operator": "like", "value": "x"}]]}]})
    with scope.in_workspace(shop.pk):
        assert not Plan.objects.exists()


def test_a_second_plan_is_refused(shop: Workspace) -> None:
    load(shop, {"goals": [SALE]})
    with pytest.raises(PlanExists):
        load(shop, {"goals": [SALE]})
