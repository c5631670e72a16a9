"""Formulas: any text is a tree or a refusal that says where; units are a physicist's; results are exact."""

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.models import Format
from reports.calculated.computing import adds_of, number_of, value_of
from reports.calculated.formula import Figure, Node, Number, Pair, figures_in, share_of, text_of
from reports.calculated.parsing import DEEPEST, MOST_PARTS, BadFormula, read
from reports.calculated.terms import RATIOS, TERMS
from reports.calculated.units import Unit, check_format, unit_of
from reports.explore.metrics import ALWAYS, BY_VISIT, NEVER, OF_GOALS, OF_VISITS
from reports.models import LONGEST_FORMULA

GOALS = {"sale": "NOK", "sign-up": "NOK", "abroad": "EUR"}
PIECES = [
    *TERMS, *(f"{name}:sale" for name in TERMS), "conversions:sign-up", "rate:sale", "metric:own", "sessions", "(", ")",
    "+", "-", "*", "/", "0", "3", "2.50", "1e9", "٣", ".", ",", ":", " ", "\n", "å", "€", "(" * 11,
]  # fmt: skip


def trees() -> st.SearchStrategy[Node]:
    """Give formulas, each with a figure at least."""
    numbers = st.integers(1, 10**6).map(lambda n: Number(Decimal(n))) | st.sampled_from(["0.5", "0.000001"]).map(
        lambda text: Number(Decimal(text))
    )
    figures = st.sampled_from(
        [Figure(name, "sign-up" if each.of_goal else "") for name, each in TERMS.items()] + [Figure("value", "abroad")]
    )
    pairs = st.recursive(
        numbers | figures, lambda parts: st.builds(Pair, st.sampled_from("+-*/"), parts, parts), max_leaves=10
    )
    return st.builds(Pair, st.sampled_from("+-*/"), pairs, figures)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40))
def test_any_text_is_a_formula_or_a_refusal_that_says_where(text: str) -> None:
    found = tried(text)
    if isinstance(found, BadFormula):
        assert found.reason
        assert 0 <= found.at <= len(text) + 1
        return
    assert read(text_of(found), GOALS) == found
    for each in figures_in(found):
        assert text[each.at - 1 :].startswith(each.key)


def tried(text: str) -> Node | BadFormula:
    """Read a text, or give why it can't be."""
    try:
        return read(text, GOALS)
    except BadFormula as refusal:
        return refusal


@given(trees())
def test_a_formula_is_written_as_it_is_read(node: Node) -> None:
    assert read(text_of(node), GOALS) == node


