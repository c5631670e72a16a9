"""How a source's events are sent: for each kind of set-up the code to copy, with key and address filled in."""

from collections.abc import Iterable
from dataclasses import dataclass
from string import Template
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracking import snippet_texts as texts
from tracking import tag
from tracking.models import Kind, Source, SourceAlias
from tracking.protocols.registry import PROTOCOLS

BROWSER, SERVER = frozenset({Kind.BROWSER}), frozenset({Kind.SERVER})
ANY = BROWSER | SERVER


@dataclass(frozen=True, slots=True)
class Piece:
    """Code of a set-up before its places are filled in; `kinds` of sources that it is for: a server's key is secret."""

    label: str | Promise
    text: str
    kinds: frozenset[str] = BROWSER


@dataclass(frozen=True, slots=True)
class Way:
    """A set-up that a site may have already.

    name      in the page's address
    about     what is changed in it, and what that does
    protocol  whose key stands in the code; "" our own
    stand_in  what stands there while the tool's key is unknown; "" our write key, which the door takes as well
    """

    name: str
    label: str | Promise
    about: str | Promise
    pieces: tuple[Piece, ...]
    protocol: str = ""
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of code and what it is called."""

    label: str | Promise
    text: str


WAYS = (
    Way(
        "tag",
        _("Our own tag"),
        _("It needs nothing else, stores nothing on the visitor's device without consent, and notices most by itself."),
        (
            Piece(_("Our own tag, in the head of every page"), texts.TAG),
            Piece(_("An order, where it is confirmed"), texts.CALL),
            Piece(_("What the visitor agreed to"), texts.CONSENT),
        ),
    ),
    Way(
        "gtm",
        _("Tag manager"),
        _("A tag of the type “Custom HTML”, fired on all pages. The tag manager drops attributes of script elements,"
          " so this code sets the key itself."),
        (
            Piece(_("The tag"), texts.TAG_MANAGER),
            Piece(_("An order, in a tag of its own that fires where it is confirmed"), texts.TAG_MANAGER_CALL),
        ),
    ),
    Way(
        "ga4",
        "Google Analytics 4",
        _("One setting of what is there. Its events come here instead of to Google."),
        (
            Piece(_("In every page"), texts.GTAG),
            Piece(_("Measurement Protocol: this address, and the write key as API secret"), texts.GA4_SERVER, SERVER),
        ),
        protocol="ga4",
        stand_in="G-XXXXXXXXXX",
    ),
    Way(
        "segment",
        "Segment",
        _("The library stays, also RudderStack's; its events come here instead."),
        (
            Piece(_("In the browser"), texts.SEGMENT_BROWSER),
            Piece("Node.js", texts.SEGMENT_NODE, SERVER),
            Piece("Python", texts.SEGMENT_PYTHON, SERVER),
        ),
        protocol="segment",
    ),
    Way(
        "matomo",
        "Matomo",
        _("The address changes; the site's number stays."),
        (Piece(_("In every page"), texts.MATOMO), Piece("Node.js", texts.MATOMO_NODE, SERVER)),
        protocol="matomo",
    ),
    Way(
        "plausible",
        "Plausible",
        _("The script stays; one attribute tells it where to send."),
        (Piece(_("In every page"), texts.PLAUSIBLE), Piece(_("From npm"), texts.PLAUSIBLE_NPM)),
        protocol="plausible",
    ),
    Way(
        "umami",
        "Umami",
        _("The script or the library stays; one setting tells it where to send."),
        (
            Piece(_("In every page"), texts.UMAMI),
            Piece("Node.js", texts.UMAMI_NODE, SERVER),
            Piece("Python", texts.UMAMI_PYTHON, SERVER),
        ),
        protocol="umami",
    ),
    Way(
        "snowplow",
        "Snowplow",
        _("The tracker stays; this server is its collector."),
        (
            Piece(_("In the browser"), texts.SNOWPLOW_BROWSER),
            Piece("Python", texts.SNOWPLOW_PYTHON, SERVER),
        ),
        protocol="snowplow",
    ),
    Way(
        "posthog",
        "PostHog",
        _("The library stays; its address changes. Flags, recordings and surveys are not served here."),
        (
            Piece(_("In the browser"), texts.POSTHOG_BROWSER),
            Piece("Node.js", texts.POSTHOG_NODE, SERVER),
            Piece("Python", texts.POSTHOG_PYTHON, SERVER),
        ),
        protocol="posthog",
    ),
    Way(
        "meta",
        "Meta Conversions API",
        _("A server that tells Meta of its conversions tells this one as well, or instead."),
        (
            Piece(_("On the command line"), texts.META_CURL, SERVER),
            Piece("Python", texts.META_PYTHON, SERVER),
        ),
        protocol="meta",
    ),
    Way(
        "call",
        _("A server of your own"),
        _("One request for each thing that happened. The same event_id counts once, however often it is sent."),
        (Piece(_("On the command line"), texts.CURL, ANY), Piece("Python", texts.PYTHON, ANY)),
    ),
)  # fmt: skip


def ways_of(source: Source) -> list[Way]:
    """Give the set-ups that can send to the source."""
    return [
        way
        for way in WAYS
        if (not way.protocol or way.protocol in PROTOCOLS) and any(source.kind in piece.kinds for piece in way.pieces)
    ]


def snippets_of(source: Source, way: Way, aliases: Iterable[SourceAlias] = ()) -> list[Snippet]:
    """Give the code of a set-up, filled in for the source, with the first of the tool's keys that it answers to."""
    key = key_of(way, aliases) or way.stand_in or source.write_key
    facts = {
        "key": key,
        "write_key": source.write_key,
        "address": settings.BASE_URL,
        "host": urlsplit(settings.BASE_URL).netloc,
        "script": tag.address(),
        "stub": tag.STUB,
    }
    pieces = [piece for piece in way.pieces if source.kind in piece.kinds]
    return [Snippet(piece.label, Template(piece.text).substitute(facts)) for piece in pieces]


def has_key(way: Way, source: Source) -> bool:
    """Say whether the tool has a key of its own that the source can answer to, and that its code would hold."""
    texts = [piece.text for piece in way.pieces if source.kind in piece.kinds]
    return bool(way.protocol and PROTOCOLS[way.protocol].key) and any("$key" in text for text in texts)


def key_of(way: Way, aliases: Iterable[SourceAlias]) -> str | None:
    """Give the tool's own key, where the source answers to one; those with a colon hold a secret and are not shown."""
    return next((alias.key for alias in aliases if alias.protocol == way.protocol and ":" not in alias.key), None)
