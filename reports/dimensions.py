"""DIMENSIONS: what a report can be broken down by, and what people read for its values."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analysis.attribution.credit import NONE


@dataclass(frozen=True, slots=True)
class Dimension:
    """A column of touches, of the same name in paths and sessions."""

    column: str
    label: Promise


DIMENSIONS: Mapping[str, Dimension] = MappingProxyType(
    {
        "channel": Dimension("channel", _("Channel")),
        "source": Dimension("source", _("Source")),
        "medium": Dimension("medium", _("Medium")),
        "campaign": Dimension("campaign", _("Campaign")),
        "content": Dimension("content", _("Ad content")),
        "term": Dimension("term", _("Search term")),
        "landing": Dimension("landing_path", _("Landing page")),
    }
)

# What the event behind a touch says, and paths do not keep: expressions over `events`.
TOLD: Mapping[str, str] = MappingProxyType(
    {
        "account": "nullif(json_extract_string(properties, '$.account'), '')",
        "format": "nullif(json_extract_string(properties, '$.format'), '')",
    }
)
# What a touch has itself, and paths do not keep: columns of `touches`.
CARRIED = frozenset({"device"})

NOT_SET = "(not set)"  # the key of touches that carry no value of the dimension

CHANNELS: Mapping[str, Promise] = MappingProxyType(
    {
        "direct": _("Direct"),
        "cross_network": _("Cross-network"),
        "paid_shopping": _("Paid shopping"),
        "paid_search": _("Paid search"),
        "paid_social": _("Paid social"),
        "paid_video": _("Paid video"),
        "display": _("Display"),
        "paid_other": _("Paid other"),
        "organic_shopping": _("Organic shopping"),
        "organic_social": _("Organic social"),
        "organic_video": _("Organic video"),
        "ai_assistant": _("AI assistants"),
        "organic_search": _("Organic search"),
        "email": _("E-mail"),
        "affiliates": _("Affiliates"),
        "referral": _("Referral"),
        "audio": _("Audio"),
        "sms": _("SMS"),
        "mobile_push": _("Mobile push"),
        "unassigned": _("Unassigned"),
    }
)
_SPECIAL: Mapping[str, Promise] = MappingProxyType({NONE: _("(none): no touch in the window"), NOT_SET: _("(not set)")})


def label_of(dimension: str, key: str) -> str:
    """Give what people read for a value of the dimension."""
    if key in _SPECIAL:
        return str(_SPECIAL[key])
    return str(CHANNELS.get(key, key)) if dimension == "channel" else key
