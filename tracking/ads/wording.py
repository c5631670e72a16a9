"""A workspace teaches what its reports call their columns, and takes it back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tracking.ads.words import Field, key_of
from tracking.models import AdWord
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.refusal import Refusal

MOST_WORDS = 500


class BadWord(Refusal):
    """The header cannot be taken."""

    code = "bad_word"
    field = "header"
    status = 400


@transaction.atomic
def add(workspace: Workspace, *, header: str, field: Field, by: Membership | str, now: datetime) -> AdWord:
    """Let the header name the column from now on; a header that is there already names the new one."""
    key = key_of(header)
    if not key:
        raise BadWord(_("Write the header as it stands in the report."))
    if AdWord.objects.filter(workspace=workspace).count() >= MOST_WORDS:
        raise BadWord(_("A workspace has at most %(most)s words of its own.") % {"most": MOST_WORDS})
    row, is_new = AdWord.objects.update_or_create(
        workspace=workspace, key=key, defaults={"header": header.strip(), "field": str(field)}
    )
    act = "created" if is_new else "changed"
    AuditEntry.record(by, act, row, workspace=workspace, now=now, after={"header": row.header, "field": row.field})
    return row


@transaction.atomic
def remove(row: AdWord, *, by: Membership | str, now: datetime) -> bool:
    """Forget the header; say False where it was gone before."""
    gone = AdWord.objects.filter(pk=row.pk).delete()[0] == 1
    if gone:
        before = {"header": row.header, "field": row.field}
        AuditEntry.record(by, "removed", row, workspace=row.workspace, now=now, before=before)
    return gone
