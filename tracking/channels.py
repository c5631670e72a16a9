"""From referrer, campaign tags and click id to the channel that a touch came by, and whether it was paid."""

from dataclasses import dataclass
from functools import lru_cache

from tracking.campaign import CLICK_IDS, address_of, without_www
from tracking.channel_hosts import kind_of_source, place_of
from tracking.channel_rules import PAID_CHANNELS, RULES, UNASSIGNED, Facts, Rule

DIRECT_SOURCE = "(direct)"
NO_MEDIUM = "(none)"
# What exports of other tools write where there is nothing.
PLACEHOLDERS = frozenset({"(direct)", "(none)", "(not set)", "(not provided)", "(referral)", "(organic)"})


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel's key, and whether its touches are paid for."""

    key: str
    paid: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a touch came from: the dimensions that reports break attribution down by."""

    source: str
    medium: str
    campaign: str | None
    term: str | None
    content: str | None
    click_id_type: str | None
    channel: Channel

    @property
    def is_direct(self) -> bool:
        """Tell a visit that nothing is known of; it is no touch when any other is in the path."""
        return self.channel.key == "direct"


@lru_cache(maxsize=16_384)
def classify(
    *,
    source: str | None,
    medium: str | None,
    campaign: str | None = None,
    referrer_host: str | None = None,
    click_id_type: str | None = None,
    rules: tuple[Rule, ...] = RULES,
) -> Channel:
    """Give the channel by the first rule that holds; "unassigned" where none does.

    source         utm_source or what stands for it; its kind decides, and the referrer's where it has none
    referrer_host  only asked where there is no source
    """
    said = _known(source)
    place = place_of(referrer_host) if referrer_host and not said else None
    is_plain_referral = referrer_host and not (said or click_id_type)
    facts = Facts(
        source=(said or referrer_host or "").lower(),
        medium=(_known(medium) or ("referral" if is_plain_referral else "")).lower(),
        campaign=(_known(campaign) or "").lower(),
        kind=(kind_of_source(said) if said else place.kind if place else None) or "",
        click_id=(click_id_type or "").lower(),
    )
    key = next((rule.channel for rule in rules if rule.holds(facts)), UNASSIGNED)
    return Channel(key, key in PAID_CHANNELS)


@lru_cache(maxsize=16_384)
def origin_of(
    *,
    utm_source: str | None = None,
    utm_medium: str | None = None,
    utm_campaign: str | None = None,
    utm_term: str | None = None,
    utm_content: str | None = None,
    click_id_type: str | None = None,
    referrer: str | None = None,
    own_hosts: frozenset[str] = frozenset(),
) -> Origin:
    """Say where an event came from: utm tags over click id over referrer, else direct.

    own_hosts  the source's own sites with all their subdomains: coming from there is no origin
    returns    source "(direct)" and medium "(none)" for direct; utm values as they were written
    """
    source, medium, campaign = _known(utm_source), _known(utm_medium), _known(utm_campaign)
    if source or medium or campaign:
        medium = medium or _medium_of(click_id_type, source)
        referrer_source = None if source else _referred(referrer, own_hosts)
        source = source or (referrer_source[0] if referrer_source else None)
    elif click_id_type in CLICK_IDS:
        source, medium = _clicked(click_id_type, referrer, own_hosts)
    else:
        source, medium = _referred(referrer, own_hosts) or (None, None)
    channel = classify(source=source, medium=medium, campaign=campaign, click_id_type=click_id_type)
    is_direct = channel.key == "direct"
    return Origin(
        source=DIRECT_SOURCE if is_direct else source or "(not set)",
        medium=NO_MEDIUM if is_direct else medium or "(not set)",
        campaign=campaign,
        term=_known(utm_term),
        content=_known(utm_content),
        click_id_type=click_id_type,
        channel=channel,
    )


def touch_of(url: str | None, referrer: str | None, own_hosts: frozenset[str] = frozenset()) -> Origin:
    """Say where a visit came from that landed on `url` from `referrer`; the site's own host counts as own."""
    address = address_of(url or "")
    return origin_of(
        utm_source=address.tags.get("utm_source"),
        utm_medium=address.tags.get("utm_medium"),
        utm_campaign=address.tags.get("utm_campaign"),
        utm_term=address.tags.get("utm_term"),
        utm_content=address.tags.get("utm_content"),
        click_id_type=address.click_id_type,
        referrer=referrer,
        own_hosts=own_hosts | {address.host} if address.host else own_hosts,
    )


def is_own(host: str, own_hosts: frozenset[str]) -> bool:
    """Tell whether a host is one of the site's own or a subdomain of one."""
    name = without_www(host)
    return any(name == own or name.endswith("." + own) for own in map(without_www, own_hosts))


def _referred(referrer: str | None, own_hosts: frozenset[str]) -> tuple[str, str] | None:
    """Give source and medium of a referrer; None for none, for our own and for payment and sign-in pages."""
    address = address_of(referrer) if referrer else None
    if address is None or address.host is None or is_own(address.host, own_hosts):
        return None
    place = place_of(address.host, address.path or "")
    if place is None:
        return without_www(address.host), "referral"
    if place.kind == "passage":
        return None
    return place.name or without_www(address.host), _MEDIUM_BY_KIND.get(place.kind, "referral")


_MEDIUM_BY_KIND = {"search": "organic", "ai": "ai-assistant"}  # the words GA4 uses


def _clicked(click_id_type: str, referrer: str | None, own_hosts: frozenset[str]) -> tuple[str, str]:
    click = CLICK_IDS[click_id_type]
    referred = _referred(referrer, own_hosts)
    # Google's ids come from YouTube as well; only the referrer can tell.
    if click.source == "google" and referred and kind_of_source(referred[0]) == "video":
        return referred[0], click.medium
    return click.source, click.medium


def _medium_of(click_id_type: str | None, source: str | None) -> str | None:
    """Fill a missing medium from the click id, unless the tags name another platform's source."""
    click = CLICK_IDS.get(click_id_type or "")
    if click is None or not click.proves_paid:
        return None
    same = source is None or kind_of_source(source) == kind_of_source(click.source)
    return click.medium if same else None


def _known(value: str | None) -> str | None:
    """Drop blanks and the placeholders of other tools' exports."""
    text = (value or "").strip()
    return None if not text or text.lower() in PLACEHOLDERS else text
