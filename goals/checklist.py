"""What a workspace still needs before its plan lives: five things, asked of the database in one question."""

from dataclasses import dataclass

from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from goals.models import Goal, PlanStart, SignOff, Target
from goals.models.version import Answer
from tracking.models import LakeState
from workspaces.models import Invitation, Membership, Workspace


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do; its address is "" where there is no page for it."""

    label: str
    url: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    items: tuple[Item, ...]

    @property
    def done(self) -> int:
        """Count what is done."""
        return sum(item.is_done for item in self.items)

    @property
    def total(self) -> int:
        """Count everything."""
        return len(self.items)

    @property
    def next(self) -> Item | None:
        """Give the first thing that is left to do."""
        return next((item for item in self.items if not item.is_done), None)


def checklist_of(workspace: Workspace) -> Checklist | None:
    """Give what is done and what is left; None once all is done, or the list was put away."""
    mine = {"workspace": OuterRef("pk")}
    several = Membership.objects.filter(**mine).values("workspace").annotate(n=Count("pk")).filter(n__gt=1)
    colleague = Q(Exists(several.order_by())) | Q(Exists(Invitation.objects.filter(**mine, withdrawn_at=None)))
    found = Workspace.objects.filter(pk=workspace.pk).values_list(
        Exists(Goal.objects.filter(**mine, archived_at=None)),
        Exists(Target.objects.filter(**mine)),
        Exists(LakeState.objects.filter(**mine, events__gt=0)),
        Case(When(colleague, then=Value(True)), default=Value(False)),
        Exists(SignOff.objects.filter(**mine, answer=Answer.SIGNED)),
        Exists(PlanStart.objects.filter(**mine, checklist_hidden_at__isnull=False)),
    )
    *states, is_hidden = found.get()
    if is_hidden or all(states):
        return None
    labels = (
        (_("Set a goal"), "goals:start"),
        (_("Say how much of it by when"), "reports:kpis"),
        (_("Bring data: add a source, or import"), "tracking:sources"),
        (_("Invite a colleague"), "workspaces:members"),
        (_("Have it signed"), "goals:sign-off-new"),
    )
    items = (Item(label, _url(name, workspace), state) for (label, name), state in zip(labels, states, strict=True))
    return Checklist(tuple(items))


def _url(name: str, workspace: Workspace) -> str:
    # Figures and sign-off are pages of others; the list does without the way there where there is none.
    try:
        return reverse(name, args=[workspace.slug])
    except NoReverseMatch:
        return ""
