"""The figures of explorations: equal to a slow reference in every cell, and what always holds of them."""

import pytest

from reports.explore.answer import Answer
from reports.explore.rows import REST, Row, flat
from tests.reports.explore.asks import answered, expected, filled, histories
from tests.reports.lake import Hit, make_goal
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = "visitors,sessions,pageviews,events,pages,bounce,duration,participation:sale"
OF_GOAL = "conversions:sale,converters:sale,rate:sale,session_rate:sale,value:sale,value_net:sale,average:sale"
WHOLE = {"top": "100", "open": "*"}


def agrees(shop: Workspace, hits: list[Hit], by: str, **asked: object) -> None:
    """Compare every cell of every level with the reference."""
    params = {name: str(asked.pop(name)) for name in ("where",) if name in asked}
    parts = [part for part in by.split(",") if part]
    for metrics in (PLAIN, OF_GOAL):
        result = answered(shop, by=by or "none", metrics=metrics, **WHOLE, **params)
        assert result.state == "ready"
        for depth in range(len(parts) + 1):
            wanted = expected(shop, hits, parts[:depth], **asked)  # type: ignore[arg-type]  # as the reference takes it
            rows = [row for row in flat(result.rows) if row.level == depth]
            shown = {row.path: row.values[0] for row in rows} if depth else {(): result.total[0]}
            assert {key for key, each in wanted.items() if _asked(each, metrics)} == shown.keys() or not depth
            for path, values in shown.items():
                _same(result, values, wanted.get(path, {}), path)


def _asked(figures: dict[str, float], metrics: str) -> bool:
    plain = {"visitors", "sessions", "events", "participation"}
    names = plain if metrics == PLAIN else {"visitors", "sessions", "conversions", "converters"}
    return any(figures.get(name) for name in names)


def _same(result: Answer, values: object, wanted: dict[str, float], path: tuple[str, ...]) -> None:
    get = lambda name: wanted.get(name, 0)  # noqa: E731
    ratio = lambda part, whole: get(part) / get(whole) if get(whole) else None  # noqa: E731
    per = lambda part, whole: ratio(part, whole) if get(part) <= get(whole) else None  # noqa: E731
    figures = {
        **{name: get(name) for name in ("visitors", "sessions", "pageviews", "events")},
        "pages": ratio("pageviews", "sessions"),
        "bounce": ratio("bounces", "sessions"),
        "duration": ratio("lasted", "sessions"),
        **{f"{name}:sale": get(name) for name in ("conversions", "converters", "participation")},
        "rate:sale": per("converters", "visitors"),
        "session_rate:sale": ratio("reached", "sessions"),
        "value:sale": get("value NOK") * 1_000_000,
        "value_net:sale": get("value NOK") * 1_000_000,
        "average:sale": ratio("value NOK", "conversions"),
    }
    for metric, value in zip(result.columns, values, strict=True):  # type: ignore[call-overload]
        told = figures[metric.key]
        if metric.key == "average:sale" and told is not None:
            told *= 1_000_000
        expect = (
            told if told is None else pytest.approx(told, rel=1e-6, abs=1e-6 if metric.figure.unit != "money" else 1)
        )
        assert value.number == expect, (path, metric.key)
        if metric.key == "value:sale":
            amounts = {
                name.removeprefix("value "): n * 1_000_000 for name, n in wanted.items() if name.startswith("value")
            }
            assert {name: micros for name, micros in value.amounts if micros} == amounts, path


@pytest.mark.parametrize(
    "by",
    [
        "", "day", "week", "month", "weekday", "hour", "channel", "device", "browser", "referrer", "campaign",
        "page", "folder", "event", "property:plan",
        "channel,device", "day,channel", "page,device", "channel,page,event", "hour,page", "month,weekday,browser",
    ],
)  # fmt: skip
def test_every_cell_equals_the_reference(shop: Workspace, by: str) -> None:
    make_goal(shop)
    filled(shop, histories())
    agrees(shop, histories(), by)


def rest_of(rows: list[Row]) -> Row:
    return next(row for row in rows if row.kind == REST)
