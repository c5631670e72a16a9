"""The attribution page's figures: against the goal page's, which are read without anything kept, and by hand."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goals.models import Goal
from reports.attribution import blocks
from reports.attribution import parts as cutting
from reports.attribution.question import COMPARED_MODELS
from reports.dimensions import DIMENSIONS
from tests.reports import asks
from tests.reports.attribution.asks import RANGE, answered, filled, found, histories
from tests.reports.lake import hit, make_goal, store
from workspaces.models import Workspace

SALE = {"name": "purchase", "value": 500}
questions = st.fixed_dictionaries(
    {
        "from": st.sampled_from(["2026-10-01", "2026-10-31", "2026-11-05"]),
        "to": st.sampled_from(["2026-11-06", "2026-11-21"]),
        "by": st.sampled_from(list(DIMENSIONS)),
        "view": st.sampled_from(["off", "1", "30"]),
        "click": st.sampled_from(["off", "1", "7", "30", "90"]),
        "direct": st.sampled_from(["rule", "keep"]),
    }
)


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    goal = make_goal(shop)
    filled(shop, histories())
    return goal


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questions, st.sampled_from(COMPARED_MODELS))
def test_every_model_equals_the_goal_page_s_answer(
    shop: Workspace, goal: Goal, params: dict[str, str], model: str
) -> None:
    result = answered(shop, goal, models=model, **params)
    plain = {name: value for name, value in params.items() if name != "direct"}
    plain["keep_direct"] = "1" if params["direct"] == "keep" else "0"
    page = asks.answered(shop, goal, model=model, **plain)
    assert page.breakdown
    assert result.found
    credited = {row.key: row.cells[0].conversions for row in result.found.rows if row.cells[0].conversions}
    # The page sums all days at once and this one month by month: the last bit of a sum may differ.
    assert credited == pytest.approx({row.key: row.conversions for row in page.breakdown.rows}, rel=1e-12)
    assert result.found.parts == page.breakdown.parts
    assert (result.totals, result.before, result.currency) == (page.totals, page.before, page.currency)
    influenced = asks.answered(shop, goal, model="participation", **plain).breakdown
    assert influenced
    counted = {row.key: row.conversions for row in influenced.rows if row.key != "(none)"}
    assert {row.key: row.influenced for row in result.found.rows if row.influenced} == counted


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questions)
def test_what_is_kept_gives_exactly_what_is_read_anew(shop: Workspace, goal: Goal, params: dict[str, str]) -> None:
    models = ",".join(COMPARED_MODELS)
    kept = answered(shop, goal, models=models, **params)
    blocks.kept.forget()
    assert answered(shop, goal, models=models, **params) == kept


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questions, st.sampled_from(["rule", "keep", "never"]))
def test_every_column_adds_up_to_the_total_to_the_micro(
    shop: Workspace, goal: Goal, params: dict[str, str], direct: str
) -> None:
    result = answered(shop, goal, **params | {"models": ",".join(COMPARED_MODELS), "direct": direct})
    assert result.found
    assert result.found.conversions == result.totals.conversions
    assert result.found.value == result.totals.value
    for place, model in enumerate(COMPARED_MODELS):
        cells = [row.cells[place] for row in result.found.rows]
        assert sum(cell.conversions for cell in cells) == pytest.approx(result.totals.conversions, abs=1e-9), model
        assert sum(cell.value for cell in cells) == result.totals.value, model
        assert sum(cell.value_net for cell in cells) == result.totals.value_net, model
        assert sum(cell.change or 0 for cell in cells) == pytest.approx(0, abs=1e-9), model
    assert sum(path.conversions for path in result.found.paths) <= result.totals.conversions
    assert result.found.rows[-1].is_none


def test_a_page_reads_the_lake_once_and_a_late_event_is_seen_at_once(shop: Workspace, goal: Goal) -> None:
    before = found(shop, goal)
    held = blocks.kept.bytes
    assert held > 0
    assert found(shop, goal, click="7", models="linear").conversions == before.conversions
    assert blocks.kept.bytes == held
    late = hit("p1", days=-3, minutes=8, name="purchase", value=1)
    store(shop, [*histories(), late], new=[late])
    asks.filling.fill(shop.pk, now=asks.NOW)
    assert found(shop, goal).conversions == before.conversions + 1


def test_what_is_kept_stays_within_its_bound(shop: Workspace, goal: Goal, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = found(shop, goal)
    monkeypatch.setattr(blocks.kept, "most_bytes", 100)
    blocks.kept.forget()
    assert found(shop, goal) == whole
    assert blocks.kept.bytes <= 100


def test_parts_of_any_size_add_up_to_the_same(shop: Workspace, goal: Goal, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = found(shop, goal, models="last,linear,time_decay")
    monkeypatch.setattr(cutting, "PART_ROWS", 3)
    parts = found(shop, goal, models="last,linear,time_decay")
    assert replace(parts, rows=()) == replace(whole, rows=())
    for row, other in zip(parts.rows, whole.rows, strict=True):
        assert [cell.conversions for cell in row.cells] == pytest.approx([cell.conversions for cell in other.cells])


def test_models_side_by_side_by_hand(shop: Workspace) -> None:
    goal = make_goal(shop)
    visits = [hit("a", channel="email"), hit("a", days=1, channel="referral"), hit("a", days=2, channel="paid_search")]
    filled(shop, [*visits, hit("a", days=2, minutes=1, **SALE), hit("b", days=3), hit("b", days=3, minutes=1, **SALE)])
    result = found(shop, goal, models="first,last,linear", base="last")
    rows = {row.key: row for row in result.rows}
    # In the order of the models' list: last, first, linear.
    assert [cell.model for cell in rows["email"].cells] == ["last", "first", "linear"]
    assert [cell.conversions for cell in rows["email"].cells] == pytest.approx([0, 1, 1 / 3])
    assert [cell.change for cell in rows["paid_search"].cells] == [None, -1, pytest.approx(-2 / 3)]
    assert [(row.key, row.influenced, row.places) for row in result.rows] == [
        ("direct", 1, (1, 0, 0, 0)), ("paid_search", 1, (0, 0, 0, 1)), ("email", 1, (0, 1, 0, 0)),
        ("referral", 1, (0, 0, 1, 0)), ("(none)", None, None),
    ]  # fmt: skip
    assert [(path.keys, path.conversions) for path in result.paths] == [
        (("email", "referral", "paid_search"), 1), (("direct",), 1),
    ]  # fmt: skip
    assert result.paths[0].median_lag
    assert result.paths[0].median_lag.total_seconds() == 2 * 86_400 + 60
    assert result.unattributed == 0


def test_direct_touches_can_be_left_out_whole_and_then_none_takes_what_was_theirs(shop: Workspace) -> None:
    goal = make_goal(shop)
    filled(
        shop,
        [hit("b", days=3), hit("b", days=3, minutes=1, **SALE), hit("c", channel="email"), hit("c", minutes=1, **SALE)],
    )
    result = found(shop, goal, direct="never", models="last")
    assert [(row.key, row.cells[0].conversions, row.cells[0].share) for row in result.rows] == [
        ("email", 1.0, 0.5), ("(none)", 1.0, 0.5),
    ]  # fmt: skip
    shares = found(shop, goal, direct="never", models="last", shares="attributed")
    assert [row.cells[0].share for row in shares.rows] == [1.0, None]
    assert result.unattributed == 1


def test_without_conversions_there_is_only_the_row_of_none(shop: Workspace, goal: Goal) -> None:
    result = found(shop, goal, **RANGE | {"from": "2026-11-21"})
    assert ([row.key for row in result.rows], result.conversions, result.paths, result.overlap) == (
        ["(none)"],
        0,
        (),
        (),
    )
