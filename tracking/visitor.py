"""Pseudonyms for visitors without an id: a daily salted hash, from which nobody is found again tomorrow."""

import ipaddress
from functools import lru_cache
from hashlib import blake2b

from tracking.event import COOKIELESS_PREFIX

IPV4_KEPT_BITS = 24
IPV6_KEPT_BITS = 48  # what a provider gives to one household or more


@lru_cache(maxsize=16_384)
def daily_visitor(*, salt: bytes, ip: str, user_agent: str, source_id: int) -> str:
    """Hash address and browser with the day's salt; 24 hexadecimal characters behind the cookieless prefix.

    salt     secret bytes, at most 64, a new one each day and deleted afterwards: without it the hash
             could be undone by trying all addresses
    returns  the same id for the same four values; the source is among them, so sites cannot be joined
    source   the scheme that Plausible publishes; SEMANTICS 6
    """
    # Lengths before the parts, so that no two different pairs of parts give the same input.
    said = f"{source_id}:{len(ip)}:{ip}:{user_agent}".encode("utf-8", "replace")
    return COOKIELESS_PREFIX + blake2b(said, key=salt, digest_size=12).hexdigest()


def lone_visitor(*, source_id: int, event_id: str) -> str:
    """Name the visitor of an event that nobody is known by: it stands alone, and a retry names it the same."""
    alone = blake2b(f"{source_id}:{event_id}".encode("utf-8", "replace"), digest_size=12)
    return COOKIELESS_PREFIX + alone.hexdigest()


def truncate_ip(ip: str) -> str | None:
    """Cut an address to its /24 or /48 network's first address; None where it is no address."""
    try:
        address = ipaddress.ip_address(ip.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped  # ::ffff:192.0.2.7 is an IPv4 visitor behind an IPv6 socket
    bits = IPV4_KEPT_BITS if address.version == 4 else IPV6_KEPT_BITS
    return str(ipaddress.ip_network((address, bits), strict=False).network_address)
