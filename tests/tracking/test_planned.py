"""Whether an event is as it was agreed."""

import msgspec
import pytest

from tests.tracking.makers import make_event
from tracking.agreeing import merged
from tracking.event import DropReason
from tracking.planned import OWN_EVENTS, Breach, Plan, Property, breaches

NEWSLETTER = Plan({"newsletter_signup": (), "purchase": (Property("value", frozenset({"number"}), is_required=True),)})


def found(agreed: Property, carried: dict[str, object]) -> list[Breach]:
    return list(breaches([agreed], msgspec.json.encode(carried).decode(), lambda _: None))


def test_without_a_plan_nothing_is_unplanned() -> None:
    assert Plan().judge(make_event(name="whatever")) is None


def test_a_name_that_no_plan_knows_is_unplanned() -> None:
    verdict = NEWSLETTER.judge(make_event(name="wishlist"))
    assert verdict is not None
    assert verdict.reason is DropReason.UNPLANNED
    assert "wishlist" in verdict.message


@pytest.mark.parametrize("name", sorted(OWN_EVENTS))
def test_what_the_tag_sends_by_itself_is_always_planned(name: str) -> None:
    assert NEWSLETTER.judge(make_event(name=name)) is None


def test_a_required_field_of_the_event_counts_as_its_property() -> None:
    assert NEWSLETTER.judge(make_event(name="purchase", value_micros=1_500_000, currency="EUR")) is None
    verdict = NEWSLETTER.judge(make_event(name="purchase"))
    assert verdict is not None
    assert (verdict.reason, verdict.keys) == (DropReason.SCHEMA_VIOLATION, ("value",))


@pytest.mark.parametrize(
    ("kind", "fits", "does_not"),
    [
        ("text", "gold", 5),
        ("integer", 5, 5.5),
        ("integer", 5.0, "5"),
        ("number", 5.5, True),
        ("boolean", False, "false"),
        ("boolean", True, 1),
        ("time", "2026-11-21T12:00:00Z", "soon"),
        ("time", 1_795_297_679, True),
    ],
)
def test_a_type_is_never_guessed(kind: str, fits: object, does_not: object) -> None:
    agreed = Property("tier", frozenset({kind}))
    assert found(agreed, {"tier": fits}) == []
    assert found(agreed, {"tier": does_not}) == [Breach("tier", "type")]


@pytest.mark.parametrize("value", [None, ""], ids=["null", "empty text"])
def test_what_is_empty_is_missing(value: object) -> None:
    assert found(Property("tier", is_required=True), {"tier": value}) == [Breach("tier", "missing")]
    assert found(Property("tier"), {"tier": value}) == []


def test_only_allowed_values_are_as_agreed() -> None:
    agreed = Property("tier", allowed=frozenset({"gold", "5", "true"}))
    for value in ("gold", 5, 5.0, True):
        assert found(agreed, {"tier": value}) == [], value
    assert found(agreed, {"tier": "silver"}) == [Breach("tier", "value")]


def test_what_several_goals_say_of_an_event_is_put_together() -> None:
    (one,) = merged(
        [
            Property("tier", frozenset({"text"}), allowed=frozenset({"gold"})),
            Property("tier", frozenset({"integer"}), is_required=True, allowed=frozenset({"5"})),
        ]
    )
    assert one == Property("tier", frozenset({"text", "integer"}), is_required=True, allowed=frozenset({"gold", "5"}))
    (free,) = merged([Property("tier", allowed=frozenset({"gold"})), Property("tier")])
    assert free.allowed == frozenset()
