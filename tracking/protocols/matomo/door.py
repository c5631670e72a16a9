"""Matomo's tracking requests in, Events out: from its tag, its images, its SDKs and whatever speaks its HTTP API.

A request is a query string, a form, or many query strings within JSON. The site's number is the key; where two Matomo
servers have the same number, the address has a key instead: /m/<key>/matomo.php.
source  PROTOCOLS A.4
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec

from tracking.event import (
    MAX_EVENT_BYTES,
    QUARANTINE_BYTES,
    Drop,
    DropReason,
    Problem,
    Status,
)
from tracking.protocols.answers import as_json, as_pixel, as_text
from tracking.protocols.bodies import too_many, unpacked
from tracking.protocols.json_items import decode_item
from tracking.protocols.json_split import split
from tracking.protocols.matomo.hit import Given, fields_of
from tracking.protocols.parsed import Parsed
from tracking.protocols.queries import Parameters, parameters_of, readable, text_of_query
from tracking.protocols.seam import REASON, Cors, Incoming, Parcel, Protocol, Refusal, Reply, Route, Taken, Terms
from tracking.protocols.translating import Item, Outcome, Refused, member, read_items
from tracking.rules import WRITE_KEYS_BEGIN

NAME = "matomo"
MOST_SITES = 50  # in one bulk request: each is looked up
# What a retry of the same request may say otherwise (its tag asks for an image where a POST failed), and the secret,
# which belongs neither into an id nor into quarantine.
_LEFT_OUT = frozenset({"token_auth", "send_image"})
_TOKEN = re.compile(rb"(token_auth[\"'\s]*[=:][\"'\s]*)[^&\"',}\s]+")
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Hit(msgspec.Struct, frozen=True):
    """One tracking request, decoded; `raw` without what must not be kept."""

    told: Mapping[str, str]
    raw: bytes
    is_mended: bool


class Hits(msgspec.Struct, frozen=True):
    """The tracking requests for one site, in the order that they came in.

    places     of each in the bulk request
    is_bulk    they came in JSON, and its sender waits for counts
    is_silent  the sender wants no image, or no counts
    is_secret  more than the site's number names them
    page       the header Referer
    """

    hits: Sequence[Hit | Refused]
    places: Sequence[int]
    is_bulk: bool
    is_silent: bool
    is_secret: bool
    page: str


def open_request(incoming: Incoming) -> Sequence[Parcel] | Reply:
    """Take a request apart: one parcel for each site that it speaks of."""
    if incoming.method == "GET" and not incoming.query:
        return as_text(200, "Matomo's tracking requests are taken at this address.\n")
    body = unpacked(incoming)
    if isinstance(body, Problem):
        return _refused(incoming, body)
    return _open_bulk(incoming, body) if _is_json(body) else _open_single(incoming, body)


def _open_single(incoming: Incoming, body: bytes) -> Sequence[Parcel]:
    parts = (body.decode("utf-8", "replace"), text_of_query(incoming.query))
    size = sum(map(len, parts))
    read = [parameters_of(part[:MAX_EVENT_BYTES].strip()) for part in parts]
    merged = {name: value for each in read for name, value in each.values.items()}  # the address wins, as in Matomo
    hit = _hit(Parameters(merged, any(each.is_mended for each in read)))
    sent = hit if size <= MAX_EVENT_BYTES else Refused(_too_large(size), hit.raw)
    key, is_silent = _key_of(incoming, merged), merged.get("send_image") == "0"
    return (_parcel(key, Hits((sent,), (0,), False, is_silent, _is_secret(key), _page(incoming))),)


def _open_bulk(incoming: Incoming, body: bytes) -> Sequence[Parcel]:
    parts = split(body, items_key="requests", known=("token_auth", "send_image"))
    if isinstance(parts, Problem):
        return _refused(incoming, parts, body)
    if problem := too_many(len(parts.items), "requests"):
        return _refused(incoming, problem)
    token = _text_of(member(parts.members.get("token_auth")))
    is_silent = _text_of(member(parts.members.get("send_image"))) == "0"
    by_key: dict[str | None, list[tuple[int, Hit | Refused]]] = {}
    for place, raw in enumerate(parts.items):
        hit = _bulk_hit(raw)
        told = hit.told if isinstance(hit, Hit) else {}
        by_key.setdefault(_key_of(incoming, told, token), []).append((place, hit))
    if problem := too_many(len(by_key), "sites", most=MOST_SITES):
        return _refused(incoming, problem)
    parcels = []
    for key, placed in by_key.items():
        places, hits = zip(*placed, strict=True)
        parcels.append(_parcel(key, Hits(hits, places, True, is_silent, _is_secret(key), _page(incoming))))
    return parcels or _refused(incoming, Problem(400, DropReason.INVALID_SHAPE, "there is no request in it"))


def read(parcel: Parcel, terms: Terms) -> Parsed:
    """Judge the requests; only a server that a secret names speaks of other addresses, and of times long ago."""
    content: Hits = parcel.content
    given = Given(
        now_us=terms.now_us,
        is_server=terms.rules.is_server,
        is_trusted=terms.rules.is_server and content.is_secret,
        currency=terms.rules.currency,
        page=content.page,
    )
    return read_items([_outcome(hit, given) for hit in content.hits], terms, protocol=NAME)


def accept(_incoming: Incoming, taken: Sequence[Taken]) -> Reply:
    """Say what Matomo says: an image or nothing for one request, counts for many."""
    contents: list[Hits] = [each.parcel.content for each in taken]
    invalid = sorted(place for each in taken for place in _invalid_of(each))
    if contents[0].is_bulk:
        return _counts(contents, invalid)
    reason = {REASON: taken[0].results[0].code} if invalid else {}
    if contents[0].is_silent:
        return Reply(204, b"", reason)
    return as_pixel(400 if invalid else 200, reason)


def refuse(incoming: Incoming, refusal: Refusal) -> Reply:
    """Say what Matomo says; that nothing can be stored now is said to all, for there are clients that try again."""
    if _is_json(incoming.body) or incoming.body.startswith(b"\x1f\x8b"):
        status = {401: 400}.get(refusal.status, refusal.status)
        told = {"status": "error", "tracked": 0, "invalid": 0, "message": refusal.detail}
        return as_json(status, told)
    status = {401: 400, 413: 400}.get(refusal.status, refusal.status)
    parts = (text_of_query(incoming.query), incoming.body[:MAX_EVENT_BYTES].decode("utf-8", "replace"))
    is_silent = any(parameters_of(part.strip()).values.get("send_image") == "0" for part in parts)
    if is_silent:
        return Reply(204 if status == 400 else status)
    return as_pixel(status)


def _counts(contents: Sequence[Hits], invalid: Sequence[int]) -> Reply:
    if contents[0].is_silent:
        return Reply(204)
    sent = sum(len(each.hits) for each in contents)
    told: dict[str, Any] = {"status": "success", "tracked": sent - len(invalid), "invalid": len(invalid)}
    if any(each.is_secret for each in contents):
        told["invalid_indices"] = invalid
    return as_json(200, told)


def _invalid_of(taken: Taken) -> Sequence[int]:
    places = taken.parcel.content.places
    if taken.refusal is not None:
        return places  # type: ignore[no-any-return]  # content is Any
    return [places[result.index] for result in taken.results if result.status is Status.REJECTED]


def _outcome(hit: Hit | Refused, given: Given) -> Outcome:
    if isinstance(hit, Refused):
        return hit
    fields = fields_of(hit.told, given)
    if isinstance(fields, Drop):
        return Refused(fields, hit.raw)
    # How long ago it was is another number in each retry, and gives another second: then the content decides.
    return Item(fields, hit.raw, hit.is_mended, says_when=bool(hit.told.get("cdt")))


def _refused(incoming: Incoming, problem: Problem, body: bytes = b"") -> Sequence[Parcel]:
    kept = _without_token(body)[:QUARANTINE_BYTES]
    return (Parcel(key=_key_in_path(incoming), problem=problem, raw=kept),)


def _without_token(raw: bytes) -> bytes:
    """Take the secret out of what cannot be read, whichever way it is written there."""
    return _TOKEN.sub(rb"\1", raw)


def _parcel(key: str | None, hits: Hits) -> Parcel:
    nobody = Problem(400, DropReason.INVALID_SHAPE, "idsite is missing", pointer="/idsite")
    return Parcel(key=key, content=hits, items=len(hits.hits), problem=nobody if key is None else None)


def _bulk_hit(raw: bytes) -> Hit | Refused:
    """Read a member of a bulk request: a query string, an address with one, or an object of parameters."""
    wrapped = decode_item(b'{"it":%b}' % raw)
    if isinstance(wrapped, Drop):
        return Refused(wrapped, _without_token(raw))
    told = wrapped.fields["it"]
    if isinstance(told, str):
        query = told.partition("?")[2] if "?" in told else told
        found = parameters_of(query)
        return _hit(Parameters(found.values, found.is_mended or wrapped.is_mended))
    if isinstance(told, dict):
        return _hit(Parameters({name: _text_of(value) for name, value in told.items()}, wrapped.is_mended))
    return Refused(
        Drop(DropReason.NOT_AN_OBJECT, "a request is a query string or an object of parameters"), _without_token(raw)
    )


def _hit(found: Parameters) -> Hit:
    kept = {name: value for name, value in found.values.items() if name not in _LEFT_OUT}
    return Hit(found.values, urlencode(kept, errors="replace").encode(), found.is_mended)


def _text_of(value: Any) -> str:
    """Give a JSON value as a query string would have it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if value is None:
        return ""
    return value if isinstance(value, str) else _encode(value).decode()


