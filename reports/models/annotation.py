"""Annotation: what happened on a day or some days, said beside every chart that shows them."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from workspaces.models import Owned

LONGEST_TEXT = 280
NAMED_BY = 60  # letters of the text that stand for it in the audit trail and in messages


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def for_goal(self, goal: Goal) -> "AnnotationQuerySet":
        """Keep what the goal's charts show: what is about it, and what is about all."""
        return self.filter(Q(goal=None) | Q(goal=goal))


class Annotation(Owned):
    """A plain text about whole days of the workspace's calendar."""

    text = models.CharField(_("what happened"), max_length=LONGEST_TEXT)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))  # itself inside; the first day again where it was one
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("goal"))  # None: all
    author = models.CharField(max_length=200)  # the name, which stays when the member has left
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once
    created_at = models.DateTimeField()

    objects = AnnotationQuerySet.as_manager()

    class Meta(Owned.Meta):
        verbose_name = _("annotation")
        default_related_name = "annotations"
        ordering = ("-starts_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="annotation_ends_after_it_starts",
                violation_error_message=_("The last day is not before the first."),
            ),
        )
        # Used by every chart, which asks for its range, and by the list.
        indexes = (models.Index(fields=("workspace", "starts_on"), name="annotation_by_day"),)

    def __str__(self) -> str:
        return Truncator(self.text).chars(NAMED_BY)

    def get_absolute_url(self) -> str:
        return f"{reverse('reports:annotations', args=[self.workspace.slug])}#annotation-{self.pk}"

    @property
    def until(self) -> date:
        """Give the day after the last."""
        return self.ends_on + timedelta(days=1)
