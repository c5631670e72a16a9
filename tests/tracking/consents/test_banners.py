import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.consents import banners
from tracking.consents.statement import settle

SCHEMA = "iglu:com.snowplowanalytics.snowplow/consent_preferences/jsonschema/1-0-0"
ANYTHING = st.recursive(st.none() | st.booleans() | st.text(max_size=9), lambda of: st.lists(of, max_size=3))


def answers(statements):
    return {purpose: granted for statement in statements for purpose, granted in sorted(statement.answers.items())}


@pytest.mark.parametrize(
    ("preferences", "expected"),
    [
        ({"Analytics": True}, {"analytics": True}),
        ({"Advertising": False}, {"ad_personalization": False, "ad_user_data": False, "ads": False}),
        ({"C0002": True, "Statistics": False}, {"analytics": False}),
        ({"Necessary": True, "Social": True}, {}),
        ({"Analytics": "yes"}, {"analytics": False}),
        ({"Data_Sharing": False}, {"ad_user_data": False}),
        (None, {}),
    ],
    ids=["granted", "advertising", "two of one purpose", "none of ours", "not understood", "sharing", "no object"],
)
def test_the_categories_of_segment(preferences, expected):
    assert answers(banners.of_segment({"consent": {"categoryPreferences": preferences}}, at_us=1)) == expected


@pytest.mark.parametrize(
    ("data", "granted", "denied"),
    [
        ({"eventType": "allow_all"}, 5, 0),
        ({"eventType": "allow_selected", "consentScopes": ["necessary", "analytics"]}, 1, 4),
        ({"eventType": "allow_selected", "consentScopes": ["marketing"]}, 3, 2),
        ({"eventType": "deny_all"}, 0, 5),
        ({"eventType": "withdrawn"}, 0, 5),
        ({"eventType": "pending"}, 0, 0),
        ({"eventType": "implicit_consent", "consentScopes": ["analytics"]}, 0, 0),
        ({"eventType": "novelty"}, 0, 5),
    ],
    ids=lambda value: value.get("eventType") if isinstance(value, dict) else None,
)
def test_the_context_of_snowplow(data, granted, denied):
    said = list(answers(banners.of_snowplow(SCHEMA, data, at_us=1)).values())
    assert (said.count(True), said.count(False)) == (granted, denied)


def test_another_context_of_snowplow_says_nothing():
    assert banners.of_snowplow("iglu:com.snowplowanalytics.snowplow/web_page/jsonschema/1-0-0", {}, at_us=1) == []


@pytest.mark.parametrize(("stated", "ads"), [("G", True), ("D", False), ("?", False), (None, None)])
def test_microsofts_answer(stated, ads):
    assert settle(banners.of_microsoft({"adStorageConsent": stated}, at_us=1)).ads is ads


@given(ANYTHING, ANYTHING)
def test_any_shape_is_read_without_an_error(one, other):
    settle(banners.of_segment({"consent": {"categoryPreferences": {"Analytics": one, "Ads": other}}}, at_us=1))
    settle(banners.of_segment({"consent": one}, at_us=1))
    settle(banners.of_snowplow(SCHEMA, {"eventType": one, "consentScopes": other}, at_us=1))
