"""The source that a file's events belong to: found by its name, made where there is none."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from tracking import sources
from tracking.models import Kind, Source
from workspaces.models import Membership, Workspace
from workspaces.refusal import Refusal

MOST_NAME_CHARS = 80


class BadSource(Refusal):
    """The source cannot take the file."""

    code = "bad_source"
    field = "source"
    status = 400


class BadHost(Refusal):
    """The text is no host name."""

    code = "bad_host"
    field = "host"
    status = 400


def find_or_make(workspace: Workspace, name: str, *, by: Membership | str, now: datetime) -> Source:
    """Give the open source of this name or slug; make one for imports where there is none."""
    name = name.strip()
    if not slugify(name) or len(name) > MOST_NAME_CHARS:
        message = _("The source needs a name of letters or digits, at most %(most)s of them.")
        raise BadSource(message % {"most": MOST_NAME_CHARS})
    named = workspace.sources.filter(slug=name) | workspace.sources.filter(name__iexact=name)
    found = named.order_by(F("closed_at").asc(nulls_first=True), "pk").first()
    if found is None:
        return sources.open_source(
            workspace, name=name, kind=Kind.IMPORT, hosts=[], origins=[], currency="", by=by, now=now
        )
    return open_one(found)


def open_one(source: Source) -> Source:
    """Give the source back, unless it is closed."""
    if source.closed_at is not None:
        raise BadSource(_("The source %(name)s is closed; choose another.") % {"name": source.name})
    return source


def add_host(source: Source, text: str, *, by: Membership | str, now: datetime) -> None:
    """Make the host name one of the source's own, so that links between its pages are no referrals."""
    try:
        host = sources.host_of(text.strip())
    except ValidationError as fault:
        raise BadHost(" ".join(fault.messages)) from fault
    if host in source.hosts:
        return
    before = {"hosts": list(source.hosts)}
    source.hosts = [*source.hosts, host]
    sources.change(source, before=before, after={"hosts": source.hosts}, by=by, now=now)
