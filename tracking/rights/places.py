"""Every place beside the lake that may name a person: one function each, and one list of them.

A function removes what names the subject and gives how many things that were; called again it finds nothing. All are
called inside the workspace, in one transaction.
"""

import json
from collections.abc import Callable

import msgspec
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracking import held
from tracking.event import unpack
from tracking.identity import person_of_user
from tracking.imports import uploads
from tracking.models import (
    IdentityLink,
    Import,
    ImportState,
    LakeState,
    Latest,
    PersonOf,
    Quarantined,
    UnmatchedConversion,
)
from tracking.models.imports import UNDER_WAY
from tracking.rights.mentions import Mentions
from tracking.rights.subject import Subject
from workspaces.models import IdempotentReply

Place = Callable[[int, Subject], int]
AT_A_TIME = 500


def links(workspace_id: int, subject: Subject) -> int:
    """Remove who was seen as whom; devices that others share are placed anew among those who are left."""
    linked = IdentityLink.objects.filter(Q(visitor_id__in=subject.visitors) | Q(user_id__in=subject.users))
    persons = [person_of_user(user_id) for user_id in subject.users]
    placed = PersonOf.objects.filter(
        Q(visitor_id__in=subject.visitors)
        | Q(user_id__in=subject.users)
        | Q(person_id__in=[*persons, *subject.visitors])
    )
    gone = placed.delete()[0]
    count = linked.delete()[0]
    IdentityLink.objects.filter(visitor_id__in=subject.shared).update(is_resolved=False)
    if gone or count:
        LakeState.objects.filter(workspace_id=workspace_id).update(people_changed=F("people_changed") + 1)
    return count


def quarantined(workspace_id: int, subject: Subject) -> int:  # noqa: ARG001  # the seals show this workspace alone
    """Remove refused examples."""
    mentions = Mentions(subject.ids)
    named = [
        row.pk
        for row in Quarantined.objects.iterator(chunk_size=AT_A_TIME)
        if mentions.in_text(bytes(row.raw))
        or mentions.in_text(f"{row.pointer} {row.message}".encode())
        or (row.held and mentions.in_text(msgspec.json.encode(held.unpack(bytes(row.held)))))
    ]
    return Quarantined.objects.filter(pk__in=named).delete()[0]


def just_arrived(workspace_id: int, subject: Subject) -> int:  # noqa: ARG001
    """Remove live views of a source, an hour of what arrived, in which an address or a property names the subject."""
    mentions = Mentions(subject.ids)
    named = [row.pk for row in Latest.objects.all() if mentions.in_text(json.dumps(row.events).encode())]
    return Latest.objects.filter(pk__in=named).delete()[0]


def waiting_conversions(workspace_id: int, subject: Subject) -> int:  # noqa: ARG001
    """Remove conversions of a CRM that wait for a visitor to be theirs."""
    mentions = Mentions(subject.ids)
    named = [
        row.pk
        for row in UnmatchedConversion.objects.iterator(chunk_size=AT_A_TIME)
        if any(mentions.in_text(msgspec.json.encode(event)) for event in unpack(bytes(row.event)))
    ]
    return UnmatchedConversion.objects.filter(pk__in=named).delete()[0]


def replies(workspace_id: int, subject: Subject) -> int:  # noqa: ARG001
    """Remove answers that are kept to be given again."""
    mentions = Mentions(subject.ids)
    named = [
        row.pk for row in IdempotentReply.objects.iterator(chunk_size=AT_A_TIME) if mentions.in_text(bytes(row.body))
    ]
    return IdempotentReply.objects.filter(pk__in=named).delete()[0]


def imported_files(workspace_id: int, subject: Subject) -> int:  # noqa: ARG001
    """Remove uploaded files, and the examples that their dry runs kept; not of those that a worker has."""
    mentions, found = Mentions(subject.ids), 0
    for row in Import.objects.exclude(state__in=_AT_WORK):
        found += _forget_examples(row, mentions) | _forget_file(row, mentions)
    return found


def files_in_work(subject: Subject) -> bool:
    """Say whether a worker is at a file that names the subject; call it inside the workspace."""
    mentions = Mentions(subject.ids)
    return any(mentions.in_file(uploads.path_of(row.stored_as)) for row in Import.objects.filter(state__in=_AT_WORK))


PLACES: dict[str, Place] = {
    "links": links,
    "refused_examples": quarantined,
    "just_arrived": just_arrived,
    "waiting_conversions": waiting_conversions,
    "kept_answers": replies,
    "imported_files": imported_files,
}
LABELS: dict[str, Promise] = {
    "events": gettext_lazy("Events"),
    "links": gettext_lazy("Links of devices with accounts"),
    "refused_examples": gettext_lazy("Refused examples"),
    "just_arrived": gettext_lazy("Views of what arrives"),
    "waiting_conversions": gettext_lazy("Conversions that wait for their visitors"),
    "kept_answers": gettext_lazy("Answers kept for programs that ask twice"),
    "imported_files": gettext_lazy("Imported files, and examples from them"),
}

_AT_WORK = (ImportState.CHECKING, ImportState.APPLYING)
_OF_THE_ROWS = ("samples", "errors", "examples", "names", "hosts")  # of a dry run's result: texts out of the file


def _forget_file(row: Import, mentions: Mentions) -> bool:
    paths = (uploads.path_of(row.stored_as), uploads.rejects_of(row.stored_as)) if row.stored_as else ()
    if not any(mentions.in_file(path) for path in paths):
        return False
    uploads.remove(row.stored_as)
    row.stored_as = ""
    if row.state in UNDER_WAY or row.state == ImportState.CHECKED:
        row.state = ImportState.FAILED
        row.fault = _("The file named a person who was erased, so it was removed; send it again without them.")
    row.save(update_fields=["stored_as", "state", "fault"])
    return True


def _forget_examples(row: Import, mentions: Mentions) -> bool:
    kept = {name: value for name, value in row.result.items() if name not in _OF_THE_ROWS}
    if kept == row.result or not mentions.in_text(json.dumps(row.result).encode()):
        return False
    row.result = kept
    row.save(update_fields=["result"])
    return True
