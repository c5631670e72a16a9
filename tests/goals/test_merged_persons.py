"""Goals after visitors turned out to be one person: counted as if that had been known from the start."""

from datetime import date, timedelta

import pytest

from goals.conversions import find
from goals.definition import Definition
from goals.models import Counting
from tests.goals.makers import rules_for
from tests.tracking.makers import NOON, Lake, make_event, make_source
from workspaces import scope
from workspaces.models import Workspace

DAY = timedelta(days=1)
WHOLE = (date(2026, 11, 1), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("counting", "before", "after"),
    [(Counting.PERSON, ["phone", "desk"], ["phone"]), (Counting.EVERY, ["phone", "desk"], ["phone", "desk"])],
    ids=["once a person", "every one"],
)
def test_a_goal_knows_the_merged_person(
    shop: Workspace, counting: Counting, before: list[str], after: list[str]
) -> None:
    lake = Lake(make_source(shop))
    definition = Definition(rules_for("purchase"), counting=counting)
    lake.take(
        make_event("phone", name="purchase", visitor="v1", at=NOON - 3 * DAY),
        make_event("desk", name="purchase", visitor="v2", at=NOON - 2 * DAY),
    )
    assert found(shop, definition) == {event: f"v{n}" for n, event in enumerate(before, start=1)}
    said = {"name": "identify", "user_id": "kari", "consent": '{"analytics":true}', "at": NOON}
    lake.take(make_event("in 1", visitor="v1", **said), make_event("in 2", visitor="v2", **said))
    assert found(shop, definition) == dict.fromkeys(after, "u.kari")


def found(shop: Workspace, definition: Definition) -> dict[str, str]:
    with scope.in_workspace(shop.pk):
        rows = find(shop, definition, *WHOLE)
    return dict(zip(rows["event_id"].to_pylist(), rows["person_id"].to_pylist(), strict=True))
