"""Rules name the events outside of which none of them is met, where they all name some."""

from goals.conditions import names_asked, parse

SIGNUP = {"field": "name", "operator": "is", "value": "newsletter_signup"}
STEP = {"field": "property", "key": "step", "operator": "is", "value": "2"}


def test_rules_name_the_events_that_alone_can_meet_them() -> None:
    assert names_asked(parse([[SIGNUP, STEP]])) == {"newsletter_signup"}
    assert names_asked(parse([[SIGNUP], [{"field": "name", "operator": "one_of", "value": ["a", "b"]}]])) == {
        "newsletter_signup", "a", "b",
    }  # fmt: skip
    assert names_asked(parse([[SIGNUP], [{"field": "path", "operator": "is", "value": "/"}]])) is None
