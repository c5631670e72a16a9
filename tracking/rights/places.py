"""Every place beside the lake that may name a person, in one list.

Each has a function that removes what names the subject and gives how many things that were; called again it finds
nothing. All are called inside the workspace, in one transaction.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec
from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracking import held
from tracking.event import unpack
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
from workspaces.models import IdempotentReply, Owned

Place = Callable[[int, Subject], int]
Row = TypeVar("Row", bound=Owned)
AT_A_TIME = 500
# Where an id may stand in a row.
_TEXTS: Mapping[type[Owned], Callable[[Any], Iterable[bytes]]] = {
    Quarantined: lambda row: (
        held.input_of(row.raw, row.held),
        bytes(row.raw),
        f"{row.pointer} {row.message}".encode(),
    ),
    Latest: lambda row: (json.dumps(row.events).encode(),),
    UnmatchedConversion: lambda row: map(msgspec.json.encode, unpack(bytes(row.event))),
    IdempotentReply: lambda row: (bytes(row.body),),
}


def links(workspace_id: int, subject: Subject) -> int:
    """Remove who was seen as whom; devices that others share are placed anew among those who are left."""
    linked = IdentityLink.objects.filter(Q(visitor_id__in=subject.visitors) | Q(user_id__in=subject.users))
    placed = PersonOf.objects.filter(
        Q(visitor_id__in=subject.visitors) | Q(user_id__in=subject.users) | Q(person_id__in=subject.persons)
    )
    gone = placed.delete()[0]
    count = linked.delete()[0]
    IdentityLink.objects.filter(visitor_id__in=subject.shared).update(is_resolved=False)
    if gone or count:
        LakeState.objects.filter(workspace_id=workspace_id).update(people_changed=F("people_changed") + 1)
    return count


def naming(model: type[Row], subject: Subject) -> Iterator[Row]:
    """Give the rows of a model of _TEXTS that name the subject; call it inside the workspace."""
    mentions, texts = Mentions(subject.ids), _TEXTS[model]
    rows: Iterator[Row] = QuerySet(model).iterator(chunk_size=AT_A_TIME)
    return (row for row in rows if any(map(mentions.in_text, texts(row))))


def _remover(model: type[Owned]) -> Place:
    def remove(_workspace_id: int, subject: Subject) -> int:
        named = [row.pk for row in naming(model, subject)]
        return QuerySet(model).filter(pk__in=named).delete()[0]

    return remove


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
    "refused_examples": _remover(Quarantined),
    "just_arrived": _remover(Latest),  # an hour of what arrived at a source
    "waiting_conversions": _remover(UnmatchedConversion),
    "kept_answers": _remover(IdempotentReply),
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
