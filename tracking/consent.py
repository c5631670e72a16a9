"""What each purpose permits: how consent is written on an event, and what goes when it was denied."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from tracking.event import Drop, DropReason

PURPOSES = ("analytics", "ads", "ad_user_data", "ad_personalization", "personalization")
_AD_PURPOSES = ("ads", "ad_user_data", "ad_personalization")

# Booleans, and the words of Google's consent mode and of common consent banners.
_ANSWERS = {"granted": True, "denied": False, "true": True, "false": False, "yes": True, "no": False}
_decode = msgspec.json.Decoder(dict[str, bool]).decode
_encode = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True, slots=True)
class Consent:
    """The state at the event's time; None where nothing was said of a purpose.

    gpc  the browser sent Global Privacy Control: measured, never forwarded to ad platforms
    """

    analytics: bool | None = None
    ads: bool | None = None
    ad_user_data: bool | None = None
    ad_personalization: bool | None = None
    personalization: bool | None = None
    gpc: bool = False

    @property
    def permits_measuring(self) -> bool:
        """Tell whether the event may be counted: everything but a plain no."""
        return self.analytics is not False

    @property
    def permits_click_ids(self) -> bool:
        """Tell whether the ad platform's click id may be kept: it is a name for the visitor."""
        return self.ads is not False and not self.gpc


@lru_cache(maxsize=1_024)
def consent_of(text: str | None) -> Consent:
    """Read what `consent_text` wrote; None is: nothing was said."""
    return Consent(**_decode(text)) if text else Consent()


def consent_text(stated: dict[str, Any]) -> str | Drop | None:
    """Write a sender's consent object as it is stored: known purposes in order, true or false.

    stated   values are booleans, or granted and denied; null is: nothing was said
    returns  JSON text; None for nothing said; Drop field_type for an unknown purpose or answer, because a
             denial that is not understood must not pass for silence
    """
    answers: dict[str, bool] = {}
    for purpose, value in stated.items():
        if value is None:
            continue
        answer = value if isinstance(value, bool) else _ANSWERS.get(str(value).lower())
        if purpose not in PURPOSES or answer is None:
            message = f"consent is one of {', '.join(PURPOSES)}, each true or false"
            return Drop(DropReason.FIELD_TYPE, message, "/consent")
        answers[purpose] = answer
    return _encode(answers).decode() if answers else None


@lru_cache(maxsize=1_024)
def with_gpc(text: str | None) -> str:
    """Add Global Privacy Control to a stored consent: it denies what forwarding would need."""
    denied = dict.fromkeys(_AD_PURPOSES, False)
    return _encode({**(_decode(text) if text else {}), **denied, "gpc": True}).decode()
