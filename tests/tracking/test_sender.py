"""What the headers of a request say of its sender."""

from typing import Any

import pytest
from django.test import RequestFactory

from tracking.sender import address_of, sender_of, write_key_of

CHAIN = "203.0.113.9, 198.51.100.2, 10.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, CHAIN, "192.0.2.1"),
        (1, CHAIN, "10.0.0.1"),
        (2, CHAIN, "198.51.100.2"),
        (4, CHAIN, "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
    ids=["none trusted", "one", "two", "more than there are", "none said"],
)
def test_only_what_trusted_proxies_appended_counts(
    rf: RequestFactory, settings: Any, proxies: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.post("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1")
    assert address_of(request) == expected


def test_headers_are_read_for_the_pipeline(rf: RequestFactory) -> None:
    headers = {"User-Agent": "x" * 5_000, "Accept-Language": "nb-NO;q=0.9, en", "Sec-GPC": "1", "DNT": "1"}
    sender = sender_of(rf.post("/", headers=headers | {"Sec-Purpose": "prefetch"}))
    assert (len(sender.user_agent), sender.language, sender.has_gpc, sender.has_dnt) == (1_024, "nb-NO", True, True)
    assert sender.purpose == "prefetch"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Write-Key": " wk_1 "}, "wk_1"),
        ({"Authorization": "Bearer wk_1"}, "wk_1"),
        ({"Authorization": "Basic d2s="}, None),
        ({"Authorization": "Bearer "}, None),
        ({}, None),
    ],
)
def test_the_write_key_is_found_in_either_header(
    rf: RequestFactory, headers: dict[str, str], expected: str | None
) -> None:
    assert write_key_of(rf.post("/", headers=headers)) == expected
