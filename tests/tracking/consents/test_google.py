import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.consents.google import of_hit, of_measurement_protocol
from tracking.consents.statement import settle


def read(**fields):
    consent = settle(of_hit(fields, at_us=5))
    return {
        name: answer
        for name in ("ads", "analytics", "ad_user_data", "ad_personalization")
        if (answer := getattr(consent, name)) is not None
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {}),
        ({"gcs": "G111"}, {"ads": True, "analytics": True}),
        ({"gcs": "G100"}, {"ads": False, "analytics": False}),
        ({"gcs": "G101"}, {"ads": False, "analytics": True}),
        ({"gcs": "G1--"}, {}),
        ({"gcs": "nonsense"}, {"ads": False, "analytics": False}),
        ({"gcd": "11l1l1l1l1"}, {}),
        ({"gcd": "13l3l3l3l1l1"}, {}),
        ({"gcd": "11t1t1t1t5"}, dict.fromkeys(("ads", "analytics", "ad_user_data", "ad_personalization"), True)),
        ({"gcd": "11p1n1q1r5"}, {"ads": False, "analytics": True, "ad_user_data": False, "ad_personalization": True}),
        ({"gcd": "11m1u1v1l5"}, {"ads": False, "analytics": False, "ad_user_data": True}),
        ({"gcd": "11z1t1t1t5"}, {"ads": False, "analytics": True, "ad_user_data": True, "ad_personalization": True}),
        ({"gcs": "G111", "npa": "1"}, {"ads": True, "analytics": True, "ad_personalization": False}),
        ({"gcs": "G101", "gcd": "11t1t1l1l5"}, {"ads": False, "analytics": True}),
    ],
    ids=[
        "no field", "both granted", "both denied", "analytics alone", "not set", "gcs not understood",
        "no letter set", "with a fifth letter", "all granted", "one letter of each kind", "the others",
        "a letter not understood", "no personal ads", "the fields differ",
    ],
)  # fmt: skip
def test_the_fields_of_a_hit(fields, expected):
    assert read(**fields) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, []),
        ({"consent": {"ad_user_data": "GRANTED", "ad_personalization": "DENIED"}}, [(True, False)]),
        ({"consent": {"ad_user_data": "granted"}, "non_personalized_ads": True}, [(True, False)]),
        ({"consent": {"ad_user_data": "PERHAPS"}}, [(False, None)]),
        ({"consent": ["ad_user_data"]}, []),
        ({"consent": {"ad_user_data": None, "mood": "GRANTED"}}, []),
    ],
    ids=["nothing", "both", "lower case and no personal ads", "not understood", "no object", "nothing of ours"],
)
def test_the_consent_of_the_measurement_protocol(body, expected):
    said = [settle([each]) for each in of_measurement_protocol(body, at_us=1)]
    assert [(consent.ad_user_data, consent.ad_personalization) for consent in said] == expected


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=3))
def test_any_text_is_read_and_never_as_more_than_was_granted(gcs, gcd, npa):
    consent = settle(of_hit({"gcs": gcs, "gcd": gcd, "npa": npa}, at_us=1))
    assert consent.analytics is not True or "1" in gcs or set(gcd.lower()) & set("trnv")
