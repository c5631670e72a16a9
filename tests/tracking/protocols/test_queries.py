"""Query strings as protocols read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.protocols.queries import parameters_of, readable, text_of_query


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("?a=1&b=&a=2", {"a": "2", "b": ""}),
        ("q=gr%C3%B8nn+te&x=%FF", {"q": "grønn te", "x": "\ufffd"}),
        ("", {}),
    ],
    ids=["last wins", "decoded", "nothing"],
)
def test_a_query_is_decoded(text: str, values: dict[str, str]) -> None:
    assert parameters_of(text).values == values


def test_nul_and_lone_surrogates_are_replaced_and_told_of() -> None:
    found = parameters_of("a%00=b%00c&d=\ud800")
    assert found.values == {"a\ufffd": "b\ufffdc", "d": "\ufffd"}
    assert found.is_mended
    assert not parameters_of("a=b").is_mended


def test_bytes_that_the_web_server_hands_over_as_latin_1_are_read_as_utf_8() -> None:
    assert text_of_query("q=grønn".encode().decode("latin-1")) == "q=grønn"


@given(st.text())
def test_any_text_gives_parameters_that_can_be_stored(text: str) -> None:
    for name, value in parameters_of(text_of_query(text)).values.items():
        assert "\x00" not in name + value
        assert (readable(name) + value).encode()
