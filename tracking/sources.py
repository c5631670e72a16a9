"""A source is opened, changed, closed: the verbs, for pages and API alike."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tracking import derive, gate
from tracking.models import MAX_ALIAS_CHARS, Kind, Source, SourceAlias
from tracking.protocols.registry import PROTOCOLS
from workspaces.founding import address_from
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.refusal import Refusal

Values = Mapping[str, Any]  # fields as JSON values
MOST_ENTRIES = 100  # hosts or origins of one source
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class SourceClosed(Refusal):
    """A closed source stays closed: its key may have been handed on."""

    code = "source_closed"


@transaction.atomic
def open_source(
    workspace: Workspace,
    *,
    name: str,
    kind: Kind,
    hosts: list[str],
    origins: list[str],
    currency: str,
    is_strict: bool = False,
    counts_programs: bool = False,
    by: Membership | str,
    now: datetime,
) -> Source:
    """Make a source with a fresh write key."""
    source = Source.objects.create(
        workspace=workspace,
        name=name,
        slug=_free_slug(workspace, name),
        kind=kind,
        hosts=hosts,
        origins=origins,
        currency=currency,
        is_strict=is_strict,
        counts_programs=counts_programs,
    )
    AuditEntry.record(by, "created", source, workspace=workspace, now=now)
    return source


@transaction.atomic
def change(source: Source, *, before: Values, after: Values, by: Membership | str, now: datetime) -> Source:
    """Save the changed fields, which the instance holds already; nothing changed leaves no trace."""
    if source.closed_at is not None:
        raise SourceClosed(_("This source is closed; open a new one."))
    if not after:
        return source
    source.revision += 1
    source.save(update_fields=[*after, "revision"])
    if "hosts" in after:
        derive.redo_everything(source.workspace_id)  # what counts as a referral has changed
    AuditEntry.record(
        by, "changed", source, workspace=source.workspace, now=now, before=dict(before), after=dict(after)
    )
    transaction.on_commit(gate.forget)
    return source


@transaction.atomic
def close(source: Source, *, by: Membership | str, now: datetime) -> bool:
    """Refuse the source's key from now on; what it sent stays. Say False where it was closed before."""
    closed = Source.objects.filter(pk=source.pk, closed_at=None).update(closed_at=now) == 1
    if closed:
        AuditEntry.record(by, "closed", source, workspace=source.workspace, now=now)
        transaction.on_commit(gate.forget)
    return closed


class KeyTaken(Refusal):
    """A key of another tool belongs to one source of one workspace: it alone says whose events they are."""

    code = "key_taken"
    field = "key"


class KeyOfServers(Refusal):
    """A key with a secret in it makes its sender a trusted server, and stands in no page's code."""

    code = "key_of_servers"
    field = "key"


@transaction.atomic
def add_alias(source: Source, *, protocol: str, key: str, by: Membership | str, now: datetime) -> SourceAlias:
    """Let the source answer to another tool's key; adding one that it has already changes nothing."""
    if source.closed_at is not None:
        raise SourceClosed(_("This source is closed; open a new one."))
    if source.kind != Kind.SERVER and protocol in PROTOCOLS and PROTOCOLS[protocol].is_secret(key):
        raise KeyOfServers(_("This key holds a secret: add it to a source of the kind “Server or app”."))
    alias, is_new = _alias(source, protocol, key, now)
    if is_new:
        _record_alias(alias, before=None, after=str(alias), by=by, now=now)
    return alias


@transaction.atomic
def remove_alias(alias: SourceAlias, *, by: Membership | str, now: datetime) -> bool:
    """Refuse the key from now on; what came by it stays. Say False where it was removed before."""
    removed = SourceAlias.objects.filter(pk=alias.pk).delete()[0] == 1
    if removed:
        _record_alias(alias, before=str(alias), after=None, by=by, now=now)
    return removed


def key_of(text: str) -> str:
    """Give another tool's key as somebody wrote it, without the space around it; raise ValidationError."""
    key = text.strip()
    if not key or not key.isprintable() or len(key) > MAX_ALIAS_CHARS:
        raise ValidationError(
            _("Write the key as it stands in the other tool, in at most %(most)s characters."),
            params={"most": MAX_ALIAS_CHARS},
        )
    return key


def _alias(source: Source, protocol: str, key: str, now: datetime) -> tuple[SourceAlias, bool]:
    named = {"workspace": source.workspace, "protocol": protocol, "key": key}
    try:
        with transaction.atomic():  # the key may be another workspace's, which this one cannot see
            alias, is_new = SourceAlias.objects.get_or_create(**named, defaults={"source": source, "created_at": now})
    except IntegrityError:
        raise KeyTaken(_("Another workspace of this installation has this key.")) from None
    if alias.source_id != source.pk:
        raise KeyTaken(_("The source %(name)s has this key.") % {"name": alias.source})
    return alias, is_new


def _record_alias(
    alias: SourceAlias, *, before: str | None, after: str | None, by: Membership | str, now: datetime
) -> None:
    source = alias.source
    AuditEntry.record(
        by, "changed", source, workspace=source.workspace, now=now, before={"key": before}, after={"key": after}
    )
    transaction.on_commit(gate.forget)


def host_of(text: str) -> str:
    """Give the host name that somebody wrote, with or without its address around it; raise ValidationError."""
    host = (urlsplit(text if "//" in text else f"//{text}").hostname or "").rstrip(".").lower()
    try:
        plain = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        plain = ""
    if not _HOST.fullmatch(plain):
        raise ValidationError(_('"%(text)s" is not a host name; write one such as shop.example'), params={"text": text})
    return plain


def origin_of(text: str) -> str:
    """Give the origin that somebody wrote: scheme, host and, where it is not the usual one, port."""
    wrong = ValidationError(
        _('"%(text)s" is not an origin; write one such as https://shop.example'), params={"text": text}
    )
    try:
        parts = urlsplit(text if "//" in text else f"https://{text}")
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in {"http", "https"} or parts.path.strip("/") or parts.query or parts.username:
        raise wrong
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host_of(parts.hostname or '')}" + (f":{port}" if port not in {None, usual} else "")


def _free_slug(workspace: Workspace, name: str) -> str:
    base = address_from(name)
    taken = {"new", *workspace.sources.filter(slug__startswith=base).values_list("slug", flat=True)}  # "new" is a page
    candidates = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 2))]
    return next(slug for slug in candidates if slug not in taken)
