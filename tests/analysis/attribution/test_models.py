"""Every model by hand, and what no model may do."""

import numpy as np
import pytest

from analysis.attribution.models import MODELS, attribute, weigh
from analysis.attribution.paths import paths_of
from analysis.windows import Windows
from tests.analysis.builders import credited, journeys_from, make_conversion, make_touch

SALE = make_conversion(day=10, session=4)
PATH = [
    make_touch("paid_search", day=3, session=1),
    make_touch("email", day=8, session=2, kind="engagement"),
    make_touch("referral", day=9.5, session=3, kind="view"),
    make_touch("organic_search", day=10, session=4, kind="view"),
]
DAY_WEIGHTS = [2 ** (-7 / 7), 2 ** (-2 / 7), 2 ** (-0.5 / 7), 1.0]


@pytest.mark.parametrize(
    ("model", "shares"),
    [
        ("first", [1, 0, 0, 0]),
        ("last", [0, 0, 0, 1]),
        ("last_priority", [1, 0, 0, 0]),
        ("same_touch", [0, 0, 0, 1]),
        ("linear", [0.25, 0.25, 0.25, 0.25]),
        ("position", [0.4, 0.1, 0.1, 0.4]),
        ("j_curve", [0.2, 0.1, 0.1, 0.6]),
        ("inverse_j", [0.6, 0.1, 0.1, 0.2]),
        ("time_decay", [weight / sum(DAY_WEIGHTS) for weight in DAY_WEIGHTS]),
        ("participation", [1, 1, 1, 1]),
    ],
)
def test_four_touches_share_one_conversion_as_the_model_says(model: str, shares: list[float]) -> None:
    got = credited(PATH, [SALE], model=model)
    assert [got.get(touch["channel"], 0) for touch in PATH] == pytest.approx(shares, abs=1e-12)


@pytest.mark.parametrize(
    ("model", "first", "last"),
    [("position", 0.5, 0.5), ("j_curve", 0.25, 0.75), ("inverse_j", 0.75, 0.25)],
)
def test_two_touches_share_what_first_and_last_would_have(model: str, first: float, last: float) -> None:
    got = credited(PATH[:2], [SALE], model=model)
    assert got == pytest.approx({"paid_search": first, "email": last})


@pytest.mark.parametrize("model", [name for name in MODELS if name not in {"same_touch", "custom"}])
def test_a_single_touch_takes_all(model: str) -> None:
    assert credited(PATH[:1], [SALE], model=model) == {"paid_search": 1.0}


@pytest.mark.parametrize("model", [name for name in MODELS if name != "custom"])
def test_a_conversion_without_touches_goes_to_none(model: str) -> None:
    assert credited([], [SALE], model=model) == {"(none)": 1.0}


@pytest.mark.parametrize("model", [name for name in MODELS if name != "custom"])
def test_no_conversions_give_an_empty_table(model: str) -> None:
    assert credited(PATH, [], model=model) == {}


@pytest.mark.parametrize(
    ("parts", "three", "two"),
    [
        ((50, 25, 25), [0.5, 0.25, 0.25], [2 / 3, 1 / 3]),
        ((0, 1, 0), [0, 1, 0], [0.5, 0.5]),
        ((1, 0, 0), [1, 0, 0], [1, 0]),
        ((1, 0, 1), [0.5, 0, 0.5], [0.5, 0.5]),
    ],
    ids=["percent", "middle only", "first only", "no middle"],
)
def test_custom_parts_are_parts_of_their_sum(
    parts: tuple[float, float, float], three: list[float], two: list[float]
) -> None:
    first, middle, last = parts
    for path, shares in ((PATH[:3], three), (PATH[:2], two)):
        got = attribute(journeys_from(path, [SALE]), model="custom", first=first, middle=middle, last=last)
        assert got.share == pytest.approx(shares), parts


def test_last_is_last_non_direct_unless_direct_is_kept() -> None:
    touches = [make_touch("email", day=8), make_touch("direct", day=9)]
    assert credited(touches, [SALE], model="last") == {"email": 1.0}
    assert credited(touches, [SALE], model="last", keep_direct=True) == {"direct": 1.0}


def test_last_by_priority_takes_the_latest_of_the_highest_type() -> None:
    touches = [
        make_touch("email", day=2),
        make_touch("sms", day=5),
        make_touch("display", day=9, kind="engagement"),
        make_touch("paid_video", day=9.9, kind="view"),
    ]
    assert credited(touches, [SALE], model="last_priority") == {"sms": 1.0}
    assert credited(touches[2:], [SALE], model="last_priority") == {"display": 1.0}


def test_same_touch_takes_the_latest_touch_of_the_conversions_own_session() -> None:
    touches = [make_touch("email", day=9.98, session=4), make_touch("sms", day=9.99, session=4)]
    assert credited(touches, [SALE], model="same_touch") == {"sms": 1.0}


def test_same_touch_without_a_session_of_its_own_goes_to_none() -> None:
    touches = [make_touch("email", day=9.98, session=None)]
    assert credited(touches, [SALE | {"session": None}], model="same_touch") == {"(none)": 1.0}


def test_participation_counts_a_channel_once_per_conversion() -> None:
    touches = [make_touch("email", day=8), make_touch("sms", day=8.5), make_touch("email", day=9)]
    assert credited(touches, [SALE], model="participation") == {"email": 1.0, "sms": 1.0}


@pytest.mark.parametrize("half_life", [1e-300, 1e-9, 7.0, 1e300])
def test_time_decay_neither_vanishes_nor_overflows(half_life: float) -> None:
    share = attribute(journeys_from(PATH, [SALE]), model="time_decay", half_life_days=half_life).share
    assert share.sum() == pytest.approx(1.0, abs=1e-12)
    assert np.isfinite(share).all()


@pytest.mark.parametrize(
    ("model", "parameters", "said"),
    [
        ("markow", {}, "markow"),
        ("linear", {"half_life_days": 7.0}, "half_life_days"),
        ("custom", {"first": 1.0}, "middle, last"),
        ("custom", {"first": -1.0, "middle": 1.0, "last": 1.0}, "-1.0"),
        ("custom", {"first": 0.0, "middle": 0.0, "last": 0.0}, "not all 0"),
        ("time_decay", {"half_life_days": 0.0}, "0.0"),
        ("time_decay", {"half_life_days": float("nan")}, "nan"),
    ],
)
def test_a_model_refuses_what_it_cannot_weigh_and_says_what(
    model: str, parameters: dict[str, float], said: str
) -> None:
    paths = paths_of(journeys_from(PATH, [SALE]), Windows())
    with pytest.raises(ValueError, match=said):
        weigh(paths, model, **parameters)
