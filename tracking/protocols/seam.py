"""What a protocol is: a request in, parcels for sources out, and the words in which its clients hear the answer.

A protocol is one file, or the `door.py` of a folder, that has a `PROTOCOL = Protocol(...)`, and one line in
`tracking.protocols.registry`. It is pure: it knows no database and no framework. `tracking.collect` drives it:

    open    the raw request to parcels, each with the vendor's own key; no source is known yet
    read    a parcel to events, by the rules of the source that was found
    accept  what became of the items to the answer that the vendor's clients expect
    refuse  a refusal of the whole request to theirs
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tracking.event import MAX_BODY_BYTES, Problem, Result
from tracking.protocols.parsed import Parsed
from tracking.rules import Sender, SourceRules

# The header that names the reason where a vendor's client hears only what its vendor would say.
REASON = "X-Measureplan-Refused"


class Incoming(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One request as it came.

    path      decoded, with its leading slash
    query     raw, without its question mark
    headers   by lower-case name
    body      raw; empty where `fault` is set
    fault     why there is no body: it is too large, or it broke off
    address   of the socket; behind a proxy it is the proxy's
    is_secure whether it came by https, as far as trusted proxies say
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = {}
    body: bytes = b""
    fault: Problem | None = None
    address: str | None = None
    is_secure: bool = True

    def cookies(self) -> dict[str, str]:
        """Give the cookies by name, as they were sent."""
        pairs = (each.strip().partition("=") for each in self.headers.get("cookie", "").split(";"))
        return {name: value for name, mark, value in pairs if mark}


class Reply(msgspec.Struct, frozen=True, gc=False):
    """An answer; `body` bytes of the Content-Type that the headers name."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why a whole request was refused.

    status        as our own protocol says it: 400, 401, 403, 405, 413, 429, 503
    code          a DropReason, or method_not_allowed, rate_limited, unavailable
    facts         numbers that programs read: position, limit
    wait_seconds  after how long the same request may succeed; None: never
    """

    status: int
    code: str
    detail: str
    pointer: str = ""
    facts: Mapping[str, int] = {}
    wait_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a request holds for one source.

    key         the vendor's own key, or one of our write keys; None: the request names none
    public_key  one that pages show to everybody; asked for where `key` finds nothing, and never trusted as a server's
    content     what `read` of the same protocol takes
    items       how many items, for the source's allowance
    problem     what is wrong with all of it: it is refused, and counted where the key is known
    raw         the beginning of what was refused, for quarantine; empty: nothing is kept
    """

    key: str | None
    public_key: str | None = None
    content: Any = None  # Any: each protocol's own
    items: int = 1
    problem: Problem | None = None
    raw: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """By what a parcel is read: its source's rules, its request's sender, the day's secret, the server's clock.

    salt    today's secret for visitors without an id, at most 64 bytes
    now_us  of receipt
    """

    rules: SourceRules
    sender: Sender
    salt: bytes
    now_us: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a parcel: a result for each item, or the refusal of all of it."""

    parcel: Parcel
    results: Sequence[Result] = ()
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cors:
    """What browsers are told before they send from another site's page; the page's origin is echoed.

    headers      those that the vendor's browser client sends
    credentials  the client sends with cookies, and throws the answer away unless that is allowed; none is ever read
    """

    headers: str = "Content-Type, Content-Encoding"
    expose: str = "Retry-After"
    credentials: bool = False


Opener = Callable[[Incoming], Sequence[Parcel] | Reply]
Read = Callable[[Parcel, Terms], Parsed]
Accept = Callable[[Incoming, Sequence[Taken]], Reply]
Refuse = Callable[[Incoming, Refusal], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """An address: `path` as Django's path() takes it, without the leading slash; with parts in <> it has no fast way.

    open  takes the request apart; a Reply is the answer, and no source is asked for
    """

    path: str
    open: Opener
    methods: tuple[str, ...] = ("POST",)

    @property
    def allow(self) -> str:
        """Name the methods as the header Allow does."""
        return ", ".join((*self.methods, "OPTIONS"))


def _never(_key: str) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A vendor's way of sending; `name` stands on its events and beside its keys.

    label      what people call it
    key        what the vendor calls its key; "" where there is none to enter: our own write key alone is taken
    refuse     None: problem details, as in the rest of the API
    is_secret  tells a key that only servers may hold from those that pages show
    keys_are_public  the vendor's keys stand in pages: they find a source, and earn nobody a server's trust
    """

    name: str
    label: str
    key: str
    routes: Sequence[Route]
    read: Read
    accept: Accept
    refuse: Refuse | None = None
    is_secret: Callable[[str], bool] = _never
    keys_are_public: bool = False
    cors: Cors = field(default_factory=Cors)
    max_body_bytes: int = MAX_BODY_BYTES
