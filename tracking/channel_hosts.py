"""Looks hosts and source names up in channel_hosts.csv: search, social, video, a shop, a payment page."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tracking.campaign import without_www

_FILE = Path(__file__).with_name("channel_hosts.csv")

# "google.co.uk" is "google" and a country part; ".com" stands among the countries because the row says ".*".
_COUNTRY_PART = re.compile(r"(?P<stem>.+?)\.(?:com|(?:(?:co|com|org|net|ne|or)\.)?[a-z]{2})")


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the table; `name` is the source's name in reports, None where the host serves."""

    kind: str
    label: str
    path: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Places:
    """The table, ready to look up: rows of a host with the longest path first, kinds by source name."""

    by_host: dict[str, tuple[Place, ...]]
    kind_by_name: dict[str, str]


@lru_cache(maxsize=16_384)
def place_of(host: str, path: str = "") -> Place | None:
    """Find the row for a host, else for the nearest of its parents: mail.google.com before google.com.

    host  lower case; a leading www. does not matter
    path  of the address, where known: some rows hold for a part of a site only
    """
    candidate = without_www(host)
    while candidate:
        for key in _keys_of(candidate):
            for place in PLACES.by_host.get(key, ()):
                if path.startswith(place.path):
                    return place
        candidate = candidate.partition(".")[2]
    return None


def kind_of_source(source: str) -> str | None:
    """Give the kind of what people wrote as a source: a name such as "facebook", or a host."""
    name = source.lower()
    known = PLACES.kind_by_name.get(name)
    if known is not None or "." not in name:
        return known
    place = place_of(name)
    return place.kind if place else None


def _keys_of(host: str) -> tuple[str, ...]:
    found = _COUNTRY_PART.fullmatch(host)
    return (host, f"{found['stem']}.*") if found else (host,)


def _read(lines: Iterable[str]) -> Places:
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    # All hosts of one label share its name, so that pinterest.se and pinterest.com are one source.
    names = {(row["kind"], row["label"]): row["names"].split() for row in rows if row["names"]}
    by_host: dict[str, list[Place]] = {}
    for row in rows:
        known = names.get((row["kind"], row["label"]))
        place = Place(row["kind"], row["label"], row["path"], known[0] if known else None)
        by_host.setdefault(row["host"], []).append(place)
    return Places(
        by_host={host: tuple(sorted(places, key=lambda place: -len(place.path))) for host, places in by_host.items()},
        kind_by_name={name: kind for (kind, _), known in names.items() for name in known},
    )


PLACES = _read(_FILE.read_text(encoding="utf-8").splitlines())
