"""Rules as text: what is written is read back, and what people type is understood or named."""

import pytest
from hypothesis import example, given

from goals.conditions import Misstated, Rule, from_text, parse, to_json, to_text
from tests.goals.documents import rules


def rule(*conditions: tuple[str, str, object]) -> tuple[Rule, ...]:
    return parse([[{"field": field, "operator": operator, "value": value} for field, operator, value in conditions]])


@given(rules())
@example(rule(("name", "is", "page_view"), ("path", "matches", "/thanks*"), ("currency", "is", "NOK")))
@example(rule(("path", "is", "is"), ("name", "is_not", "set"), ("title", "one_of", ["a, b", "or", '"'])))
def test_rules_survive_their_text(written: tuple[Rule, ...]) -> None:
    assert from_text(to_text(written)) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("page /thanks*", rule(("name", "is", "page_view"), ("path", "matches", "/thanks*"))),
        ("page /thanks", rule(("name", "is", "page_view"), ("path", "is", "/thanks"))),
        ("Event newsletter_signup", rule(("name", "is", "newsletter_signup"))),
        ("event order where value >= 500", rule(("name", "is", "order"), ("value", "gte", "500"))),
        ("event order where value is at least 500", rule(("name", "is", "order"), ("value", "gte", "500"))),
        ("where host is SHOP.example", rule(("host", "is", "shop.example"))),
        ('where title contains "thank you"', rule(("title", "contains", "thank you"))),
        ("where device is one of mobile, tablet", rule(("device", "one_of", ["mobile", "tablet"]))),
        ("event a; or event b", (*rule(("name", "is", "a")), *rule(("name", "is", "b")))),
        ("event a or event b;", (*rule(("name", "is", "a")), *rule(("name", "is", "b")))),
        ("", ()),
    ],
)
def test_people_type_rules(text: str, written: tuple[Rule, ...]) -> None:
    assert from_text(text) == written


def test_the_usual_triggers_are_written_short() -> None:
    assert to_text(from_text("page /thanks*")) == "page /thanks*"
    assert to_text(from_text("event signup")) == "event signup"
    text = 'event order where property plan is "pro, yearly" and value > 10; or page /thanks'
    assert to_text(from_text(text)) == text
    assert to_json(from_text(text))[0][1] == {
        "field": "property", "key": "plan", "operator": "is", "value": "pro, yearly",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("thanks", '"thanks" starts no rule'),
        ("page", 'Something is missing after "page".'),
        ("event a b", '"b" is left over'),
        ("where colour is red", '"colour" is no field of an event'),
        ("where path like /a", '"like" compares nothing'),
        ("where path is", 'Something is missing after "is".'),
        ("event a where", 'Something is missing after "where".'),
        ("event a where path is /b c", '"c" is left over'),
        ("event a and event b", '"and" is left over'),
        ('page "/a', "A quotation mark is opened"),
        (r'page "\q"', "is quoted in a way that can't be read"),
        ("where value > much", '"much" is not an amount'),
        ("event a;;", "starts no rule"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, message: str) -> None:
    with pytest.raises(Misstated) as misstated:
        from_text(text)
    assert message in str(misstated.value)
