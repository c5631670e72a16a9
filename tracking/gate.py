"""What the door must know of a source's key: one frozen value, read from the database every few seconds at most."""

import time
from dataclasses import dataclass, replace

from django.conf import settings

from tracking.agreed import plan_of
from tracking.event import DAY_US
from tracking.ledger import Origin
from tracking.models import MAX_ALIAS_CHARS, Kind, Source, SourceAlias
from tracking.planned import Plan
from tracking.rules import SourceRules
from workspaces import scope

KEPT_SECONDS = 5.0  # how long a closed source's key, or a changed setting, may still be served
MOST_KEYS = 10_000  # keys that nobody gave out are remembered too, so that guessing does not reach the database twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """An open source as the door sees it.

    origins  the pages that may send, as "https://shop.example", lower case; empty: any
    by_alias it was found by another tool's key
    """

    origin: Origin
    rules: SourceRules
    origins: frozenset[str] = frozenset()
    by_alias: bool = False

    def admits(self, page: str | None) -> bool:
        """Say whether a browser on this page may send; what is no browser says no page."""
        return page is None or not self.origins or page.lower() in self.origins

    def without_trust(self) -> "Gate":
        """Give the source as it is to somebody who knows no secret of it: nobody's server."""
        return replace(self, rules=replace(self.rules, is_server=False)) if self.rules.is_server else self

    def as_programs_see_it(self) -> "Gate":
        """Give the source without trust to whoever uses a public key: to a server's source still a program."""
        if not self.rules.is_server:
            return self
        return replace(self, rules=replace(self.rules, is_server=False, keeps_bots=True))


def find(key: str, *, protocol: str = "own", clock: float | None = None) -> Gate | None:
    """Give the open source of the key; None for an unknown key and for a closed source's.

    key       one of our write keys, which every protocol takes, or the vendor's own that a source answers to
    clock     seconds of the monotonic clock
    raises    django.db.OperationalError where the key has to be read and the database is away
    """
    now = time.monotonic() if clock is None else clock
    held = _held.get((protocol, key))
    if held is not None and held[0] > now:
        return held[1]
    gate = _read(protocol, key)
    if len(_held) >= MOST_KEYS:
        _held.clear()
    _held[protocol, key] = (now + KEPT_SECONDS, gate)
    return gate


def forget() -> None:
    """Read every key anew: this process has changed a source."""
    _held.clear()


_held: dict[tuple[str, str], tuple[float, Gate | None]] = {}


def _read(protocol: str, key: str) -> Gate | None:
    # Keys are short and readable; anything else, a NUL among them, is not worth a question.
    if not key.isprintable() or len(key) > MAX_ALIAS_CHARS:
        return None
    with scope.presenting(key):
        source = Source.objects.filter(write_key=key, closed_at=None).first()
        alias = None if source else SourceAlias.objects.filter(protocol=protocol, key=key).first()
    found = source or alias
    if found is None:
        return None
    with scope.in_workspace(found.workspace_id):
        if alias is not None:
            source = Source.objects.filter(pk=alias.source_id, closed_at=None).first()
        return replace(gate_of(source, plan_of(source.workspace_id)), by_alias=alias is not None) if source else None


def gate_of(source: Source, plan: Plan | None = None) -> Gate:
    """Put a source's settings into the door's words."""
    return Gate(
        origin=Origin(workspace_id=source.workspace_id, source_id=source.pk),
        rules=rules_of(source, plan),
        origins=frozenset(origin.lower() for origin in source.origins),
    )


def rules_of(source: Source, plan: Plan | None = None) -> SourceRules:
    """Put a source's settings into the pipeline's words."""
    return SourceRules(
        source_id=source.pk,
        is_server=source.kind == Kind.SERVER,
        currency=source.currency or None,
        max_age_us=settings.TOO_OLD_DAYS * DAY_US,
        plan=plan,
        is_strict=source.is_strict,
        keeps_bots=source.counts_programs,
    )
