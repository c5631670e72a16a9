"""A plan with a macro and a micro goal, and browsers of the people who see it."""

from collections.abc import Callable

import pytest
from celery import current_app
from django.test import Client

from goals.models import Goal, Level, Plan
from tests.goals.makers import make_goal, make_plan, rules_for
from workspaces.models import Membership, Workspace


@pytest.fixture
def plan(shop: Workspace) -> Plan:
    return make_plan(shop)


@pytest.fixture
def order(plan: Plan) -> Goal:
    return make_goal(plan, "Order")


@pytest.fixture
def newsletter(plan: Plan, order: Goal) -> Goal:
    rules = rules_for("newsletter_signup")
    return make_goal(plan, "Newsletter", level=Level.MICRO, supports=[order], rules=rules, counting="session")


@pytest.fixture
def browser_of() -> Callable[[Membership], Client]:
    """Give a browser in which the member is signed in."""

    def signed_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return signed_in


@pytest.fixture(autouse=True)
def _hints_go_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send hints to a queue in memory that nobody reads: tests that commit would otherwise open the broker's."""
    monkeypatch.setattr(current_app.conf, "broker_url", "memory://")
