"""The example of the API's page runs, against a served product."""

import re
from pathlib import Path
from typing import Any

import pytest

from reports import asking, filling
from reports.question import COMPARISONS, NAMES
from tests.reports.lake import NOW, hit, make_goal, store
from tests.reports.test_api import program_of
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "reports-api.md"


def example() -> dict[str, Any]:
    """Run the page's Python block and give its functions."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, str(PAGE), "exec"), names)  # noqa: S102  # our own page
    return names


@pytest.mark.django_db(transaction=True)
def test_the_example_prints_a_goal_s_channels(live_server: Any, shop: Workspace, owner: Membership) -> None:
    make_goal(shop)
    store(shop, [hit("a", channel="email"), hit("a", minutes=1, name="purchase", value=5), hit("b")])
    filling.fill(shop.pk, now=NOW)
    token = program_of(owner, Scope.READ).defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    names = example()
    report = names["goal_report"](live_server.url, token, "sale", "from=2026-11-01&to=2026-11-20")
    assert names["lines"](report) == ["1 conversions, 1 of 2 visitors", "E-mail: 1.0"]


def test_the_page_names_every_parameter_and_model() -> None:
    text = PAGE.read_text()
    for name in (*NAMES, *asking.OFFERED_MODELS, *COMPARISONS):
        assert f"`{name}`" in text, name
