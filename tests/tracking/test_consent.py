import json

import pytest

from tracking.consent import PURPOSES, consent_of, consent_text, with_gpc
from tracking.event import Drop


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ({"ads": "denied", "analytics": True}, '{"ads":false,"analytics":true}'),
        ({"analytics": None}, None),
        ({}, None),
    ],
    ids=["words and booleans", "null is silence", "nothing"],
)
def test_consent_is_kept_as_it_was_stated(stated, kept):
    assert consent_text(stated) == kept


@pytest.mark.parametrize("stated", [{"analytics": "maybe"}, {"marketing": False}, {"ads": 0}])
def test_a_denial_that_is_not_understood_is_refused(stated):
    assert isinstance(consent_text(stated), Drop)


@pytest.mark.parametrize(
    ("text", "may_measure", "may_keep_click_ids"),
    [
        (None, True, True),
        ('{"analytics":true,"ads":true}', True, True),
        ('{"ads":false}', True, False),
        ('{"analytics":false}', False, True),
        ('{"gpc":true}', True, False),
    ],
)
def test_each_purpose_permits_its_own(text, may_measure, may_keep_click_ids):
    consent = consent_of(text)
    assert (consent.permits_measuring, consent.permits_click_ids) == (may_measure, may_keep_click_ids)


def test_global_privacy_control_denies_ads_over_what_was_granted():
    text = with_gpc('{"ads":true,"analytics":true}')
    stated = json.loads(text)
    assert stated == {
        "ad_personalization": False,
        "ad_user_data": False,
        "ads": False,
        "analytics": True,
        "gpc": True,
    }
    assert consent_of(text).permits_measuring


def test_every_purpose_is_read_back():
    text = consent_text(dict.fromkeys(PURPOSES, True))
    consent = consent_of(text)
    assert all(getattr(consent, purpose) is True for purpose in PURPOSES)