_PYTHON: Mapping[type, Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def by_python(text: str, values: Mapping[str, Fraction]) -> Fraction | None:
    """Compute a formula by Python's own grammar."""
    for place, key in enumerate(sorted(values, key=len, reverse=True)):
        text = text.replace(key, f"v{place}")
    names = {f"v{place}": values[key] for place, key in enumerate(sorted(values, key=len, reverse=True))}

    def told(node: ast.expr) -> Fraction:
        if isinstance(node, ast.BinOp):
            return _PYTHON[type(node.op)](told(node.left), told(node.right))
        if isinstance(node, ast.Name):
            return names[node.id]
        assert isinstance(node, ast.Constant)
        return Fraction(str(node.value))

    try:
        return told(ast.parse(text, mode="eval").body)
    except ZeroDivisionError:
        return None


COUNTS = ("visitors", "sessions", "events", "conversions:sale", "conversions:sign-up")


@given(
    st.lists(st.sampled_from([*COUNTS, "2", "10", "0.5"]), min_size=2, max_size=8).filter(
        lambda parts: bool(set(parts) & set(COUNTS))
    ),
    st.data(),
)
def test_what_it_computes_is_what_python_computes(parts: list[str], data: st.DataObject) -> None:
    signs = [data.draw(st.sampled_from([" + ", " - ", " * ", " / "])) for _ in parts]
    begin = data.draw(st.integers(0, len(parts) - 2))
    opened = [f"({part}" if place == begin else part for place, part in enumerate(parts)]
    text = "".join(part + sign for part, sign in zip(opened, [*signs[:-1], ")"], strict=True))
    sums = {key: data.draw(st.integers(0, 3)) for key in COUNTS}
    wanted = by_python(text, {key: Fraction(n) for key, n in sums.items()})
    assert value_of(read(text, GOALS), sums, GOALS) == wanted


def test_money_and_time_come_in_their_own_units_and_one_currency() -> None:
    sums = {"value:sale:NOK": 3_000_001, "refund:sale:NOK": -1, "value:sale:EUR": 9_000_000, "visitors": 3}
    assert value_of(read("value_net:sale / visitors", GOALS), sums, GOALS) == 1
    assert value_of(read("time / 2", GOALS), {"lasted": 3_000_000}, GOALS) == Fraction(3, 2)


def test_beyond_all_floats_there_is_no_number() -> None:
    node = read(" * ".join(["events"] * MOST_PARTS), GOALS)
    assert number_of(value_of(node, {"events": 10**12}, GOALS)) is None


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ("", 0, "Write a formula"),
        ("1 + 2", 0, "Name at least one figure"),
        ("sessions /", 11, "ends where a figure"),
        ("sessions visitors", 10, 'A sign is missing before "visitors"'),
        ("(sessions", 1, "never closed"),
        ("sessions)", 9, "never opened"),
        ("(sessions visitors)", 11, "A sign is missing"),
        ("sessions + * 2", 12, '"*" stands where'),
        ("sessions + ;", 12, '";" stands where'),
        ("sessions / 0", 12, "divided by 0"),
        ("sessions / 0.00", 12, "divided by 0"),
        ("sessions + 1234567890123", 12, "at most 12 digits"),
        ("sessions + ٣", 12, "at most 12 digits"),
        ("people / sessions", 1, 'There is no figure "people". Write one of visitors, sessions'),
        ("Sessions", 1, 'There is no figure "Sessions"'),
        ("conversions / sessions", 1, "Say of which goal, by its short name: conversions:GOAL"),
        ("conversions: / sessions", 1, "Say of which goal"),
        ("sessions:sale", 1, "is of no goal"),
        ("conversions:gone / sessions", 1, 'There is no goal "gone".'),
        ("conversions:sale-sessions", 1, "A minus takes spaces on both sides."),
        ("2 * rate:sale", 5, "write converters:sale / visitors"),
        ("bounce", 1, "write bounces / sessions"),
        ("metric:own / sessions", 1, "can't name another metric"),
        ("(" * (DEEPEST + 1) + "sessions" + ")" * (DEEPEST + 1), DEEPEST + 1, "parentheses lie in each other"),
        ("+".join(["sessions"] * (MOST_PARTS + 1)), MOST_PARTS * 9 + 1, "figures and numbers"),
        ("sessions" + " " * LONGEST_FORMULA, 0, "letters"),
    ],
)  # fmt: skip
def test_a_fault_says_what_where_and_what_to_do(text: str, at: int, told: str) -> None:
    with pytest.raises(BadFormula) as refusal:
        read(text, GOALS)
    assert refusal.value.at == at
    assert told in refusal.value.reason


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("conversions:sale / sessions + 1", Unit()),
        ("value:sale / visitors", Unit(money=1, currency="NOK")),
        ("value:sale + value_net:sign-up - 2 * value:sale", Unit(money=1, currency="NOK")),
        ("value_net:sale / value:sale", Unit(currency="NOK")),
        ("value:abroad / time", Unit(money=1, time=-1, currency="EUR")),
        ("time / conversions:sale", Unit(time=1)),
    ],
)
def test_units_are_worked_out(text: str, unit: Unit) -> None:
    assert unit_of(read(text, GOALS), GOALS) == unit


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ("value:sale + value:abroad", 12, "NOK and EUR meet"),
        ("value:sale / value:abroad", 12, "NOK and EUR meet"),
        ("value:sale / value:sale * value:abroad", 25, "NOK and EUR meet"),
        ("value:sale + conversions:sale", 12, "money and a number are added"),
        ("time - 3", 6, "a length of time and a number are added"),
        ("value:sale * value:sale + sessions", 25, "money to the power of 2 and a number"),
    ],
)
def test_what_does_not_add_is_refused_where_it_stands(text: str, at: int, told: str) -> None:
    with pytest.raises(BadFormula, match=told) as refusal:
        unit_of(read(text, GOALS), GOALS)
    assert refusal.value.at == at


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("conversions:sale / sessions", {Format.NUMBER, Format.COUNT, Format.PERCENT}),
        ("value:sale / visitors", {Format.MONEY}),
        ("time / sessions", {Format.DURATION}),
        ("sessions / value:sale", set()),
        ("value:sale * value:sale", set()),
    ],
)
def test_a_format_writes_what_the_formula_gives_or_is_refused(text: str, fits: set[Format]) -> None:
    unit = unit_of(read(text, GOALS), GOALS)
    for each in Format:
        if each in fits:
            check_format(unit, each)
            continue
        with pytest.raises(BadFormula) as refusal:
            check_format(unit, each)
        assert all(str(one.label) in refusal.value.reason for one in fits), each


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("converters:sale / visitors", "converters:sale"),
        ("(reached:sale) / (sessions)", "reached:sale"),
        ("bounces / sessions", "bounces"),
        ("conversions:sale / sessions", None),
        ("converters:sale / sessions", None),
        ("visitors / sessions", None),
        ("2 * converters:sale / visitors", None),
        ("bounces", None),
    ],
)
def test_a_part_of_its_whole_is_known_as_a_share(text: str, part: str | None) -> None:
    found = share_of(read(text, GOALS))
    assert (found[0].key if found else None) == part


@pytest.mark.parametrize(
    ("text", "adds"),
    [
        ("conversions:sale + 2 * conversions:sign-up", ALWAYS),
        ("pageviews / 4", ALWAYS),
        ("value:sale - value_net:sale", ALWAYS),
        ("sessions - bounces", BY_VISIT),
        ("pageviews + sessions", BY_VISIT),
        ("sessions + visitors", NEVER),
        ("sessions + 1", NEVER),
        ("4 / sessions", NEVER),
        ("events * sessions", NEVER),
        ("conversions:sale / sessions", NEVER),
    ],
)
def test_rows_add_up_where_sums_are_added_alone(text: str, adds: str) -> None:
    assert adds_of(read(text, GOALS)) == adds


def test_every_column_of_explorations_is_a_sum_or_says_what_it_divides() -> None:
    assert OF_VISITS.keys() | OF_GOALS.keys() <= TERMS.keys() | RATIOS.keys()
    for name, instead in RATIOS.items():
        assert any(figures_in(read(instead.format(goal="sale"), GOALS))), name
