"""The decoder beside the IAB's own library, and beside an encoder of ours that knows nothing of it."""

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.consents import tcf
from tracking.consents.statement import settle
from tracking.consents.tcf_string import NotTcf, TcString, read

# Made by tests/clients/tcf_vectors.mjs, which encodes and decodes with @iabtcf/core 1.5.6; its vendor list is ours.
VECTORS = json.loads((Path(__file__).parent / "tcf_vectors.json").read_text())
BY_NAME = {vector["name"]: vector for vector in VECTORS}
NOW_US = 1_795_348_800_000_000


@pytest.mark.parametrize("vector", VECTORS, ids=BY_NAME)
def test_the_iabs_own_library_reads_the_same(vector):
    string = read(vector["text"])
    assert (string.created_us, string.updated_us) == (vector["created_s"] * 10**6, vector["updated_s"] * 10**6)
    assert (string.cmp_id, string.policy_version) == (vector["cmp_id"], vector["policy"])
    assert sorted(string.purposes) == vector["purposes"]
    assert sorted(string.interests) == vector["purposes_li"]
    assert sorted(string.vendors) == vector["vendors"]
    assert sorted(string.vendor_interests) == vector["vendors_li"]
    assert sorted(string.disclosed or ()) == vector["disclosed"]


@pytest.mark.parametrize(
    ("name", "granted"),
    [
        ("everything granted", ["analytics", "ads", "ad_user_data", "ad_personalization", "personalization"]),
        ("everything denied", []),
        ("measurement alone", ["analytics", "ads"]),
        ("no storage", ["ad_personalization"]),
        ("core alone after the date", []),
        ("core alone before the date", ["analytics", "ads", "ad_user_data", "ad_personalization", "personalization"]),
    ],
)
def test_the_iabs_purposes_are_read_as_ours(name, granted):
    statement = tcf.of_string(BY_NAME[name]["text"], at_us=NOW_US)
    assert [purpose for purpose, answer in statement.answers.items() if answer] == granted
    assert len(statement.answers) == 5, "a string answers for every purpose"
    assert statement.at_us == BY_NAME[name]["updated_s"] * 10**6


def test_a_vendor_counts_where_it_was_shown_and_consented_to():
    string = read(BY_NAME["everything granted"]["text"])
    assert [tcf.permits_vendor(string, vendor) for vendor in (755, 3)] == [True, False]
    assert not tcf.permits_vendor(replace(string, disclosed=frozenset({2})), 755)
    assert not tcf.permits_vendor(read(BY_NAME["core alone after the date"]["text"]), 755)


def test_a_string_from_the_future_does_not_outlast_what_is_said_later():
    assert tcf.of_string(BY_NAME["everything granted"]["text"], at_us=5).at_us == 5


@pytest.mark.parametrize(
    "text", ["", "nonsense", "BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA", "CQ!", "é", "." * 50, "C" * 20_000]
)
def test_what_is_no_string_of_version_two_grants_nothing(text):
    with pytest.raises(NotTcf):
        read(text)
    consent = settle([tcf.of_string(text, at_us=1)])
    assert (consent.analytics, consent.ads, consent.personalization) == (False, False, False)


def test_a_range_beyond_the_highest_vendor_is_refused():
    core = "".join([number(2, 6), "0" * 147, "0" * 60, number(5, 16), "1", number(1, 12), "1"])
    with pytest.raises(NotTcf, match="vendors from 1 to 65535"):
        read(packed(core + number(1, 16) + number(65_535, 16)))


@given(st.text(max_size=300))
def test_any_text_is_a_string_or_refused(text):
    try:
        read(text)
    except NotTcf:
        return


@given(st.binary(max_size=200))
def test_any_bits_are_a_string_or_refused(bits):
    text = base64.urlsafe_b64encode(b"\x08" + bits).decode().rstrip("=")
    try:
        read(f"{text}.{text}")
    except NotTcf:
        return


IDS = st.frozensets(st.integers(1, 900), max_size=40)
STRINGS = st.builds(
    TcString,
    created_us=st.integers(0, 2**36 - 1).map(lambda tenths: tenths * 100_000),
    updated_us=st.integers(0, 2**36 - 1).map(lambda tenths: tenths * 100_000),
    cmp_id=st.integers(0, 4_095),
    policy_version=st.integers(0, 63),
    purposes=st.frozensets(st.integers(1, 24)),
    interests=st.frozensets(st.integers(1, 24)),
    vendors=IDS,
    vendor_interests=IDS,
    disclosed=st.none() | IDS,
)


@given(STRINGS, st.booleans())
def test_what_is_written_is_read_back(string, as_ranges):
    assert read(written(string, as_ranges=as_ranges)) == string


def written(string: TcString, *, as_ranges: bool) -> str:
    core = "".join(
        [
            number(2, 6),
            number(string.created_us // 100_000, 36),
            number(string.updated_us // 100_000, 36),
            number(string.cmp_id, 12),
            "0" * 42,
            number(string.policy_version, 6),
            "0" * 14,
            bit_field(string.purposes, 24),
            bit_field(string.interests, 24),
            "0" * 13,
            vendor_list(string.vendors, as_ranges=as_ranges),
            vendor_list(string.vendor_interests, as_ranges=not as_ranges),
            number(0, 12),
        ]
    )
    segments = [packed(core), packed(number(3, 3) + "0" * 40)]
    if string.disclosed is not None:
        segments.append(packed(number(1, 3) + vendor_list(string.disclosed, as_ranges=as_ranges)))
    return ".".join(segments)


def number(value: int, length: int) -> str:
    return f"{value:0{length}b}"


def bit_field(ids: frozenset[int], length: int) -> str:
    return "".join("1" if each in ids else "0" for each in range(1, length + 1))


def vendor_list(ids: frozenset[int], *, as_ranges: bool) -> str:
    highest = max(ids, default=0)
    if not as_ranges:
        return number(highest, 16) + "0" + bit_field(ids, highest)
    starts = sorted(each for each in ids if each - 1 not in ids)
    ends = sorted(each for each in ids if each + 1 not in ids)
    entries = [
        "0" + number(first, 16) if first == last else "1" + number(first, 16) + number(last, 16)
        for first, last in zip(starts, ends, strict=True)
    ]
    return number(highest, 16) + "1" + number(len(entries), 12) + "".join(entries)


def packed(bits: str) -> str:
    padded = bits + "0" * (-len(bits) % 8)
    return (
        base64.urlsafe_b64encode(bytes(int(padded[at : at + 8], 2) for at in range(0, len(padded), 8)))
        .decode()
        .rstrip("=")
    )
