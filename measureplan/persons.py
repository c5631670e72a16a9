"""`measureplan person`: one person looked up, exported or erased from the command line, without a worker."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from reports import forgetting
from tracking.models import Erasure, ErasureState
from tracking.rights import erasing, exporting, finding
from tracking.rights.finding import Found
from tracking.rights.subject import Subject
from workspaces import scope
from workspaces.models import Workspace
from workspaces.refusal import Refusal

BY = "the command line"  # in the audit trail
TRIES = 30  # of a few seconds each: others may be at work in the workspace


class Refused(ValueError):
    """It cannot be done like this; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who is meant; `named_by` as tracking.models.NamedBy."""

    workspace: str
    named_by: str
    name: str


def find(asked: Asked) -> tuple[Subject, Found]:
    """Say who is meant, and what is stored of them."""
    workspace = _workspace(asked)
    try:
        subject = finding.find(workspace.pk, asked.named_by, asked.name)
    except Refusal as refusal:
        raise Refused(str(refusal)) from refusal
    return subject, finding.count(workspace.pk, subject)


def export(asked: Asked, to: Path, *, now: datetime) -> Found:
    """Write all that is stored of the person to a zip file, which must not be there yet."""
    subject, found = find(asked)
    with exporting.write(_workspace(asked).pk, subject, found, now=now) as made, to.open("xb") as file:
        shutil.copyfileobj(made, file)
    return found


def erase(
    asked: Asked, *, clock: Callable[[], datetime] = timezone.now, pause: Callable[[float], None] = time.sleep
) -> Erasure:
    """Erase the person, and come back when it is done."""
    workspace = _workspace(asked)
    try:
        with scope.in_workspace(workspace.pk):
            row = erasing.order(workspace, named_by=asked.named_by, name=asked.name, by=BY, now=clock())
    except Refusal as refusal:
        raise Refused(str(refusal)) from refusal
    for _ in range(TRIES):
        erasing.erase(workspace.pk, now=clock())
        again = forgetting.forget(workspace.pk, now=clock())
        with scope.in_workspace(workspace.pk):
            row.refresh_from_db()
        if row.state == ErasureState.DONE:
            return row
        pause(again or forgetting.AGAIN_SECONDS)
    raise Refused("others are at work in this workspace; the workers bring the erasure to its end")


def _workspace(asked: Asked) -> Workspace:
    found = Workspace.objects.filter(slug=asked.workspace).first()
    if found is None:
        raise Refused(f'there is no workspace "{asked.workspace}"')
    return found
