"""Consent as other tools' events carry it: Segment's categories, Snowplow's context, Microsoft's one answer."""

from collections.abc import Mapping
from typing import Any

from tracking.consent import AD_PURPOSES, PURPOSES
from tracking.consents.statement import Signal, Statement

# The categories of common banners by how they begin, lower case: sites name theirs as they like. C0002 to C0005 are
# OneTrust's own. A category that is not among them (necessary, social) speaks of none of our purposes.
_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "analytic": ("analytics",),
    "statistic": ("analytics",),
    "performance": ("analytics",),
    "measure": ("analytics",),
    "c0002": ("analytics",),
    "advert": AD_PURPOSES,
    "marketing": AD_PURPOSES,
    "target": AD_PURPOSES,
    "ads": AD_PURPOSES,
    "c0004": AD_PURPOSES,
    "datasharing": ("ad_user_data",),
    "functional": ("personalization",),
    "personali": ("personalization",),
    "c0003": ("personalization",),
}
_SNOWPLOW_SCHEMA = "iglu:com.snowplowanalytics.snowplow/consent_preferences/"
_ALL_DENIED = dict.fromkeys(PURPOSES, False)


def of_segment(context: Mapping[str, Any], *, at_us: int) -> list[Statement]:
    """Read `consent.categoryPreferences` of a message's context."""
    consent = context.get("consent")
    preferences = consent.get("categoryPreferences") if isinstance(consent, dict) else None
    if not isinstance(preferences, dict):
        return []
    answers = _answers({str(name): value is True for name, value in preferences.items() if value is not None})
    return [Statement(signal=Signal.SEGMENT, at_us=at_us, answers=answers)] if answers else []


def of_snowplow(schema: str, data: Mapping[str, Any], *, at_us: int) -> list[Statement]:
    """Read a context of consent preferences; any other context says nothing.

    Consent that was not given by an act (`pending`, `implicit_consent`) is none, and no denial either.
    """
    if not schema.startswith(_SNOWPLOW_SCHEMA):
        return []
    scopes = data.get("consentScopes")
    granted = _answers({str(scope): True for scope in scopes}) if isinstance(scopes, list) else {}
    said: Mapping[str, dict[str, bool]] = {
        "allow_all": dict.fromkeys(PURPOSES, True),
        "allow_selected": _ALL_DENIED | granted,
        "deny_all": _ALL_DENIED,
        "withdrawn": _ALL_DENIED,
        "expired": _ALL_DENIED,
        "pending": {},
        "implicit_consent": {},
    }
    answers = said.get(str(data.get("eventType")), _ALL_DENIED)
    return [Statement(signal=Signal.SNOWPLOW, at_us=at_us, answers=answers)] if answers else []


def of_microsoft(event: Mapping[str, Any], *, at_us: int) -> list[Statement]:
    """Read `adStorageConsent` of an event as Microsoft's ads take it: G is granted, all else denied."""
    stated = event.get("adStorageConsent")
    if stated is None:
        return []
    return [Statement(signal=Signal.MICROSOFT, at_us=at_us, answers={"ads": str(stated).upper() == "G"})]


def _answers(categories: Mapping[str, bool]) -> dict[str, bool]:
    """Give the purposes' answers; where two categories speak of one, a denial holds."""
    answers: dict[str, bool] = {}
    for name, granted in categories.items():
        plain = "".join(letter for letter in name.lower() if letter.isalnum())
        for begin, purposes in _CATEGORIES.items():
            if plain.startswith(begin):
                answers |= {purpose: granted and answers.get(purpose, True) for purpose in purposes}
    return answers