def _key_of(incoming: Incoming, told: Mapping[str, str], token: str = "") -> str | None:
    """Give the key of the address, else the site's number with its token, else that alone."""
    in_path = _key_in_path(incoming)
    if in_path is not None:
        return in_path
    site, token = told.get("idsite", "").strip(), token or told.get("token_auth", "")
    # "anonymous" is what Matomo calls having none.
    return f"{site}:{token}" if site and token not in {"", "anonymous"} else site or None


def _is_secret(key: str | None) -> bool:
    """Tell a key that only its owner knows from a site's number; a browser's source gains nothing by it."""
    return key is not None and (key.startswith(WRITE_KEYS_BEGIN) or ":" in key)


def _key_in_path(incoming: Incoming) -> str | None:
    parts = incoming.path.split("/")
    return readable(parts[2]) if len(parts) == 4 and parts[1] == "m" else None


def _page(incoming: Incoming) -> str:
    return readable(incoming.headers.get("referer", ""))


def _is_json(body: bytes) -> bool:
    return body.lstrip()[:1] == b"{"  # its tag calls JSON a form


def _too_large(size: int) -> Drop:
    return Drop(DropReason.EVENT_TOO_LARGE, f"the request has {size} bytes; at most {MAX_EVENT_BYTES} are taken")


PROTOCOL = Protocol(
    name=NAME,
    label="Matomo",
    key="idsite",
    routes=[
        Route(path, open_request, methods=("GET", "POST"))
        for path in ("matomo.php", "piwik.php", "js/", "m/<str:key>/matomo.php", "m/<str:key>/piwik.php")
    ],
    read=read,
    accept=accept,
    refuse=refuse,
    cors=Cors(credentials=True),
)
