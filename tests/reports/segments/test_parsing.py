"""Segments as text: what is read is written back the same, and what is wrong is named by its line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.conditions import parse
from reports.explore.conditions import read_all
from reports.segments.definition import Condition, Definition, Line, Subject, Times, When
from reports.segments.parsing import BadSegment, read
from reports.segments.words import AT_LEAST, BOUNDS, DID, EVER, MATCHES, VERBS, WHENS, Of
from tests.reports.segments.cases import CASES

GOALS = ("sale", "newsletter")
NAMES = st.text(min_size=1, max_size=12).map(str.strip).filter(lambda text: text.isprintable() and text)
RULES = st.lists(
    st.builds(
        lambda name, key, value: [
            {"field": "name", "operator": "is", "value": name},
            {"field": "property", "key": key, "operator": "contains", "value": value},
        ],
        NAMES, NAMES, NAMES,
    ),
    min_size=1,
    max_size=3,
).map(parse)  # fmt: skip
HAPPENINGS = st.one_of(
    st.sampled_from(GOALS).map(lambda slug: Subject(goal=slug)), RULES.map(lambda each: Subject(rules=each))
)
VISITS = st.sampled_from(
    ["", "channel is email | direct", r"page starts with /a\|b & device is not mobile", "goal is sale"]
).map(lambda text: Subject(visit=read_all(text, GOALS) if text else ()))
DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))
COUNTS = st.builds(Times, st.sampled_from(sorted(BOUNDS)), st.integers(1, 10_000))


@st.composite
def whens(draw: st.DrawFn, keys: tuple[str, ...]) -> When:
    kind = draw(st.sampled_from(keys))
    takes = WHENS[kind].takes
    first, last = sorted([draw(DAYS), draw(DAYS)])
    return When(
        kind,
        draw(st.integers(1, 3650)) if "days" in takes else 0,
        first if "first" in takes else None,
        last if "last" in takes else None,
    )


@st.composite
def lines(draw: st.DrawFn, keys: tuple[str, ...], *, can_count: bool = True) -> Line:
    key = draw(st.sampled_from(keys))
    verb = VERBS[key]
    times = draw(COUNTS) if verb.takes_times and can_count and draw(st.booleans()) else Times()
    subjects = {Of.HAPPENING: HAPPENINGS, Of.VISIT: VISITS, Of.NOTHING: st.just(Subject())}
    return Line(key, times, draw(whens(verb.whens)), draw(subjects[verb.of]))


PLAIN = lines(tuple(key for key, each in VERBS.items() if not each.follows)).map(Condition)
SEQUENCES = st.builds(
    lambda head, then, absent: Condition(head, (*then, *absent)),
    lines((DID,), can_count=False),
    st.lists(lines(("then",)), min_size=1, max_size=3),
    st.lists(lines(("not then",)), max_size=2),
)
DEFINITIONS = st.builds(
    Definition,
    st.sampled_from(sorted(MATCHES)),
    st.lists(st.one_of(PLAIN, SEQUENCES), min_size=1, max_size=6).map(tuple),
)


@given(DEFINITIONS)
def test_what_is_written_is_read_as_the_same(definition: Definition) -> None:
    if len(definition.text) > 4_000 or any(len(line.text) > 1_000 for line in definition.lines):
        return
    again = read(definition.text, GOALS)
    assert again == definition
    assert again.text == definition.text


@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from([*VERBS, *CASES, "at least 2 times", ":"]), max_size=4).map("\n".join),
    )
)
def test_any_text_is_a_segment_or_a_refusal_in_words(text: str) -> None:
    found, said = None, ""
    try:
        found = read(text, GOALS)
    except BadSegment as refusal:
        said = refusal.reason
    assert bool(said) != bool(found)
    assert found is None or read(found.text, GOALS) == found


def test_a_text_is_read_whatever_its_case_and_blanks() -> None:
    assert read("  DID   at least 1 time  in the last 1 day :  goal SALE\r\n\r\n", GOALS).text == (
        "all of\ndid in the last 1 day: goal sale"
    )
    assert read("Any of:\nvisited\nfirst seen since 2026-11-01", GOALS).match == "any of"
    assert Times(AT_LEAST, 1).text == When(EVER).text == ""


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 0, "Give 1 to 10 conditions"),
        ("\n".join(["visited"] * 11), 0, "Give 1 to 10 conditions"),
        ("x" * 4_001, 0, "at most 4000 letters"),
        (f"visited: page is /{'x' * 1_000}", 1, "at most 1000 letters"),
        ("all of\nbought: goal sale", 2, "Begin with one of did"),
        ("did: goal gone", 1, 'no goal "gone"'),
        ("did", 1, "after a colon"),
        ("did: nothing at all", 1, "starts no rule"),
        ("did soon: goal sale", 1, '"soon" is not understood'),
        ("did at least 0 times: goal sale", 1, "Say at least 1"),
        ("did not at least 2 times: goal sale", 1, "can't say how often"),
        ("did in the last 0 days: goal sale", 1, "Give 1 to 3650 days"),
        ("did since yesterday: goal sale", 1, "year-month-day"),
        ("did between 2026-11-02 and 2026-11-01: goal sale", 1, "ends before it starts"),
        ("first seen", 1, "is not understood"),
        ("first seen since 2026-11-01: goal sale", 1, "Nothing stands after"),
        ("visited: colour is red", 1, "Begin with one of"),
        ("visited: segment is buyers", 1, "can't name another segment"),
        ("then: goal sale", 1, 'begins with "did"'),
        ("did at least 2 times: goal sale\nthen: goal sale", 2, 'begins with "did"'),
        ("did: goal sale\nnot then: goal sale\nthen: goal sale", 3, 'After "not then"'),
        ("did: goal sale\n" + "then: goal sale\n" * 6, 7, "At most 5 lines"),
        ("did: goal sale\nthen in the last 3 days: goal sale", 2, "Write one of: within N days"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(BadSegment) as refusal:
        read(text, GOALS)
    assert refusal.value.line == line
    assert said in refusal.value.reason
