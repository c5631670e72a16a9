"""What brought a visitor, in the words that Matomo knows beside utm: mtm_, matomo_, pk_ and piwik_ in the address.

source  Matomo's configuration of campaign parameters; PROTOCOLS A.4
"""

from collections.abc import Mapping

from tracking.campaign import UTM_TAGS, address_of
from tracking.protocols.queries import parameters_of

_PREFIXES = ("mtm_", "matomo_", "pk_", "piwik_")
_WORDS = {
    "campaign": "utm_campaign",
    "cpn": "utm_campaign",
    "kwd": "utm_term",
    "keyword": "utm_term",
    "source": "utm_source",
    "medium": "utm_medium",
    "content": "utm_content",
    "cid": "utm_id",
    "group": "campaign_group",
    "placement": "campaign_placement",
}
_NAMES = {prefix + word: ours for prefix in _PREFIXES for word, ours in _WORDS.items()}
_SAME_MOMENT_SECONDS = 5  # between the page's clock when it saw the campaign and the door's


def tags_in(url: str | None) -> dict[str, str]:
    """Give utm tags, campaign_group and campaign_placement that an address has in Matomo's own words.

    They stand in the query or behind the #; the utm tags proper are read from the address where all protocols do.
    """
    if not url or not any(prefix in url.lower() for prefix in _PREFIXES):
        return {}
    before, _, fragment = url.partition("#")
    found: dict[str, str] = {}
    for query in (before.partition("?")[2], fragment.rpartition("?")[2]):
        for name, value in parameters_of(query).values.items():
            ours = _NAMES.get(name.lower())
            if ours and value.strip():
                found.setdefault(ours, value.strip())
    return found


def remembered(told: Mapping[str, str], url: str | None, *, at_us: int) -> dict[str, str]:
    """Give the campaign that a client says beside the address (`_rcn`, `_rck`), where it is news.

    Matomo's tag repeats for six months which campaign came last, and when (`_refts`). The touch of that time is known
    already, and a direct visit must not become the campaign's again: what is older than this very moment is left out.
    Clients that name no time say what brought the visitor now.
    """
    name = told.get("_rcn", "").strip()
    if not name or tags_in(url) or (url and any(tag in address_of(url).tags for tag in UTM_TAGS)):
        return {}
    since = told.get("_refts", "").strip().partition(".")[0]
    is_dated = since.isascii() and since.isdigit() and len(since) < 12 and int(since) > 0
    if is_dated and abs(at_us // 1_000_000 - int(since)) > _SAME_MOMENT_SECONDS:
        return {}
    keyword = told.get("_rck", "").strip()
    return {"utm_campaign": name} | ({"utm_term": keyword} if keyword else {})
