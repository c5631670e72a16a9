"""What metrics come to in explorations: equal to a slow reference in every cell, of the row's own sums alone."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from analysis.rates import rate
from goals.models import Format
from reports.explore.answer import MISSING, READY
from reports.explore.metrics import Value
from reports.explore.rows import flat
from tests.reports.calculated.asks import save
from tests.reports.explore.asks import answered, filled, histories
from tests.reports.explore.reference import Figures, expected
from tests.reports.lake import hit, make_goal
from workspaces import scope
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
MICROS = 1_000_000
# Formulas, and the same of the reference's sums in plain Python; what divides by nothing has no figure there either.
CASES: Mapping[str, tuple[str, str, str]] = {
    "per-session": ("conversions:sale / sessions", Format.NUMBER, "conversions / sessions"),
    "worth": ("value:sale / visitors", Format.MONEY, "value / visitors"),
    "worth-net": ("(value:sale + value_net:sale) / 2 - value:sale / 4", Format.MONEY, "value - value / 4"),
    "longer": ("time / (sessions - bounces)", Format.DURATION, "lasted / (sessions - bounces)"),
    "both": ("(conversions:sale + conversions:look) / sessions", Format.PERCENT, "(conversions + look) / sessions"),
    "each": ("value:sale / conversions:sale", Format.MONEY, "value / conversions"),
    "activity": ("pageviews + events - sessions * 2", Format.COUNT, "pageviews + events - sessions * 2"),
}  # fmt: skip


@pytest.fixture
def sold(shop: Workspace) -> Workspace:
    """A shop with six weeks of histories, two goals and the metrics of all cases."""
    make_goal(shop)
    make_goal(shop, "Look", event="view_item")
    filled(shop, histories())
    for slug, (formula, written_as, _python) in CASES.items():
        save(shop, formula, slug, format=written_as)
    return shop


def by_hand(python: str, sums: Figures, look: Figures) -> Fraction | None:
    """Compute a case of the reference's sums."""
    names = ("visitors", "sessions", "bounces", "pageviews", "events", "conversions")
    given = {name: Fraction(int(sums.get(name, 0))) for name in names}
    given |= {"value": Fraction(int(sums.get("value NOK", 0))), "look": Fraction(int(look.get("conversions", 0)))}
    given["lasted"] = Fraction(sums.get("lasted", 0))
    try:
        return Fraction(eval(python, {"__builtins__": {}}, given))  # noqa: S307  # of the table above
    except ZeroDivisionError:
        return None


def same(value: Value, wanted: Fraction | None, written_as: str) -> bool:
    """Compare a cell; money in micros, rounded once."""
    if wanted is None:
        return value.number is None and not value.amounts
    if written_as == Format.MONEY:
        return value.amounts == (("NOK", round(wanted * MICROS)),)
    return value.number == pytest.approx(float(wanted), rel=1e-12)


@pytest.mark.parametrize("by", ["", "channel", "day", "page", "channel,device", "hour,page"])
def test_every_cell_equals_the_formula_of_the_row_s_own_sums(sold: Workspace, by: str) -> None:
    metrics = ",".join(f"metric:{slug}" for slug in CASES)
    result = answered(sold, by=by or "none", metrics=metrics, top="100", open="*")
    assert result.state == READY
    parts = [part for part in by.split(",") if part]
    empty = 0
    for depth in range(len(parts) + 1):
        sums, look = (expected(sold.zone, histories(), parts[:depth], goal=goal) for goal in ("purchase", "view_item"))
        rows = {row.path: row.values[0] for row in flat(result.rows) if row.level == depth}
        shown = rows if depth else {(): result.total[0]}
        for path, values in shown.items():
            for (slug, (_text, written_as, python)), value in zip(CASES.items(), values, strict=True):
                wanted = by_hand(python, sums.get(path, {}), look.get(path, {}))
                empty += wanted is None
                assert same(value, wanted, written_as), (path, slug, wanted, value)
    assert len(shown) > 1 or not by
    assert empty or "page" not in parts, "needs a row that divides by nothing"


@pytest.mark.parametrize(
    ("formula", "column"),
    [
        ("converters:sale / visitors", "rate:sale"),
        ("reached:sale / sessions", "session_rate:sale"),
        ("bounces / sessions", "bounce"),
    ],
)
def test_a_share_of_its_whole_is_the_rate_that_explorations_have(sold: Workspace, formula: str, column: str) -> None:
    save(sold, formula, "Share", format=Format.PERCENT)
    result = answered(sold, by="page", metrics=f"metric:share,{column}", segment1="device is mobile", top="100")
    compared = [(row.values[0], row.values[1]) for row in result.rows] + [(result.total[0], result.total[1])]
    for cells in compared:
        for own, theirs in cells:
            assert own == theirs
    assert result.total[0][0].rate == rate(result.total[0][0].part, result.total[0][0].whole)
    assert [each.figure.unit for each in result.columns] == ["share", "share"]


def test_what_is_not_shown_is_divided_by_its_own_sums_too(sold: Workspace) -> None:
    asked = {"by": "page", "metrics": "metric:worth,value:sale,visitors", "sort": "visitors"}
    result = answered(sold, **asked, top="5")
    [rest] = [row.values[0] for row in result.rows if row.kind == "rest"]
    own, value, visitors = rest
    assert own.amounts == (("NOK", round(Fraction(dict(value.amounts)["NOK"], int(visitors.number or 0)))),)


def test_rows_are_sorted_by_a_metric_with_those_that_have_none_last(sold: Workspace) -> None:
    asked = {"by": "page", "metrics": "sessions,metric:each", "sort": "metric:each", "top": "100"}
    for order, sign in (("down", -1), ("up", 1)):
        numbers = [row.values[0][1].number for row in answered(sold, **asked, order=order).rows]
        known = [each for each in numbers if each is not None]
        assert 0 < len(known) < len(numbers)
        assert numbers == [*sorted(known, key=lambda n, sign=sign: sign * n), *[None] * (len(numbers) - len(known))]


def test_money_of_another_currency_is_left_out_and_said_to_be(sold: Workspace) -> None:
    [column] = answered(sold, metrics="metric:worth").columns
    assert "Values of Sale in NOK count; those in EUR are left out." in str(column.figure.formula)


def test_two_currencies_never_meet(shop: Workspace) -> None:
    make_goal(shop)
    make_goal(shop, "Abroad", event="booked")
    paid = [
        hit("a", name="purchase", value=10, currency="NOK"),
        hit("b", name="booked", value=10, currency="EUR"),
        hit("b"),
    ]
    filled(shop, paid)
    with scope.in_workspace(shop.pk):
        shop.goals.filter(slug="abroad").update(currency="EUR")
    save(shop, "value:sale + value:abroad", format=Format.MONEY)
    result = answered(shop, metrics="metric:own")
    assert (result.state, result.total) == (MISSING, ())
    assert result.waiting == ("Own: At letter 12: Here NOK and EUR meet: a formula takes money of one currency.",)


def test_a_metric_that_names_a_goal_that_is_gone_says_so(sold: Workspace) -> None:
    save(sold, "conversions:gone / sessions")
    result = answered(sold, metrics="sessions,metric:own")
    assert (result.state, result.rows) == (MISSING, ())
    assert result.waiting == ('Own: At letter 1: There is no goal "gone".',)
