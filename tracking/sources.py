"""A source is opened, changed, closed: the verbs, for pages and API alike."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tracking import derive, gate
from tracking.models import Kind, Source
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
