"""Google's consent mode: `gcs`, `gcd` and `npa` of gtag's hits, and the consent of the Measurement Protocol."""

import re
from collections.abc import Mapping
from typing import Any

from tracking.consents.statement import Signal, Statement

# What gcd's letters say of a storage: how it stood at first, and what the visitor's banner then made of it. Not
# documented by Google; seen in its tags. A letter that is not here denies, since it must not pass for silence.
_LETTERS: Mapping[str, bool | None] = {
    "l": None,  # not set
    "p": False,  # denied at first
    "q": False,  # denied at first and then
    "t": True,  # granted at first
    "r": True,  # denied at first, then granted
    "m": False,  # denied by the visitor
    "n": True,  # granted by the visitor
    "u": False,  # granted at first, then denied
    "v": True,  # granted at first and then
}
_GCD = re.compile(r"1\d((?:[A-Za-z]\d)+)")
_GCD_PURPOSES = ("ads", "analytics", "ad_user_data", "ad_personalization")  # in the order of the letters
_GCS = re.compile(r"G1([01-])([01-])")
_GCS_ANSWERS = {"1": True, "0": False}
_WORDS = {"GRANTED": True, "DENIED": False}
_STORAGES = {
    "ad_storage": "ads",
    "analytics_storage": "analytics",
    "ad_user_data": "ad_user_data",
    "ad_personalization": "ad_personalization",
    "personalization_storage": "personalization",
}


def of_hit(fields: Mapping[str, str], *, at_us: int) -> list[Statement]:
    """Read the consent of a gtag hit: one statement for each of its fields that says something.

    fields  the hit's parameters by name; at_us is the hit's time, and so a denial in one field holds over another's yes
    """
    said = [_of_gcs(fields.get("gcs", "")), _of_gcd(fields.get("gcd", "")), _of_npa(fields.get("npa"))]
    return [Statement(signal=Signal.CONSENT_MODE, at_us=at_us, answers=answers) for answers in said if answers]


def of_measurement_protocol(body: Mapping[str, Any], *, at_us: int) -> list[Statement]:
    """Read the consent of a Measurement Protocol body (`consent`, `non_personalized_ads`), of any shape."""
    consent = body.get("consent")
    answers = of_storages(consent) if isinstance(consent, dict) else {}
    if _is_yes(body.get("non_personalized_ads")):
        answers["ad_personalization"] = False
    return [Statement(signal=Signal.MEASUREMENT_PROTOCOL, at_us=at_us, answers=answers)] if answers else []


def of_storages(stated: Mapping[str, Any]) -> dict[str, bool]:
    """Give the answers of an object of consent mode, {"ad_storage": "denied", ...}; other names say nothing."""
    return {
        _STORAGES[name]: _WORDS.get(str(word).upper(), False)
        for name, word in stated.items()
        if name in _STORAGES and word not in (None, "")
    }


def _of_gcs(text: str) -> dict[str, bool]:
    if not text:
        return {}
    read = _GCS.match(text)
    if read is None:
        return {"ads": False, "analytics": False}
    pairs = zip(("ads", "analytics"), read.groups(), strict=True)
    return {purpose: _GCS_ANSWERS[sign] for purpose, sign in pairs if sign in _GCS_ANSWERS}


def _of_gcd(text: str) -> dict[str, bool]:
    if not text:
        return {}
    read = _GCD.match(text)
    letters = read[1][::2].lower() if read else "?" * len(_GCD_PURPOSES)
    # The tags add letters with time; those behind the four are of storages that are none of ours.
    found = {purpose: _LETTERS.get(letter, False) for purpose, letter in zip(_GCD_PURPOSES, letters, strict=False)}
    return {purpose: answer for purpose, answer in found.items() if answer is not None}


def _of_npa(value: str | None) -> dict[str, bool]:
    return {"ad_personalization": False} if _is_yes(value) else {}


def _is_yes(value: object) -> bool:
    return value is True or str(value).lower() in {"1", "true"}
