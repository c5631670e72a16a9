"""KPIs of metrics against a slow reference over the hits: to date, by day, in weeks, before the period."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

import pytest

from goals.models import Format, Goal, Kpi
from reports import boards, filling, publishing
from reports.baselines import baselines, typed
from reports.meters.found import meters_of
from reports.periods import Span
from reports.progress import Progress, board, boards_on
from tests.reports.calculated.asks import save
from tests.reports.explore.asks import answered
from tests.reports.lake import NOW, Hit, make_goal, store
from tests.reports.meters.asks import metric_kpi
from tests.reports.meters.reference import LAST, computed, days_of, history, sums
from tests.reports.views.test_pages import make_kpi
from workspaces import scope
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
PLAN = Span(date(2026, 10, 1), date(2027, 1, 1))
SINCE, UNTIL = date(2026, 11, 4), date(2026, 11, 22)  # of the target, so far
MICROS = 1_000_000
# Formula, format, the same of the reference's sums; and what stands above and below the line of a day.
CASES: Mapping[str, tuple[str, str, str, str, str]] = {
    "steps": (
        "conversions:sale + conversions:look", Format.COUNT,
        "conversions_sale + conversions_look", "conversions_sale + conversions_look", "1",
    ),
    "per-session": (
        "(conversions:sale + conversions:look) / sessions * 100", Format.NUMBER,
        "100 * (conversions_sale + conversions_look) / sessions", "100 * (conversions_sale + conversions_look)",
        "sessions",
    ),
    "kept": (
        "value_net:sale / value:sale", Format.PERCENT, "value_net / value",
        "value_net * 1000000", "value * 1000000",
    ),
    "worth": ("value_net:sale / sessions", Format.MONEY, "value_net / sessions", "value_net * 1000000", "sessions"),
    "half": ("value_net:sale / 2", Format.MONEY, "value_net / 2", "value_net * 500000", "1"),
    "reach": ("reached:sale / sessions", Format.PERCENT, "reached_sale / sessions", "reached_sale", "sessions"),
    "depth": (
        "pageviews / sessions + 1", Format.NUMBER, "pageviews / sessions + 1", "pageviews + sessions", "sessions",
    ),
    "events": ("events", Format.COUNT, "events", "events", "1"),
}  # fmt: skip
PEOPLE: Mapping[str, tuple[str, str]] = {
    "buyers": ("converters:sale / visitors", "converters_sale / visitors"),
    "buyers-of-lookers": ("converters:sale / converters:look", "converters_sale / converters_look"),
}


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    make_goal(shop, "Look", event="view_item")
    return make_goal(shop)


def kept(shop: Workspace, seed: int) -> list[Hit]:
    hits = history(seed)
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)
    return hits


def rows(shop: Workspace) -> dict[str, Progress]:
    with scope.in_workspace(shop.pk):
        found = board(shop, boards.live_kpis(shop), fallback=PLAN, now=NOW).rows
    return {row.kpi.slug: row for row in found}


def kpis_of_all(shop: Workspace, goal: Goal) -> None:
    look = shop.goals.get(slug="look")
    for slug, (formula, written_as, *_python) in CASES.items():
        metric_kpi(goal, save(shop, formula, slug, format=written_as), target=5)
    for slug, (formula, _python) in PEOPLE.items():
        metric_kpi(look if "look:" in formula else goal, save(shop, formula, slug, format=Format.PERCENT), target=0.5)


def as_kept(wanted: Fraction | None, written_as: str) -> float | None:
    return None if wanted is None else float(wanted * MICROS if written_as == Format.MONEY else wanted)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_actual_and_each_week_are_those_of_the_hits_and_of_explorations(
    shop: Workspace, goal: Goal, seed: int
) -> None:
    with scope.in_workspace(shop.pk):
        kpis_of_all(shop, goal)
    hits = kept(shop, seed)
    found = rows(shop)
    so_far = sums(hits, SINCE, UNTIL)
    wanted = {slug: as_kept(computed(case[2], so_far), case[1]) for slug, case in CASES.items()}
    wanted |= {slug: as_kept(computed(python, so_far), Format.PERCENT) for slug, (_formula, python) in PEOPLE.items()}
    assert {slug: row.actual for slug, row in found.items()} == pytest.approx(wanted)
    assert {row.state for row in found.values()} == {"ready"}

    # The very cell of explorations.
    for slug, row in found.items():
        shown = answered(shop, metrics=f"metric:{slug}", by="none", **{"from": str(SINCE), "to": "2026-11-21"})
        assert row.actual == shown.total[0][0].number, slug

    # Whole weeks up to yesterday; none of them before the first whole day, which is the last of October.
    weeks = [(LAST - timedelta(days=7 * n), LAST - timedelta(days=7 * (n - 1))) for n in (2, 1)]
    for slug, (_formula, written_as, python, *_line) in CASES.items():
        by_hand = [as_kept(computed(python, sums(hits, *week)), written_as) for week in weeks]
        assert found[slug].weeks[-2:] == pytest.approx(by_hand), slug
        assert found[slug].weeks[0] is None


def test_each_day_adds_what_its_hits_do_and_people_on_their_first_day_alone(shop: Workspace, goal: Goal) -> None:
    with scope.in_workspace(shop.pk):
        kpis_of_all(shop, goal)
    hits = kept(shop, 3)
    with scope.in_workspace(shop.pk):
        kpis = boards.live_kpis(shop)
        meters = meters_of(shop, kpis)
        ids = {each.pk for meter in meters.values() for each in meter.goals}
        published = publishing.read(shop.pk, ids, since=date(2026, 10, 1), until=UNTIL)
        lines = {kpi.slug: meters[kpi.pk].read(published).by_day(SINCE, SINCE) for kpi in kpis}
    days = days_of(SINCE, UNTIL)
    for slug, (*_words, above, below) in CASES.items():
        for n, python in enumerate((above, below)):
            by_hand = [computed(python, sums(hits, day, day + timedelta(days=1))) for day in days]
            assert [lines[slug][n](day) for day in days] == pytest.approx(floats(by_hand)), (slug, python)
    for n, name in enumerate(("converters_sale", "visitors")):
        came = [sum(lines["buyers"][n](day) for day in days[: k + 1]) for k in range(len(days))]
        assert came == [sums(hits, SINCE, day + timedelta(days=1))[name] for day in days], name


def floats(found: Sequence[Fraction | None]) -> list[float]:
    return [float(each or 0) for each in found]


def test_a_target_s_pace_is_that_of_an_ordinary_kpi_of_the_same_figures(shop: Workspace, goal: Goal) -> None:
    with scope.in_workspace(shop.pk):
        same = {
            "sales": ("conversions:sale", Format.COUNT, "count", ""),
            "revenue": ("value:sale", Format.MONEY, "value", ""),
            "basket": ("value:sale / conversions:sale", Format.MONEY, "average", ""),
            "of-people": ("converters:sale / visitors", Format.PERCENT, "rate", "visitors"),
            "of-sessions": ("reached:sale / sessions", Format.PERCENT, "rate", "sessions"),
        }
        targets = {Format.COUNT: 90, Format.MONEY: 400 * MICROS, Format.PERCENT: 0.5}
        for slug, (formula, written_as, measure, per) in same.items():
            own = metric_kpi(goal, save(shop, formula, slug, format=written_as), target=targets[written_as])
            plain = make_kpi(goal, f"plain {slug}", target=None, measure=measure, per=per)
            aim = own.targets.get()
            aim.pk, aim.kpi = None, plain
            aim.save()
    kept(shop, 4)
    found = rows(shop)
    for slug in same:
        own, plain = found[slug], found[f"plain-{slug}"]
        for name in ("status", "kind", "target", "is_share"):
            assert getattr(own, name) == getattr(plain, name), (slug, name)
        for name in ("actual", "expected", "forecast", "needed_per_day", "elapsed_share", "weeks"):
            assert getattr(own, name) == pytest.approx(getattr(plain, name)), (slug, name)
        assert own.forecast, slug
        assert own.kind != "money" or own.currency == plain.currency == "NOK"
        # What alerts follow: the board at the end of each day.
        with scope.in_workspace(shop.pk):
            (then,), (plain_then,) = (
                boards_on(shop, row.kpi, Span(date(2026, 11, 10), LAST), now=NOW)(date(2026, 11, 15))
                for row in (own, plain)
            )
        assert (then.status, then.actual) == (plain_then.status, pytest.approx(plain_then.actual)), slug
    assert (found["of-people"].part, found["of-people"].whole) == (
        found["plain-of-people"].part, found["plain-of-people"].whole,
    )  # fmt: skip


def test_a_baseline_is_the_figure_of_the_days_before_typed_in_the_metric_s_unit(shop: Workspace, goal: Goal) -> None:
    with scope.in_workspace(shop.pk):
        kpis_of_all(shop, goal)
    hits = kept(shop, 5)
    before = sums(hits, date(2026, 11, 5), date(2026, 11, 12))
    with scope.in_workspace(shop.pk):
        for slug, (_formula, written_as, python, *_line) in CASES.items():
            kpi = Kpi.objects.select_related("goal", "metric").get(slug=slug)
            found = baselines(shop, kpi, first=date(2026, 11, 12), last=date(2026, 11, 18), now=NOW).found[0]
            wanted = as_kept(computed(python, before), written_as)
            assert found.actual == pytest.approx(wanted), slug
            unit = {Format.MONEY: MICROS, Format.PERCENT: 0.01}.get(Format(written_as), 1)
            assert float(typed(kpi, found.actual or 0)) == pytest.approx((wanted or 0) / unit, abs=0.006), slug
