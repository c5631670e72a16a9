"""Run: what a worker does for longer than a page may, as a row: what, why, how far it has come, what was found."""

from datetime import datetime, timedelta
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from workspaces.models import Membership, Owned

MOST_ATTEMPTS: Final = 3  # a computation that brings its worker down is not given to a fourth
# A worker that said nothing for so long is taken for dead by the sweep. Being wrong costs nothing: whoever comes second
# finds the run's lock held.
SILENT: Final = timedelta(minutes=2)


class RunState(models.TextChoices):
    WAITING = "waiting", _("Waiting for a worker")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


HELD_FOR: Final = timedelta(days=1)  # a cancelled pass keeps others from beginning, unless somebody starts it before
UNDER_WAY: Final = (RunState.WAITING, RunState.RUNNING)


class RunKind(models.TextChoices):
    """What a worker does; of all but models a workspace has one under way at a time."""

    MODEL = "model", _("Data-driven model")
    FILL = "fill", _("Figures of goals")
    DERIVATION = "derivation", _("Sessions and touches")
    EVIDENCE = "evidence", _("Evidence")


class Why(models.TextChoices):
    """What brought it about; one run may have several reasons. Those of derivations are tracking.watching.Reason's."""

    FIRST = "first", _("nothing was computed before")
    EVENTS = "events", _("new events came")
    LATE = "late", _("events of earlier days came or went")
    PERSONS = "persons", _("visitors were found to be one person, or no longer to be")
    ERASURE = "erasure", _("somebody is to be erased")
    BASIS = "basis", _("what sessions and channels follow from was changed")
    ZONE = "zone", _("days are those of another time zone")
    DEFINITION = "definition", _("the goal's definition was changed")
    CURRENCY = "currency", _("values are summed in another currency")
    LAYOUT = "layout", _("a release counts in another way")
    BEHIND = "behind", _("it was left out when others were computed")
    LOOKED = "looked", _("somebody looked at the report")


class Run(Owned):
    """One computation. A question that is asked again is the same row, which keeps its result while it runs anew.

    Passes over what changed (fills, derivations) have no question and no result: their figures stand where reports
    read them. One that went as the one before it, within the hour, is added to that one's row (reports.passes).
    """

    kind = models.CharField(max_length=10, choices=RunKind, default=RunKind.MODEL)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, null=True, related_name="runs")  # null: of no single one
    digest = models.CharField(max_length=64, blank=True)  # of the question
    asked = models.JSONField(default=dict)  # the question, as its address has it
    reasons = ArrayField(models.CharField(max_length=10, choices=Why.choices), default=list)
    since = models.DateField(null=True)  # the local days [since, until) that are computed
    until = models.DateField(null=True)
    persons = models.PositiveIntegerField(null=True)  # that alone are counted again; null: everybody is
    by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")  # null: a program
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    done = models.PositiveIntegerField(default=0)  # steps
    of = models.PositiveIntegerField(default=0)  # 0 until it is known
    attempts = models.PositiveSmallIntegerField(default=0)  # how often a worker took it up
    heartbeat_at = models.DateTimeField(null=True)  # the worker's last sign of life
    version = models.CharField(max_length=60, blank=True)  # of the data: of the result, or of what is being computed
    created_at = models.DateTimeField()  # when it was asked for the last time that it began anew
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)  # when somebody looked at the result last
    cancel_asked_at = models.DateTimeField(null=True)  # the worker obeys at its next whole point
    cancelled_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    definition_version = models.PositiveIntegerField(null=True)  # of the goal, where it is one
    times = models.PositiveIntegerField(default=1)  # passes that this row tells of
    cpu_seconds = models.FloatField(default=0)  # of the worker's process, all tries and passes together
    fault = models.CharField(max_length=500, blank=True)
    result = models.JSONField(null=True)

    class Meta(Owned.Meta):
        verbose_name = _("computation")
        default_related_name = "runs"
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "digest"), condition=~Q(digest=""), name="run_once"),
            models.CheckConstraint(
                condition=~Q(kind="model") | Q(goal__isnull=False) & ~Q(digest=""), name="run_of_a_model_has_a_question"
            ),
            # Advisory locks see to it; this holds where one was lost with its connection.
            models.UniqueConstraint(
                fields=("workspace", "kind"), condition=Q(state__in=UNDER_WAY) & ~Q(kind="model"), name="run_alone"
            ),
        )
        # Used by the sweep and by the list; most rows are done.
        indexes = (models.Index(fields=("workspace", "state"), name="run_states"),)

    def __str__(self) -> str:
        return f"{self.goal or self.get_kind_display()} {self.asked.get('models', '')}".strip()

    @property
    def is_under_way(self) -> bool:
        """Say whether a worker has it, or will have it."""
        return self.state in UNDER_WAY

    @property
    def has_ended_badly(self) -> bool:
        """Say whether it failed or was cancelled."""
        return self.state in {RunState.FAILED, RunState.CANCELLED}

    @property
    def share(self) -> int | None:
        """Give how far it is, in whole per cent; None before that is known."""
        return min(100, 100 * self.done // self.of) if self.of else None

    @property
    def took(self) -> timedelta | None:
        """Give how long it ran; None as well for a row of several passes."""
        return self.ended_at - self.began_at if self.ended_at and self.began_at and self.times == 1 else None

    @property
    def why(self) -> str:
        """Give the reasons in words."""
        return "; ".join(str(Why(reason).label) for reason in self.reasons)

    @property
    def may_be_cancelled(self) -> bool:
        """Say whether it may be ended before it is done: an erasure is owed to somebody."""
        return self.is_under_way and self.cancel_asked_at is None and Why.ERASURE not in self.reasons

    @property
    def holds_until(self) -> datetime:
        """Give until when a cancelled pass keeps others of its kind from beginning."""
        return (self.cancel_asked_at or self.created_at) + HELD_FOR

    @staticmethod
    def abandoned(now: datetime) -> Q:
        """Give the condition of runs under way that no worker is known to be at."""
        return Q(state__in=UNDER_WAY) & (Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - SILENT))
