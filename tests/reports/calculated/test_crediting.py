"""Metrics with a model of their own: rows are credited as the goal's page credits its sources, and nothing else is."""

from fractions import Fraction
from html import unescape

import pytest
from django.test import Client

from goals.models import Format, Goal
from reports.asking import OFFERED_MODELS
from reports.calculated.crediting import CREDITING
from reports.dimensions import DIMENSIONS
from reports.explore.metrics import Value
from reports.explore.rows import REST
from reports.models import CalculatedMetric
from tests.reports.asks import answered as goal_answered
from tests.reports.calculated.asks import save
from tests.reports.explore.asks import RANGE, answered, filled, histories
from tests.reports.lake import hit, make_goal
from workspaces import scope
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db(transaction=True)
MICROS = 1_000_000
COLUMNS = {
    "credited": ("conversions:sale", Format.NUMBER),
    "worth": ("value_net:sale", Format.MONEY),
    "per-session": ("conversions:sale / sessions", Format.PERCENT),
}
METRICS = ",".join(f"metric:{name}" for name in COLUMNS)


@pytest.fixture
def sold(shop: Workspace) -> Workspace:
    """A shop with six weeks of histories, and a goal."""
    make_goal(shop, view_days=1, engagement_days=7, click_days=30)
    filled(shop, histories())
    return shop


def write(shop: Workspace, model: str, **days: int | None) -> None:
    """Save the metrics of all columns, with a model."""
    for name, (formula, written_as) in COLUMNS.items():
        save(shop, formula, name, format=written_as, model=model, **days)


def numbers(values: tuple[Value, ...]) -> list[float | None]:
    """Give the figures of a row: conversions, money in micros, conversions of a session."""
    return [value.number for value in values]


@pytest.mark.parametrize("by", list(DIMENSIONS))
@pytest.mark.parametrize(
    ("model", "days"),
    [("linear", {}), ("last", {"click_days": 1, "view_days": 0}), ("first", {"click_days": 90})],
    ids=["linear", "last", "first"],
)
def test_rows_have_the_credit_of_the_goal_s_own_page(
    sold: Workspace, by: str, model: str, days: dict[str, int]
) -> None:
    write(sold, model, **days)
    with scope.in_workspace(sold.pk):
        goal = Goal.objects.select_related("workspace").get(slug="sale")
    windows = {"view": "1", "engagement": "7", "click": "30"}
    windows |= {name.removesuffix("_days"): str(n) if n else "off" for name, n in days.items()}
    page = goal_answered(sold, goal, **{"from": RANGE["from"], "to": RANGE["to"]}, by=by, model=model, **windows)
    assert page.breakdown is not None
    wanted = {row.key: row for row in page.breakdown.rows}
    result = answered(sold, by=by, metrics=f"{METRICS},sessions", top="100")
    rows = {row.key: row.values[0] for row in result.rows}
    assert wanted.keys() <= rows.keys()
    for key, values in rows.items():
        earned = wanted.get(key)
        conversions, net = (earned.conversions, earned.value_net) if earned else (0, 0)
        sessions = values[3].number
        each = conversions / sessions if sessions else None
        assert numbers(values[:3]) == [
            pytest.approx(conversions),
            net,
            each if each is None else pytest.approx(each),
        ], key
    total = answered(sold, by="none", metrics="conversions:sale,value_net:sale").total[0]
    assert (
        result.total[0][0].number == total[0].number == pytest.approx(sum(row.conversions for row in wanted.values()))
    )
    assert result.total[0][1].number == total[1].number


def test_what_is_not_shown_has_the_credit_that_is_left(shop: Workspace) -> None:
    make_goal(shop)
    came = [hit(f"p{n}", days=n / 10, channel="email", campaign=f"c{n % 8}") for n in range(30)]
    bought = [hit(f"p{n}", days=n / 10 + 2, name="purchase", value=100) for n in range(30)]
    filled(shop, [*came, *bought])
    write(shop, "linear")
    whole, few = (answered(shop, by="campaign", metrics="metric:credited,sessions", top=top) for top in ("100", "5"))
    rest = few.rows[-1]
    assert rest.kind == REST
    left = {row.key: row.values[0][0].number for row in whole.rows[5:]}
    assert rest.count == len(left) > 0
    assert rest.values[0][0].number == pytest.approx(sum(filter(None, left.values())))
    assert sum(row.values[0][0].number or 0 for row in few.rows) == pytest.approx(30)


@pytest.mark.parametrize(
    "asked",
    [
        {"by": "device"},
        {"by": "channel,device", "open": "*"},
        {"by": "day"},
        {"by": "channel", "where": "device is mobile"},
        {"by": "channel", "segment1": "device is mobile"},
    ],
    ids=["device", "two levels", "days", "conditions", "segments"],
)
def test_other_rows_have_conversions_where_they_happened(sold: Workspace, asked: dict[str, str]) -> None:
    write(sold, "first")
    result = answered(sold, **asked, metrics="metric:credited,conversions:sale,metric:worth,value_net:sale")
    for row in result.rows:
        own, plain, worth, net = row.values[0]
        assert own.number == plain.number, row.path
        assert dict(worth.amounts)["NOK"] == Fraction(net.number or 0), row.path


FORM = {
    "name": "Own",
    "formula": "conversions:sale / sessions",
    "format": "percent",
    "direction": "up",
    "model": "linear",
}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"formula": "sessions / visitors"}, "names no conversions and no values"),
        ({"model": "participation"}, "participation is not one of the available choices"),
        ({"model": "", "click_days": "7"}, "Choose an attribution model, or leave the window empty."),
        ({"click_days": "91"}, "less than or equal to 90"),
    ],
)
def test_a_model_that_credits_nothing_is_refused(
    sold: Workspace, lead: Membership, wrong: dict[str, str], told: str
) -> None:
    client = Client()
    client.force_login(lead.user)
    refused = client.post("/w/fjellsport/metrics/new/", FORM | wrong)
    assert refused.status_code == 422
    assert told in unescape(refused.content.decode())
    assert client.post("/w/fjellsport/metrics/preview/", FORM | wrong).status_code == 200


def test_the_page_says_whose_credit_it_is(sold: Workspace, lead: Membership) -> None:
    client = Client()
    client.force_login(lead.user)
    assert client.post("/w/fjellsport/metrics/new/", FORM | {"click_days": "7", "view_days": "0"}).status_code == 302
    with scope.in_workspace(sold.pk):
        saved = CalculatedMetric.objects.get()
    assert (saved.model, saved.view_days, saved.engagement_days, saved.click_days) == ("linear", 0, None, 7)
    page = unescape(client.get("/w/fjellsport/explore/", RANGE | {"metrics": "metric:own"}).content.decode())
    assert "by credit: Linear, click 7 days · view off." in page


def test_every_model_that_adds_up_can_be_chosen() -> None:
    assert set(OFFERED_MODELS) - set(CREDITING) == {"participation"}
