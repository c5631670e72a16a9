"""Names and rules that look alike do, in Nordic letters too; others do not."""

import pytest

from goals.conditions import parse
from goals.duplicates import ALIKE_NAMES
from goals.likeness import fold, name_likeness, same_rules

SIGNUP = {"field": "name", "operator": "is", "value": "newsletter_signup"}
STEP = {"field": "property", "key": "step", "operator": "is", "value": "2"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Newsletter sign-up", "Sign-up for the newsletter"),
        ("Påmelding nyhetsbrev", "Paamelding til nyhetsbrev"),
        ("Kjøpte størrelsesguide", "KJOPTE STORRELSESGUIDE"),
        ("Læste artikel", "Läste artikel"),
        ("Searched", "Search used"),
        ("Størrelsesguide brukt", "Brukte størrelsesguiden"),
    ],
)
def test_names_of_one_thing_look_alike(one: str, other: str) -> None:
    assert name_likeness(one, other) >= ALIKE_NAMES
    assert name_likeness(one, other) == name_likeness(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Newsletter sign-up", "Added to cart"),
        ("Began checkout", "Asked the way to a store"),
        ("Search used", "Filter used"),
        ("", "Purchase"),
        ("…", "…"),
    ],
)
def test_names_of_two_things_do_not(one: str, other: str) -> None:
    assert name_likeness(one, other) < ALIKE_NAMES


def test_the_same_name_is_wholly_alike() -> None:
    assert name_likeness("Kataloget lastet ned", "kataloget  lastet NED!") == 1.0


def test_letters_are_folded_to_what_other_keyboards_write() -> None:
    assert fold("Ærlig Ødegård í Þórshöfn") == ["aerlig", "odegard", "thorshofn"]


def test_a_name_of_fillers_alone_keeps_them() -> None:
    assert fold("på og av") == ["pa", "og", "av"]


def test_rules_are_the_same_in_any_order() -> None:
    one = parse([[SIGNUP, STEP], [{**SIGNUP, "value": "other"}]])
    other = parse([[{**SIGNUP, "value": "other"}], [STEP, SIGNUP]])
    assert same_rules(one, other)
    assert not same_rules(one, parse([[SIGNUP], [{**SIGNUP, "value": "other"}]]))


def test_what_has_no_rules_is_like_nothing() -> None:
    assert not same_rules((), ())
