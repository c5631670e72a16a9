"""The figures of explorations: equal to a slow reference in every cell, and what always holds of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.explore.answer import Answer
from reports.explore.metrics import Value
from reports.explore.page import adds
from reports.explore.rows import REST, flat
from tests.reports.explore.asks import CHANNELS, NAMES, PATHS, answered, filled, histories
from tests.reports.explore.reference import DAYS, Figures, Visit, expected, on_plan, plan_of
from tests.reports.lake import Hit, hit, make_goal
from tracking.models import Kind, Source
from workspaces import scope
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = "visitors,sessions,pageviews,events,pages,bounce,duration,participation:sale"
OF_GOAL = "conversions:sale,converters:sale,rate:sale,session_rate:sale,value:sale,value_net:sale,average:sale"
MICROS = 1_000_000


def agrees(
    shop: Workspace,
    hits: list[Hit],
    by: str = "",
    *,
    goal: str = "purchase",
    where: str = "",
    keeps: Callable[[Visit], bool] | None = None,
    span: tuple[date, date] = DAYS,
) -> None:
    """Compare every cell of every level with the reference."""
    parts = [part for part in by.split(",") if part]
    days = {"from": str(span[0]), "to": str(date.fromordinal(span[1].toordinal() - 1))}
    for metrics in (PLAIN, OF_GOAL):
        result = answered(shop, by=by or "none", metrics=metrics, where=where, top="100", open="*", **days)
        assert result.state == "ready"
        for depth in range(len(parts) + 1):
            wanted = expected(shop.zone, hits, parts[:depth], goal=goal, keeps=keeps, span=span)
            rows = {row.path: row.values[0] for row in flat(result.rows) if row.level == depth}
            shown = rows if depth else {(): result.total[0]}
            assert not depth or {key for key, each in wanted.items() if _has(each, metrics)} == shown.keys()
            for path, values in shown.items():
                same(result, values, wanted.get(path, {}), path)


def _has(figures: Figures, metrics: str) -> bool:
    """Say whether one of the columns has something to count."""
    of_plain = ("events", "participation")
    names = ("visitors", "sessions", *(of_plain if metrics == PLAIN else ("conversions", "converters")))
    return any(figures.get(name) for name in names)


def same(result: Answer, values: Sequence[Value], wanted: Figures, path: tuple[str, ...]) -> None:
    """Compare a row with the reference's sums."""
    counts = ("visitors", "sessions", "pageviews", "events")
    of_goal = ("conversions", "converters", "participation")
    gross = wanted.get("value NOK", 0) * MICROS
    net = gross + wanted.get("refund NOK", 0) * MICROS
    figures = {
        **{name: wanted.get(name, 0) for name in counts},
        "pages": ratio(wanted, "pageviews", "sessions"),
        "bounce": ratio(wanted, "bounces", "sessions"),
        "duration": ratio(wanted, "lasted", "sessions"),
        **{f"{name}:sale": wanted.get(name, 0) for name in of_goal},
        "rate:sale": ratio(wanted, "converters", "visitors", at_most=1),
        "session_rate:sale": ratio(wanted, "reached", "sessions"),
        "value:sale": gross,
        "value_net:sale": net,
        "average:sale": gross / wanted["conversions"] if wanted.get("conversions") else None,
    }
    for metric, value in zip(result.columns, values, strict=True):
        told = figures[metric.key]
        near = 0.5 if metric.figure.unit == "money" else 1e-6  # money is whole micros
        assert value.number == (told if told is None else pytest.approx(told, rel=1e-9, abs=near)), (path, metric.key)
        if metric.key == "value:sale":
            held = {name.removeprefix("value "): n * MICROS for name, n in wanted.items() if name.startswith("value")}
            assert {name: micros for name, micros in value.amounts if micros} == held, path


def ratio(figures: Figures, part: str, whole: str, *, at_most: float = float("inf")) -> float | None:
    """Divide two of the reference's sums; None where nothing can be said."""
    below = figures.get(whole, 0)
    found = figures.get(part, 0) / below if below else None
    return found if found is None or found <= at_most else None


@pytest.mark.parametrize(
    "questions",
    [
        ["", "day", "week", "month", "weekday", "hour"],
        ["channel", "device", "browser", "referrer", "campaign"],
        ["source", "medium", "content", "term", "landing", "os", "language", "visitor", "visitor,channel"],
        ["page", "folder", "event", "property:plan"],
        ["channel,device", "day,channel", "month,weekday,browser"],
        ["page,device", "channel,page,event", "hour,page"],
    ],
    ids=["times", "visits", "where from, who and with what", "inside", "levels", "levels inside"],
)
def test_every_cell_equals_the_reference(shop: Workspace, questions: list[str]) -> None:
    make_goal(shop)
    filled(shop, histories())
    for by in questions:
        agrees(shop, histories(), by)


