"""Random histories: the product's arrays equal the oracle's loops, and what must always hold."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.assists import Split, paid_split
from analysis.attribution.models import MODELS
from analysis.attribution.paths import eligible
from tests.analysis import oracle
from tests.analysis.builders import credited, journeys_from, sort, windows_of
from tests.analysis.histories import SALES, TOUCHES, WINDOWS

NAMES = [name for name in MODELS if name != "custom"]


@pytest.mark.parametrize("model", NAMES)
@given(
    touches=TOUCHES,
    sales=SALES,
    windows=st.sampled_from(WINDOWS),
    keep_direct=st.booleans(),
    scope=st.sampled_from(["all", "reset"]),
    amount=st.sampled_from([None, "value"]),
)
@settings(max_examples=60)
def test_every_model_and_window_equals_the_oracle(
    model: str,
    touches: list[dict[str, Any]],
    sales: list[dict[str, Any]],
    windows: dict[str, float | None],
    keep_direct: bool,
    scope: Any,
    amount: str | None,
) -> None:
    asked: dict[str, Any] = {"model": model, "keep_direct": keep_direct, "scope": scope, "amount": amount}
    expected = oracle.credited(touches, sales, windows=windows, **asked)
    got = credited(touches, sales, windows=windows_of(windows), **asked)
    expected = {key: credit for key, credit in expected.items() if credit}
    assert got == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("model", [name for name in NAMES if MODELS[name].additive])
@given(touches=TOUCHES, sales=SALES)
@settings(max_examples=25)
def test_credits_and_none_sum_to_conversions_and_value(
    model: str, touches: list[dict[str, Any]], sales: list[dict[str, Any]]
) -> None:
    assert sum(credited(touches, sales, model=model).values()) == pytest.approx(len(sales), abs=1e-9)
    value = sum(sale["value"] for sale in sales)
    assert sum(credited(touches, sales, model=model, amount="value").values()) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("model", NAMES)
@given(touches=TOUCHES, sales=SALES, random=st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_rows_is_irrelevant_to_the_last_bit(
    model: str, touches: list[dict[str, Any]], sales: list[dict[str, Any]], random: Any
) -> None:
    before = credited(touches, sales, model=model)
    random.shuffle(touches)
    random.shuffle(sales)
    assert credited(touches, sales, model=model) == before


@given(touches=TOUCHES, sales=SALES, days=st.tuples(st.floats(0, 20), st.floats(0, 20)))
@settings(max_examples=100)
def test_a_longer_window_never_attributes_fewer_conversions(
    touches: list[dict[str, Any]], sales: list[dict[str, Any]], days: tuple[float, float]
) -> None:
    short, long = sorted(days)
    none_short, none_long = (
        credited(touches, sales, model="linear", windows=windows_of({"view": d, "engagement": d, "click": d})).get(
            "(none)", 0
        )
        for d in (short, long)
    )
    assert none_long <= none_short


@given(touches=TOUCHES, sales=SALES)
@settings(max_examples=60)
def test_one_persons_rows_never_change_anothers_credit(
    touches: list[dict[str, Any]], sales: list[dict[str, Any]]
) -> None:
    whole = Counter(credited(touches, sales, model="linear"))
    apart: Counter[str] = Counter()
    for person in range(3):
        own = [[row for row in rows if row["person"] == person] for rows in (touches, sales)]
        apart.update(credited(*own, model="linear"))
    assert dict(whole) == pytest.approx(dict(apart), abs=1e-9)


@given(touches=TOUCHES, sales=SALES, windows=st.sampled_from(WINDOWS), scope=st.sampled_from(["all", "reset"]))
@settings(max_examples=100)
def test_the_paid_split_equals_the_oracle_and_adds_up(
    touches: list[dict[str, Any]],
    sales: list[dict[str, Any]],
    windows: dict[str, float | None],
    scope: Any,
) -> None:
    parts = paid_split(eligible(journeys_from(touches, sales), windows_of(windows), scope=scope))
    keys = {part: part.name.lower() for part in Split} | {Split.NONE: "(none)"}
    got = {key: int((parts == part).sum()) for part, key in keys.items()}
    assert got == oracle.paid_split(touches, sales, windows=windows, scope=scope)
    assert sum(got.values()) == len(sort(sales))
