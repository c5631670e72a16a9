"""What was planted in the demo is recovered by the whole product: inbox, lake, sessions, channels, goals, answers."""

from dataclasses import asdict
from datetime import UTC, date, datetime

import pytest

from goals.models import Goal
from measureplan.demo import Shop, shop
from measureplan.demo_filling import SLUG, fill_workspace
from reports.answer import READY, answer
from reports.asked import from_api
from tests.demo_reference import CLOSED_FORM, Credit, Derived, Windows, credit_by_channel, derive, planted_channels
from workspaces import scope
from workspaces.models import Workspace

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
SETTINGS = {"default": Windows(1, 30, 30), "a week": Windows(7, 7, 7), "clicks off": Windows(60, 60, None)}
NOTHING = Credit(0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def made() -> Shop:
    """A quarter of the demo, of 100 days: windows reach back before a conversion's month."""
    return shop(until=TODAY, now=NOW, days=100, scale=0.5)


@pytest.fixture(scope="module")
def derived(made: Shop) -> Derived:
    return derive(made.events, planted_channels(made.planted))


@pytest.fixture
def filled(db: None, made: Shop) -> Workspace:
    return fill_workspace(made, "a password of the tests", now=NOW, say=lambda _: None)


def test_every_model_and_window_gives_each_channel_what_was_planted(filled: Workspace, derived: Derived) -> None:
    assert len(derived.conversions) > 200, "too few conversions to tell models apart"
    faults = []
    with scope.in_workspace(filled.pk):
        goal = filled.goals.get(slug="purchase")
        for name, windows in SETTINGS.items():
            for model in CLOSED_FORM:
                given = credited(filled, goal, model, windows)
                expected = credit_by_channel(derived, model, windows)
                assert expected, "nothing to compare"
                faults += [f"{name}, {model}, {each}" for each in differences(given, expected, derived)]
    assert faults == []


def credited(workspace: Workspace, goal: Goal, model: str, windows: Windows) -> dict[str, Credit]:
    """Ask the product, over all days at once."""
    days = {kind: "off" if reach is None else str(reach) for kind, reach in asdict(windows).items()}
    asked = {"period": "custom", "from": "2026-08-01", "to": "2026-11-21", "by": "channel", "model": model, **days}
    found = answer(workspace, goal, from_api(asked, workspace, goal, now=NOW), now=NOW)
    assert (found.state, found.breakdown is None) == (READY, False)
    return {row.key: Credit(row.conversions, row.value, row.value_net) for row in found.breakdown.rows}


def differences(given: dict[str, Credit], expected: dict[str, Credit], derived: Derived) -> list[str]:
    """Name every channel whose count differs by 1e-9, or whose money by 1e-9 of the whole."""
    money = 1e-9 * sum(each.value_micros for each in derived.conversions)
    found = []
    for channel in sorted(given.keys() | expected.keys()):
        ours, theirs = given.get(channel, NOTHING), expected.get(channel, NOTHING)
        close = (
            abs(ours.conversions - theirs.conversions) <= 1e-9,
            abs(ours.value_micros - theirs.value_micros) <= money,
            abs(ours.value_net_micros - theirs.value_net_micros) <= money,
        )
        if not all(close):
            found.append(f"{channel}: {ours} is not {theirs}")
    return found


def test_filling_again_changes_nothing(filled: Workspace, made: Shop) -> None:
    def figures() -> list[object]:
        with scope.in_workspace(filled.pk):
            rollups = filled.rollups.order_by("goal__slug", "day")
            return list(rollups.values_list("goal__slug", "day", "conversions", "value_micros", "refund_micros"))

    before = figures()
    assert before
    fill_workspace(made, "a password of the tests", now=NOW, say=lambda _: None)
    assert figures() == before
    assert Workspace.objects.filter(slug=SLUG).count() == 1