def test_what_was_paid_back_is_taken_from_the_row_of_its_sale(shop: Workspace) -> None:
    make_goal(shop)
    sales = [each for each in histories() if each.name == "purchase" and each.value]
    hits = [each for each in histories() if each not in sales]
    for n, sale in enumerate(sales):
        hits.append(replace(sale, transaction=f"t{n}"))
        if n % 3 == 0:
            back = {"name": "refund", "refund": True, "transaction": f"t{n}", "currency": sale.currency}
            hits.append(replace(sale, at=sale.at + timedelta(days=2), value=-40, **back))
    filled(shop, hits)
    for by in ("", "channel", "day", "device,visitor"):
        agrees(shop, hits, by)


KEEPS: dict[str, Callable[[Visit], bool]] = {
    "channel is email | direct": lambda visit: visit[0].channel in {"email", ""},
    "device is not mobile": lambda visit: visit[0].device != "mobile",
    "device is (not set) & browser is Safari": lambda visit: visit[0].device is None and visit[0].browser == "Safari",
    "page starts with /products/": lambda visit: any((each.path or "").startswith("/products/") for each in visit),
    "page is not /blog/one": lambda visit: all(each.path != "/blog/one" for each in visit),
    "referrer contains news": lambda visit: "news" in (visit[0].referrer or ""),
    "event is purchase & property:plan is free": lambda visit: (
        any(each.name == "purchase" for each in visit) and any(plan_of(each) == "free" for each in visit)
    ),
    "goal is sale": lambda visit: any(each.name == "purchase" for each in visit),
    "goal is not sale & channel is not email": lambda visit: (
        all(each.name != "purchase" for each in visit) and visit[0].channel != "email"
    ),
}


def test_conditions_choose_numerator_and_denominator_alike(shop: Workspace) -> None:
    make_goal(shop)
    filled(shop, histories())
    for n, (where, keeps) in enumerate(KEEPS.items()):
        agrees(shop, histories(), ("channel", "page", "day")[n % 3], where=where, keeps=keeps)


def test_segments_stand_beside_the_whole_as_their_conditions_would_alone(shop: Workspace) -> None:
    make_goal(shop)
    filled(shop, histories())
    chosen = [*list(KEEPS)[:2], "goal is sale"]
    segments = {f"segment{n}": each for n, each in enumerate(chosen, 1)}
    for by in ("channel", "page"):
        for metrics in (PLAIN, OF_GOAL):
            asked = {"by": by, "metrics": metrics, "top": "100"}
            beside, whole = answered(shop, **asked, **segments), answered(shop, **asked)
            assert beside.total[0] == whole.total[0]
            for n, where in enumerate(chosen, 1):
                alone = answered(shop, **asked, where=where)
                assert beside.total[n] == alone.total[0], where
                rows = {row.path: row.values[0] for row in alone.rows}
                assert rows
                for row in beside.rows:
                    numbers = [value.number or 0 for value in row.values[n]]
                    kept = rows.get(row.path)
                    assert numbers == ([value.number or 0 for value in kept] if kept else [0] * len(numbers)), row.path


HITS = st.lists(
    st.builds(
        lambda person, quarter, name, path, channel, plan: hit(
            f"p{person}", days=-9, minutes=quarter * 17, name=name, path=path, channel=channel,
            properties=on_plan(plan), value=quarter + 1 if name == "purchase" else None,
            currency="NOK" if quarter % 3 else "EUR",
        ),
        st.integers(0, 4), st.integers(0, 300), st.sampled_from(NAMES), st.sampled_from(PATHS),
        st.sampled_from(CHANNELS), st.sampled_from(["pro", None]),
    ),
    min_size=1,
    max_size=50,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    HITS,
    st.lists(st.sampled_from(["day", "hour", "channel", "page", "event", "property:plan"]), max_size=3, unique=True),
    st.sampled_from(["", *(where for where in KEEPS if "browser" not in where and "referrer" not in where)]),
    st.integers(0, 4),
)
def test_random_histories_give_what_the_reference_gives(
    shop: Workspace, hits: list[Hit], by: list[str], where: str, begin: int
) -> None:
    make_goal_once(shop)
    # With one conversion in kroner the goal's own currency is the krone, whatever the others are in.
    hits = [*hits, hit("before", days=-30, name="purchase", value=1, currency="NOK")]
    hits = list({each.event_id: each for each in hits}.values())  # the lake holds an id once
    filled(shop, hits)
    span = (date(2026, 10, 24 + begin), date(2026, 10, 26 + begin))  # the clocks change in it, or visits cross its ends
    agrees(shop, hits, ",".join(by), where=where, keeps=KEEPS.get(where), span=span)


