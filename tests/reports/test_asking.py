"""Questions read from addresses and printed back."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import asking
from reports.dimensions import DIMENSIONS
from reports.metrics import METRICS
from reports.periods import PERIODS, Span
from reports.question import COMPARISONS, INTERVALS, BadQuestion, Defaults, Question

TODAY = date(2026, 11, 21)
PLAN = Span(date(2026, 10, 1), date(2027, 1, 1))
DEFAULTS = Defaults("sale", TODAY, PLAN, "last", 1, 30, 30)

windows = st.sampled_from(["off", "1", "7", "30", "60", "90", "13"])
asked = st.fixed_dictionaries(
    {},
    optional={
        "period": st.sampled_from(list(PERIODS)),
        "interval": st.sampled_from(["auto", *INTERVALS]),
        "metric": st.sampled_from(list(METRICS)),
        "by": st.sampled_from(list(DIMENSIONS)),
        "model": st.sampled_from(list(asking.OFFERED_MODELS)),
        "view": windows,
        "engagement": windows,
        "click": windows,
        "keep_direct": st.sampled_from(["0", "1"]),
        "per": st.sampled_from(["visitors", "sessions"]),
        "compare": st.sampled_from(COMPARISONS),
    },
)


def refused(**params: str) -> list[tuple[str, str]]:
    with pytest.raises(BadQuestion) as refusal:
        asking.read({name.rstrip("_"): value for name, value in params.items()}, DEFAULTS, strict=True)
    return [(fault.code, fault.field) for fault in refusal.value.faults]


@given(asked)
def test_what_is_printed_is_read_back_the_same(params: dict[str, str]) -> None:
    question = asking.read(params, DEFAULTS)
    assert asking.read(dict(parse_qsl(question.query())), DEFAULTS, strict=True) == question


@given(st.dates(date(2020, 1, 1), date(2026, 12, 1)), st.integers(0, 799))
def test_own_dates_are_read_back_the_same(since: date, more: int) -> None:
    last = date.fromordinal(since.toordinal() + more)
    question = asking.read({"from": since.isoformat(), "to": last.isoformat()}, DEFAULTS)
    assert (question.period, question.since, question.span.last) == ("custom", since, last)
    assert asking.read(dict(parse_qsl(question.query())), DEFAULTS) == question


@given(st.dictionaries(st.sampled_from([*asking.NAMES, "x"]), st.text(max_size=80)))
def test_no_text_gives_anything_but_a_question_or_its_faults(params: dict[str, str]) -> None:
    question, _faults = asking.read_leniently(params, DEFAULTS)
    assert isinstance(question, Question)
    assert question.since < question.until


def test_without_parameters_the_plan_s_period_to_date_is_asked() -> None:
    question = asking.read({}, DEFAULTS)
    assert question.span == Span(date(2026, 10, 1), date(2026, 11, 22))
    assert (question.model, question.window_days) == ("last", {"view": 1, "engagement": 30, "click": 30})


def test_without_a_plan_the_last_28_complete_days_are_asked() -> None:
    question = asking.read({}, Defaults("sale", TODAY, None, "last", 1, 30, 30))
    assert question.span == Span(date(2026, 10, 24), TODAY)


@pytest.mark.parametrize(
    ("params", "faults"),
    [
        ({"from_": "2026-11-02", "to": "2026-11-01"}, [("range_reversed", "to")]),
        ({"from_": "2024-01-01", "to": "2026-11-01"}, [("range_too_long", "to")]),
        ({"from_": "2026-02-30"}, [("invalid_parameter", "from")]),
        ({"from_": "0001-01-01", "to": "0001-01-02"}, [("invalid_parameter", "from"), ("invalid_parameter", "to")]),
        ({"to": "2026-02-03"}, [("invalid_parameter", "from")]),
        ({"model": "best"}, [("invalid_parameter", "model")]),
        ({"model": "custom"}, [("invalid_parameter", "model")]),
        ({"model": "last\x00"}, [("invalid_parameter", "model")]),
        ({"view": "91"}, [("invalid_parameter", "view")]),
        ({"click": "-1"}, [("invalid_parameter", "click")]),
        ({"click": "²"}, [("invalid_parameter", "click")]),
        ({"by": "person_id"}, [("invalid_parameter", "by")]),
        ({"utm_source": "x"}, [("unknown_parameter", "utm_source")]),
        ({"period": "century", "metric": "x"}, [("invalid_parameter", "period"), ("invalid_parameter", "metric")]),
    ],
    ids=lambda each: next(iter(each.values())) if isinstance(each, dict) else None,
)
def test_a_bad_parameter_is_named_with_its_code(params: dict[str, str], faults: list[tuple[str, str]]) -> None:
    assert refused(**params) == faults


def test_a_fault_shows_control_characters_as_text() -> None:
    with pytest.raises(BadQuestion) as refusal:
        asking.read({"model": "a\x00b"}, DEFAULTS)
    assert refusal.value.faults[0].value == "a\\x00b"


def test_a_plan_s_period_needs_a_plan() -> None:
    with pytest.raises(BadQuestion, match="no plan"):
        asking.read({"period": "plan"}, Defaults("sale", TODAY, None, "last", 1, 30, 30))


def test_the_comparison_is_of_the_same_weekdays() -> None:
    question = asking.read({"from": "2026-11-01", "to": "2026-11-10"}, DEFAULTS)
    before = question.comparison
    assert before is not None
    assert before.since == date(2026, 10, 18)
    assert before.since.weekday() == question.since.weekday()
    assert before.span.days == question.span.days
    assert before.comparison is None
