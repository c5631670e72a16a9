"""What the hot path must know of a source and of a request: small frozen values, no look-ups."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from tracking.event import MAX_AGE_US
from tracking.planned import Plan

Network = IPv4Network | IPv6Network
WRITE_KEYS_BEGIN = "wk_"  # our own, which tell themselves from other tools' keys by it


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRules:
    """What a source's settings mean to one event.

    source_id            enters the visitor hash, so that two sources cannot be joined by it
    is_server            a secret key: trusted with ip and user_agent of others, must send event ids
    currency             ISO 4217, for values sent without one; None: such values are rejected
    own_networks         the team's addresses, filtered
    honours_do_not_track the optional switch for the deprecated DNT header
    keeps_bots           count bots as well (a site's monitoring, a test)
    max_age_us           older events are rejected at the door
    plan                 what was agreed; None: events are not held against it
    is_strict            what is not as agreed is held back; else it is accepted and marked
    """

    source_id: int
    is_server: bool = False
    currency: str | None = None
    own_networks: tuple[Network, ...] = ()
    honours_do_not_track: bool = False
    keeps_bots: bool = False
    max_age_us: int = MAX_AGE_US
    plan: Plan | None = None
    is_strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What the HTTP request says of its sender; the address is used for the visitor hash and never stored."""

    ip: str | None = None
    user_agent: str = ""
    language: str | None = None  # first tag of Accept-Language
    has_gpc: bool = False  # Sec-GPC: 1
    has_dnt: bool = False  # DNT: 1
    purpose: str = ""  # Sec-Purpose, Purpose or X-Moz, whichever was sent