def make_goal_once(shop: Workspace) -> None:
    """Make the goal where an earlier example has not."""
    with scope.in_workspace(shop.pk):
        is_made = shop.goals.exists()
    if not is_made:
        make_goal(shop)


def test_conversions_outside_of_visits_are_a_row_of_their_own(shop: Workspace) -> None:
    make_goal(shop, event="ad_click", value_rule="none")
    filled(shop, histories())
    agrees(shop, histories(), "channel,day", goal="ad_click")
    [row] = [row for row in answered(shop, metrics=OF_GOAL, by="channel").rows if row.path == ("(no visit)",)]
    assert row.values[0][0].number > 0
    assert row.values[0][2].rate is None


def test_what_is_not_shown_is_one_row_and_rows_add_up_to_the_total(shop: Workspace) -> None:
    make_goal(shop)
    hits = [*histories(), *(hit(f"x{n}", days=n / 7, name=f"thing{n % 17}", path=f"/p/{n % 13}") for n in range(60))]
    filled(shop, hits)
    asked = [
        ("channel", "", PLAIN),
        ("page", "events", PLAIN),
        ("hour", "", PLAIN),
        ("event", "name", OF_GOAL),
        ("page", "", OF_GOAL),
    ]
    for by, sort, metrics in asked:
        whole = answered(shop, by=by, metrics=metrics, top="100")
        cut = answered(shop, by=by, metrics=metrics, top="5", sort=sort)
        assert cut.total == whole.total
        shown = [row for row in cut.rows if row.kind != REST]
        if by != "hour" and len(whole.rows) > 5:
            [rest] = [row for row in cut.rows if row.kind == REST]
            assert len(shown) == 5
            assert rest.count == len(whole.rows) - 5
        several = any(each.is_several for each in cut.asked.by)
        for place, metric in enumerate(cut.columns):
            if adds(metric, is_several=several):
                numbers = [row.values[0][place].number or 0 for row in cut.rows]
                assert sum(numbers) == cut.total[0][place].number, metric.key
        rows = {row.path: row.values for row in whole.rows}
        assert all(rows[row.path] == row.values for row in shown)


def test_an_hour_that_the_clocks_show_twice_is_one_row(shop: Workspace) -> None:
    night = (
        -8.4375
    )  # 24 October 22:30 in UTC, half past midnight in Oslo; at 01:00 in UTC the clocks go back from 3 to 2
    filled(shop, [hit("a", days=night, minutes=minute) for minute in range(0, 240, 20)])
    rows = answered(shop, by="hour", metrics="visitors,sessions", **{"from": "2026-10-25", "to": "2026-10-25"}).rows
    assert [(row.key, row.values[0][0].number) for row in rows] == [("00", 1), ("01", 1), ("02", 1), ("03", 1)]


def test_a_site_is_told_by_its_short_name_and_by_its_number_once_it_is_gone(shop: Workspace) -> None:
    filled(shop, [hit("a"), hit("b", minutes=1)])
    assert [row.key for row in answered(shop, by="site").rows] == ["1"]
    with scope.in_workspace(shop.pk):
        Source.objects.create(pk=1, workspace=shop, name="The shop", slug="the-shop", kind=Kind.BROWSER)
    assert [row.key for row in answered(shop, by="site", where="site is the-shop").rows] == ["the-shop"]


def test_rows_are_sorted_by_any_column_and_by_name(shop: Workspace) -> None:
    make_goal(shop)
    filled(shop, histories())
    for sort in ("sessions", "bounce@1", "value:sale", "rate:sale"):
        for order in ("up", "down"):
            asked = {"metrics": "sessions,bounce,value:sale,rate:sale", "segment1": "device is mobile"}
            result = answered(shop, **asked, sort=sort, order=order)
            key, _at, segment = sort.partition("@")
            place = [each.key for each in result.columns].index(key)
            numbers = [row.values[int(segment or 0)][place].number for row in result.rows]
            known = [each for each in numbers if each is not None]
            assert known == sorted(known, reverse=order == "down")
            assert numbers[: len(known)] == known
    keys = [row.key for row in answered(shop, sort="name", order="up").rows]
    assert keys == sorted(keys)
    assert [row.key for row in answered(shop, sort="name", order="down").rows] == keys[::-1]


def test_what_takes_too_long_is_ended_and_said(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(shop, histories())

    def endless(lake: duckdb.DuckDBPyConnection, _asking: object) -> None:
        lake.execute("select sum(hash(a.range, b.range)) from range(1000000000) as a, range(1000000000) as b")

    monkeypatch.setattr("reports.explore.answer.LONGEST", 0.1)
    monkeypatch.setattr("reports.explore.reading.prepare", endless)
    assert answered(shop).state == "too_long"
