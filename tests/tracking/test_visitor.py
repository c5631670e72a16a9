import pytest

from tracking.visitor import daily_visitor, truncate_ip

KNOWN = {"salt": b"monday", "ip": "192.0.2.7", "user_agent": "Firefox", "source_id": 1}


@pytest.mark.parametrize(
    "change",
    [{"salt": b"tuesday"}, {"ip": "192.0.2.8"}, {"user_agent": "Chrome"}, {"source_id": 2}],
    ids=["another day", "another address", "another browser", "another site"],
)
def test_another_day_address_browser_or_site_is_another_visitor(change):
    assert daily_visitor(**KNOWN) != daily_visitor(**{**KNOWN, **change})


def test_the_same_four_are_the_same_visitor():
    assert daily_visitor(**KNOWN) == daily_visitor(**KNOWN)
    assert len(daily_visitor(**KNOWN)) == 26


@pytest.mark.parametrize(
    ("ip", "kept"),
    [
        ("192.0.2.77", "192.0.2.0"),
        (" 192.0.2.77 ", "192.0.2.0"),
        ("2001:db8:1:2:3::4", "2001:db8:1::"),
        ("::ffff:192.0.2.77", "192.0.2.0"),
        ("192.0.2", None),
        ("localhost", None),
    ],
)
def test_addresses_are_cut_to_their_network(ip, kept):
    assert truncate_ip(ip) == kept
