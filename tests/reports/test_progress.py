"""KPIs against their targets, and the sentences about them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from goals.models import Goal, Kpi, Segment, Target
from reports import boards, filling, sentences
from reports.periods import Span
from reports.progress import Progress, board
from tests.reports.asks import answered
from tests.reports.lake import NOW, hit, make_goal, store
from tests.reports.views.test_pages import make_kpi
from workspaces import scope
from workspaces.models import Workspace

PLAN = Span(date(2026, 10, 1), date(2027, 1, 1))
SALE = {"name": "purchase", "value": 500}


def progress(shop: Workspace, *, now: datetime = NOW) -> list[Progress]:
    filling.fill(shop.pk, now=NOW)
    with scope.in_workspace(shop.pk):
        return list(board(shop, boards.live_kpis(shop), fallback=PLAN, now=now).rows)


def aim(kpi: Kpi, value: float, *, starts: date, ends: date, high: float | None = None) -> None:
    with scope.in_workspace(kpi.workspace_id):
        Target.objects.create(
            workspace=kpi.workspace,
            kpi=kpi,
            slug=f"until-{ends}",
            value=value,
            value_high=high,
            starts_on=starts,
            ends_on=ends,
        )


def month_of_sales(shop: Workspace) -> None:
    """Put two sales a day for twenty days into the lake, each by a person of its own, and as many who only look."""
    hits = []
    for n in range(19):
        for k in range(2):
            hits += [hit(f"b{n}{k}", days=n, minutes=60 * k, channel="email")]
            hits += [hit(f"b{n}{k}", days=n, minutes=60 * k + 1, **SALE), hit(f"l{n}{k}", days=n, minutes=60 * k)]
    store(shop, hits)


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    return make_goal(shop)


def test_the_actual_is_the_very_figure_of_the_goal_s_page(shop: Workspace, goal: Goal) -> None:
    for measure, per in (("count", ""), ("value", ""), ("average", ""), ("rate", "visitors"), ("rate", "sessions")):
        kpi = make_kpi(goal, f"{measure} {per}", target=None, measure=measure, per=per)
        aim(kpi, 0.9, starts=date(2026, 11, 4), ends=date(2026, 11, 30))
    month_of_sales(shop)
    rows = progress(shop)
    totals = answered(shop, goal, from_="2026-11-04", to="2026-11-21").totals
    of_visitors, of_sessions = totals.rate("visitors"), totals.rate("sessions")
    assert of_visitors is not None
    assert of_sessions is not None
    assert [row.actual for row in rows] == [
        totals.conversions, totals.value, totals.average, of_visitors.value, of_sessions.value,
    ]  # fmt: skip


def test_a_target_that_half_has_come_of_is_behind_when_the_period_nears_its_end(shop: Workspace, goal: Goal) -> None:
    aim(make_kpi(goal, target=None), 80, starts=date(2026, 11, 2), ends=date(2026, 11, 22))
    month_of_sales(shop)
    (row,) = progress(shop)
    assert (row.status, row.actual) == ("behind", 38)
    assert row.needed_per_day is not None
    assert row.needed_per_day > 20
    (headline, trouble) = sentences.summary([row])
    assert headline == "<strong>0 of 1 KPI is on track.</strong>"
    assert "is behind" in trouble
    assert "of 80" in trouble


def test_the_first_days_of_a_period_are_too_early(shop: Workspace, goal: Goal) -> None:
    aim(make_kpi(goal, target=None), 80, starts=date(2026, 11, 20), ends=date(2026, 12, 31))
    month_of_sales(shop)
    (row,) = progress(shop)
    assert row.status == "too_early"
    assert sentences.summary([row]) == ["It is too early to judge any target."]


@pytest.mark.parametrize(
    ("usual", "status"),
    [((1, 1, 1, 1, 1, 12, 12), "on_track"), ((4, 4, 4, 4, 4, 5, 4), "behind")],
    ids=["a shop of weekends", "a shop whose days are alike"],
)
def test_on_a_friday_a_shop_of_weekends_is_not_behind(
    shop: Workspace, goal: Goal, usual: tuple[int, ...], status: str
) -> None:
    """Five days of 5 sales after a weekend of 24 are 34 of 58: seven tenths of what a straight line wants by then."""
    friday = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # 23:30 in Oslo
    aim(make_kpi(goal, target=None), 58, starts=date(2026, 11, 9), ends=date(2026, 11, 22))
    sold = {-7 * week + day: n for week in range(9) for day, n in enumerate(usual)}
    sold |= dict(enumerate((1, 1, 1, 1, 1, 12, 12, 1, 1, 1, 1, 1)))
    hits = [hit(f"p{day}-{n}", days=day + 7, minutes=n, **SALE) for day, count in sold.items() for n in range(count)]
    store(shop, [each for each in hits if each.at < friday], now=friday)
    filling.fill(shop.pk, now=friday)
    with scope.in_workspace(shop.pk):
        (row,) = board(shop, boards.live_kpis(shop), fallback=PLAN, now=friday).rows
    assert (row.actual, row.status) == (34, status)


def test_a_period_that_is_over_is_met_or_missed(shop: Workspace, goal: Goal) -> None:
    for name, value in (("Met", 10), ("Missed", 99)):
        aim(make_kpi(goal, name, target=None), value, starts=date(2026, 11, 2), ends=date(2026, 11, 10))
    month_of_sales(shop)
    assert [row.status for row in progress(shop)] == ["met", "missed"]


def test_a_target_of_nothing_and_a_kpi_without_a_target_have_no_status(shop: Workspace, goal: Goal) -> None:
    make_kpi(goal, "Zero", target=0)
    make_kpi(goal, "None", target=None)
    make_kpi(goal, "Observed", direction="observe")
    month_of_sales(shop)
    assert [row.status for row in progress(shop)] == ["no_data", "no_target", "observed"]


def test_two_targets_at_once_give_two_rows(shop: Workspace, goal: Goal) -> None:
    kpi = make_kpi(goal, target=None)
    aim(kpi, 60, starts=date(2026, 11, 1), ends=date(2026, 11, 30))
    aim(kpi, 600, starts=date(2026, 1, 1), ends=date(2026, 12, 31))
    month_of_sales(shop)
    assert [(row.target, row.actual) for row in progress(shop)] == [(60, 38), (600, 38)]


def test_before_anything_is_computed_no_figure_is_made_up(shop: Workspace, goal: Goal) -> None:
    make_kpi(goal)
    (row,) = progress(shop)
    assert (row.actual, row.status, row.forecast, row.weeks) == (None, "no_data", None, ())


def test_a_quiet_night_counts_as_measured(shop: Workspace, goal: Goal) -> None:
    aim(make_kpi(goal, target=None), 40, starts=date(2026, 11, 2), ends=date(2026, 11, 30))
    month_of_sales(shop)
    (tonight,), (tomorrow,) = progress(shop), progress(shop, now=NOW + timedelta(days=2))
    assert tomorrow.elapsed_share > tonight.elapsed_share
    assert tomorrow.actual == tonight.actual


def test_the_days_of_a_rate_add_up_to_its_people(shop: Workspace, goal: Goal) -> None:
    kpi = make_kpi(goal, target=None, measure="rate", per="visitors")
    aim(kpi, 0.5, starts=date(2026, 11, 4), ends=date(2026, 11, 30))
    store(shop, [hit("a", days=n, channel="email") for n in range(10)] + [hit("a", days=5, minutes=1, **SALE)])
    (row,) = progress(shop)
    assert (row.part, row.whole, row.actual) == (1, 1, 1.0)


def test_now_is_the_workspace_s_own_day(shop: Workspace, goal: Goal) -> None:
    aim(make_kpi(goal, target=None), 40, starts=date(2026, 11, 22), ends=date(2026, 11, 30))
    month_of_sales(shop)
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # 00:30 of the 22nd in Oslo
    (row,) = progress(shop, now=late)
    assert row.elapsed_share > 0


@pytest.mark.parametrize(
    ("green", "amber", "status"),
    [
        (None, None, "on_track"),
        ("0.99", "0.90", "at_risk"),
        ("0.99", "0.985", "behind"),
        ("0.50", None, "on_track"),
        (None, "0.99", "behind"),
    ],
    ids=["usual", "strict green", "strict amber", "lenient green takes amber along", "strict amber takes green along"],
)
def test_a_target_s_own_thresholds_decide_its_status(
    shop: Workspace, goal: Goal, green: str | None, amber: str | None, status: str
) -> None:

    kpi = make_kpi(goal, target=None, measure="rate", per="visitors")
    aim(kpi, 0.5125, starts=date(2026, 11, 2), ends=date(2026, 11, 30))
    with scope.in_workspace(shop.pk):
        kpi.targets.update(green_share=green, amber_share=amber)
    month_of_sales(shop)
    (row,) = progress(shop)
    assert row.actual == 0.5, "38 of 76 visitors bought"
    assert row.status == status, "0.5 is 97.6 % of 0.5125"


def test_a_target_for_a_segment_is_not_judged_by_everybody_s_figures(shop: Workspace, goal: Goal) -> None:
    kpi = make_kpi(goal, target=None)
    aim(kpi, 60, starts=date(2026, 11, 1), ends=date(2026, 11, 30))
    with scope.in_workspace(shop.pk):
        segment = Segment.objects.create(workspace=shop, plan=goal.plan, slug="new", name="New visitors")
        kpi.targets.update(segment=segment)
    month_of_sales(shop)
    (row,) = progress(shop)
    assert (row.status, row.actual, row.expected, row.forecast) == ("unmeasured", None, None, None)
    assert (row.is_judged, row.is_good) == (False, False)
    (section,) = boards.sections(shop, [row])
    assert "segment New visitors, whose figures are not computed yet" in section.rows[0].gap
    assert (section.on_track, section.total) == (0, 0)


def test_a_goal_that_is_not_tracked_has_no_figures_and_no_status(shop: Workspace, goal: Goal) -> None:
    aim(make_kpi(goal, target=None), 60, starts=date(2026, 11, 1), ends=date(2026, 11, 30))
    with scope.in_workspace(shop.pk):
        goal.rules.all().delete()
    month_of_sales(shop)
    (row,) = progress(shop)
    assert (row.state, row.status, row.actual) == ("untracked", "unmeasured", None)
    (section,) = boards.sections(shop, [row])
    assert section.rows[0].gap == "Nobody has said yet how this goal is noticed."
    assert answered(shop, goal).state == "untracked"
