"""Run: an answer that takes longer than a page may, as a row: the question, how far it has come, what was found."""

from datetime import datetime, timedelta
from typing import Final

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


UNDER_WAY: Final = (RunState.WAITING, RunState.RUNNING)


class Run(Owned):
    """One computation. A question that is asked again is the same row, which keeps its result while it runs anew."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="runs")
    digest = models.CharField(max_length=64)  # of the question
    asked = models.JSONField(default=dict)  # the question, as its address has it
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
    fault = models.CharField(max_length=500, blank=True)
    result = models.JSONField(null=True)

    class Meta(Owned.Meta):
        verbose_name = _("computation")
        default_related_name = "runs"
        ordering = ("-created_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("workspace", "digest"), name="run_once"),)
        # Used by the sweep and by the list; most rows are done.
        indexes = (models.Index(fields=("workspace", "state"), name="run_states"),)

    def __str__(self) -> str:
        return f"{self.goal} {self.asked.get('models', '')}"

    @property
    def is_under_way(self) -> bool:
        """Say whether a worker has it, or will have it."""
        return self.state in UNDER_WAY

    @property
    def share(self) -> int | None:
        """Give how far it is, in whole per cent; None before that is known."""
        return min(100, 100 * self.done // self.of) if self.of else None

    @property
    def took(self) -> timedelta | None:
        """Give how long it ran."""
        return self.ended_at - self.began_at if self.ended_at and self.began_at else None

    @staticmethod
    def abandoned(now: datetime) -> Q:
        """Give the condition of runs under way that no worker is known to be at."""
        return Q(state__in=UNDER_WAY) & (Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - SILENT))
