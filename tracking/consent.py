"""What each purpose permits: how consent is written on an event, and what goes when it was denied."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import msgspec

from tracking.event import Drop, DropReason

PURPOSES = ("analytics", "ads", "ad_user_data", "ad_personalization", "personalization")
AD_PURPOSES = ("ads", "ad_user_data", "ad_personalization")
# After a denial, the tags of Google's consent mode go on and send without ids, so that the visit is still counted;
# of any other signal a denial means: do not count.
_COUNTED_WHEN_DENIED = frozenset({"consent_mode"})

# Booleans, and the words of Google's consent mode and of common consent banners.
_ANSWERS = {"granted": True, "denied": False, "true": True, "false": False, "yes": True, "no": False}
_NOTHING: Mapping[str, tuple[str, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Consent:
    """The state at the event's time; None where nothing was said of a purpose.

    gpc   the browser sent Global Privacy Control: measured, never forwarded to ad platforms, joined with no user id
    said  purpose to the signal that answered and when, in microseconds since the epoch; of a purpose that has an
          answer and is missing here, the event's own sender spoke at the event's time, or `gpc` did
    """

    analytics: bool | None = None
    ads: bool | None = None
    ad_user_data: bool | None = None
    ad_personalization: bool | None = None
    personalization: bool | None = None
    gpc: bool = False
    said: Mapping[str, tuple[str, int]] = field(default_factory=lambda: _NOTHING)

    @property
    def permits_measuring(self) -> bool:
        """Tell whether the event may be counted as its visitor's: everything but a plain no."""
        return self.analytics is not False

    @property
    def permits_counting(self) -> bool:
        """Tell whether the event may be counted at all, if need be as nobody's."""
        signal, _ = self.said.get("analytics", ("", 0))
        return self.permits_measuring or signal in _COUNTED_WHEN_DENIED

    @property
    def permits_click_ids(self) -> bool:
        """Tell whether the ad platform's click id may be kept: it is a name for the visitor."""
        return self.ads is not False and not self.gpc

    @property
    def permits_linking(self) -> bool:
        """Tell whether what the visitor did may be joined with what the signed-in user did: only on a plain yes."""
        return self.analytics is True and not self.gpc

    def with_gpc(self) -> "Consent":
        """Add Global Privacy Control: it denies what forwarding would need, whatever was granted before."""
        said = {purpose: who for purpose, who in self.said.items() if purpose not in AD_PURPOSES}
        return replace(self, ads=False, ad_user_data=False, ad_personalization=False, gpc=True, said=said)


@lru_cache(maxsize=1_024)
def consent_of(text: str | None) -> Consent:
    """Read what `text_of` wrote; None is: nothing was said."""
    return _decode(text) if text else Consent()


def text_of(consent: Consent) -> str | None:
    """Write a state as an event stores it: purposes that were answered, in order; None where nothing was said."""
    written: dict[str, Any] = {  # as Consent, without what was not said
        purpose: answer for purpose in PURPOSES if (answer := getattr(consent, purpose)) is not None
    }
    if consent.gpc:
        written["gpc"] = True
    if consent.said:
        written["said"] = dict(consent.said)
    return _encode(written).decode() if written else None


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
    """Add Global Privacy Control to a stored consent."""
    return text_of(consent_of(text).with_gpc()) or ""


_decode = msgspec.json.Decoder(Consent).decode
_encode = msgspec.json.Encoder(order="sorted").encode
