"""The figures of cohorts: equal to a slow reference in every cell, and what always holds of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.rates import rate
from reports.cohorts.answer import Answer
from reports.models import Segment
from tests.reports.cohorts.asks import CHANNELS, answered, filled, histories
from tests.reports.cohorts.reference import expected, persons, reached
from tests.reports.explore.test_answer import make_goal_once
from tests.reports.lake import NOW, Hit, hit, make_goal
from tests.reports.late_shop import Shop, seen
from workspaces import scope
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
SPAN = {"since": date(2026, 10, 1), "until": date(2026, 11, 22)}
SALE, LETTER = reached("purchase"), reached("newsletter")
CASES: Mapping[str, tuple[dict[str, str], dict[str, Any]]] = {
    "by week": ({}, {}),
    "by day": ({"every": "day", "later": "30"}, {"every": "day", "later": 30}),
    "by month": ({"every": "month"}, {"every": "month"}),
    "up to each week": ({"count": "up_to"}, {"is_cumulative": True}),
    "a goal": ({"did": "goal:sale"}, {"did": SALE}),
    "a goal up to each day": (
        {"did": "goal:sale", "every": "day", "count": "up_to"},
        {"did": SALE, "every": "day", "is_cumulative": True},
    ),
    "back after a goal": ({"first": "goal:sale", "every": "day"}, {"first": SALE, "every": "day"}),
    "a goal again": ({"first": "goal:sale", "did": "goal:sale"}, {"first": SALE, "did": SALE}),
    "one goal after another": ({"first": "goal:sale", "did": "goal:letter"}, {"first": SALE, "did": LETTER}),
    "without visitors of one day": ({"cookieless": "out"}, {"is_lasting": True}),
    "by a channel": ({"channel": "email"}, {"belongs": lambda person: person.channel == "email"}),
    "of a segment": (
        {"only": "letters", "did": "goal:sale"},
        {"did": SALE, "belongs": lambda person: bool(LETTER(person)) and bool(person.visits)},
    ),
    "few days": (
        {"from": "2026-10-21", "to": "2026-11-05", "later": "2"},
        {"since": date(2026, 10, 21), "until": date(2026, 11, 6), "later": 2},
    ),
}


def figures(result: Answer) -> list[tuple[date, int, int, tuple[tuple[int, bool], ...]]]:
    """Give what the reference gives."""
    return [
        (each.since, each.persons, each.daily, tuple((cell.persons, cell.is_whole) for cell in each.cells))
        for each in result.cohorts
    ]


def agrees(shop: Workspace, hits: list[Hit], case: str) -> Answer:
    """Compare one case with the reference; give the answer."""
    params, told = CASES[case]
    result = answered(shop, **params)
    wanted = expected(persons(hits), zone=shop.zone, known=NOW, **{**SPAN, **told})
    assert figures(result) == [(each.since, each.persons, each.daily, each.cells) for each in wanted], case
    return result


def make_both(shop: Workspace) -> None:
    """Make the goals and the segment that the cases name."""
    make_goal_once(shop)
    with scope.in_workspace(shop.pk):
        if shop.goals.filter(slug="letter").exists():
            return
        text = "did: event newsletter"
        Segment.objects.create(workspace=shop, name="Letters", slug="letters", text=text)
    make_goal(shop, "Letter", event="newsletter", value_rule="none")


@pytest.mark.parametrize("seed", [1, 2])
def test_every_cell_is_that_of_the_reference(shop: Workspace, seed: int) -> None:
    make_both(shop)
    hits = histories(seed)
    filled(shop, hits)
    found = {case: agrees(shop, hits, case) for case in CASES}
    for case, result in found.items():
        assert any(cell.persons for each in result.cohorts for cell in each.cells), f"{case} has figures"
    weeks = found["by week"]
    assert any(not cell.is_whole for each in weeks.cohorts for cell in each.cells)
    assert 0 < weeks.daily < weeks.persons
    assert found["without visitors of one day"].persons == weeks.persons - weeks.daily


HITS = st.lists(
    st.builds(
        lambda person, quarter, name, channel, day: hit(
            f"{'d.' if person > 4 else 'p'}{person}", days=day, minutes=quarter * 15, name=name, channel=channel
        ),
        st.integers(0, 6), st.integers(0, 95), st.sampled_from(["page_view", "purchase", "newsletter"]),
        st.sampled_from(CHANNELS), st.integers(-40, 17),
    ),
    min_size=1,
    max_size=40,
)  # fmt: skip


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HITS)
def test_random_histories_give_what_the_reference_gives(shop: Workspace, hits: list[Hit]) -> None:
    make_both(shop)
    first = hit("first", days=-41)  # of every example: from its day on all figures are made anew
    hits = [first, *{each.event_id: each for each in hits}.values()]
    filled(shop, hits)
    for case in CASES:
        agrees(shop, hits, case)


def test_local_days_of_a_zone_with_a_clock_change_are_whole(shop: Workspace) -> None:
    shop.zone_name = "America/New_York"  # clocks go back on 1 November 2026, and in Oslo on 25 October
    with scope.in_workspace(shop.pk):
        shop.save(update_fields=["zone_name"])
    zone = ZoneInfo(shop.zone_name)
    hits = [
        hit("a", days=-2, minutes=18 * 60 + 30),  # 31 October 23:30, two and a half hours before the change
        hit("a", days=-2, minutes=43 * 60 + 30),  # 1 November 23:30, in the 25th hour of that day
        hit("b", minutes=-(3 * 60 + 45)),  # 2 November 00:15
        hit("b", minutes=19 * 60 + 45),  # 2 November 23:45
    ]
    make_both(shop)
    filled(shop, hits)
    asked = {"every": "day", "later": "2", "from": "2026-10-31", "to": "2026-11-03"}
    result = answered(shop, **asked)
    told = {"since": date(2026, 10, 31), "until": date(2026, 11, 4), "every": "day", "later": 2}
    wanted = list(expected(persons(hits), zone=zone, known=NOW, **told))
    assert figures(result) == [(each.since, each.persons, each.daily, each.cells) for each in wanted]
    assert [(each.persons, *(cell.persons for cell in each.cells)) for each in result.cohorts] == [
        (1, 0, 1, 0), (0, 0, 0, 0), (1, 1, 0, 0), (0, 0, 0, 0),
    ]  # fmt: skip


def test_all_together_divides_the_sums_of_periods_that_are_over(shop: Workspace) -> None:
    make_both(shop)
    filled(shop, histories(3))
    result = answered(shop)
    assert len(result.together) > 3
    for each in result.together:
        whole = [cohort for cohort in result.cohorts if cohort.cells[each.later : each.later + 1]]
        whole = [cohort for cohort in whole if cohort.cells[each.later].is_whole]
        did = sum(cohort.cells[each.later].persons for cohort in whole)
        assert each.cohorts == len(whole)
        assert each.rate == rate(did, sum(cohort.persons for cohort in whole)), each.later
    assert result.together[-1].cohorts == 0, "the first cohort's newest week is not over"
    assert result.together[-1].rate is None


def test_who_was_there_before_the_range_is_new_in_no_cohort(shop: Workspace) -> None:
    filled(shop, [hit("old", days=-60), hit("old", days=1), hit("new", days=1)])
    result = answered(shop)
    assert result.persons == 1
    assert answered(shop, **{"from": "2026-08-01"}).persons == 2


def test_two_devices_that_become_one_person_are_in_the_older_cohort_alone(shop: Workspace) -> None:
    told = Shop(shop)
    told.take(seen("phone", "phone", 20), seen("desk", "desk", 10))
    apart = answered(shop)
    assert [each.persons for each in apart.cohorts if each.persons] == [1, 1]
    assert not any(cell.persons for each in apart.cohorts for cell in each.cells)
    signed = {"name": "identify", "user_id": "kari", "consent": '{"analytics":true}'}
    told.take(seen("in-1", "phone", 1, **signed), seen("in-2", "desk", 1, **signed))
    [one] = [each for each in answered(shop).cohorts if each.persons]
    assert one.since == date(2026, 10, 26)
    assert [(cell.later, cell.persons) for cell in one.cells if cell.persons] == [(2, 1), (3, 1)]


def test_a_session_past_midnight_is_no_coming_back(shop: Workspace) -> None:
    midnight = 14 * 60  # minutes after START, 10:00 in Oslo
    filled(shop, [hit("a", minutes=midnight - 10), hit("a", minutes=midnight + 10)])
    result = answered(shop, every="day", **{"from": "2026-11-02", "to": "2026-11-02"})
    assert [cell.persons for cell in result.cohorts[0].cells] == [0] * 13
    filled(shop, [hit("a"), hit("a", minutes=midnight - 10), hit("a", minutes=midnight + 10)])
    result = answered(shop, every="day", **{"from": "2026-11-02", "to": "2026-11-02"})
    assert [cell.persons for cell in result.cohorts[0].cells] == [1, 1, *[0] * 11], "the second lies in both days"


def test_few_persons_are_little_data(shop: Workspace) -> None:
    filled(shop, [hit(f"p{n}") for n in range(30)] + [hit("alone", days=8)])
    result = answered(shop)
    assert [each.is_little_data for each in result.cohorts if each.persons] == [False, True]
    assert not any(each.is_little_data for each in result.cohorts if not each.persons)


def test_what_takes_too_long_is_ended_and_said(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(shop, [hit("a")])

    def interrupted(*_given: object) -> None:
        raise duckdb.InterruptException("interrupted")

    monkeypatch.setattr("reports.cohorts.reading.read", interrupted)
    assert answered(shop).state == "too_long"


def test_a_goal_that_nobody_said_how_to_notice_is_named(shop: Workspace) -> None:
    goal = make_goal(shop)
    with scope.in_workspace(shop.pk):
        goal.rules.all().delete()
    filled(shop, [hit("a")])
    result = answered(shop, did="goal:sale")
    assert (result.state, result.waiting) == ("untracked", ("Sale",))
    assert answered(shop).state == "ready"


def test_a_segment_that_is_gone_is_said(shop: Workspace) -> None:
    filled(shop, [hit("a")])
    result = answered(shop, only="gone")
    assert result.state == "missing"
    assert "gone" in result.waiting[0]
