"""What was refused can be read without learning who sent it."""

import pytest

from tracking.masking import masked, readable


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("write to anna.berg+shop@mail.example today", "write to …@… today"),
        ("https://shop.example/thanks?mail=anna%40mail.example", "https://shop.example/thanks?mail=…@…"),
        ("from 192.0.2.77", "from 192.0.2.0"),
        ("from 2001:db8:85a3:0:0:8a2e:370:7334", "from 2001…"),
        ("call +47 912 34 567", "call +47…"),
        ("session 8f14e45fceea167a5a36dedd4bea2543", "session 8f14e4…"),
        ("newsletter_signup on 2026-11-21T12:00:00Z", "newsletter_signup on 2026-11-21T12:00:00Z"),
        ("499.00 NOK for 2 tents", "499.00 NOK for 2 tents"),
    ],
)
def test_a_text_loses_what_names_a_person(sent: str, shown: str) -> None:
    assert masked(sent) == shown


def test_ids_are_shortened_by_their_key_and_the_rest_stays() -> None:
    raw = b'{"name":"purchase","visitor_id":"visitor-17","value":499.0,"properties":{"email":"x","size":"XL"},"ip":"1"}'
    text = readable(raw)
    assert '"visito…"' in text
    assert "visitor-17" not in text
    for kept in ('"purchase"', "499.0", '"XL"'):
        assert kept in text
    assert '"email": "…"' in text
    assert '"ip": "…"' in text


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"{", b"[" * 5_000, b"null", b'"\\ud800"', b"a\x00b"])
def test_anything_can_be_shown(raw: bytes) -> None:
    assert isinstance(readable(raw), str)
