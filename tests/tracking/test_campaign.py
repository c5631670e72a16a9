import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.campaign import address_of, without_click_ids


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://Shop.Example:8443/a/b?x#y", "shop.example", "/a/b"),
        ("https://user:secret@shop.example", "shop.example", "/"),
        ("https://[2001:db8::1]:443/a", "[2001:db8::1]", "/a"),
        ("https://shop.example./a", "shop.example", "/a"),
        ("https://shop.example/s%C3%B8k%20her", "shop.example", "/søk her"),
        ("https://shop.example/a%00%0Ab", "shop.example", "/a\ufffd\ufffdb"),
        ("/only/a/path?x", None, "/only/a/path"),
        ("data:text/html,x", None, None),
        ("javascript:alert(1)", None, None),
        ("https://", None, "/"),
        ("", None, None),
    ],
)
def test_an_address_gives_host_and_path(url, host, path):
    address = address_of(url)
    assert (address.host, address.path) == (host, path)


def test_the_first_of_two_equal_tags_counts():
    assert address_of("https://s.example/?utm_source=a&utm_source=b").tags == {"utm_source": "a"}


def test_of_two_click_ids_the_one_that_proves_a_payment_is_kept():
    address = address_of("https://s.example/?fbclid=f&gclid=g")
    assert (address.click_id_type, address.click_id) == ("gclid", "g")


def test_controls_in_tags_are_replaced():
    assert address_of("https://s.example/?utm_source=a%00b%0A").tags == {"utm_source": "a\ufffdb\ufffd"}


@pytest.mark.parametrize(
    ("url", "left"),
    [
        ("https://s.example/a?gclid=1", "https://s.example/a"),
        ("https://s.example/a?x=1&GCLID=1&y=%20#gclid=2", "https://s.example/a?x=1&y=%20#gclid=2"),
        ("https://s.example/a", "https://s.example/a"),
    ],
)
def test_click_ids_are_taken_out_and_nothing_else(url, left):
    assert without_click_ids(url) == left


@given(st.text(alphabet="ahtps:/?#&=%@[].0utm_source", max_size=40))
def test_no_address_is_an_error(url):
    address_of(url)
    without_click_ids(url)
