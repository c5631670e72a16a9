"""Restatement: what a month that was closed said of a goal before, what it says now, and why."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from workspaces.models import Owned


class Cause(models.TextChoices):
    """What had changed since the figures before; one publishing may hold several."""

    DEFINITION = "definition", _("the goal's definition was changed")
    CURRENCY = "currency", _("values are summed in another currency")
    ZONE = "zone", _("days are those of another time zone")
    REFUND = "refund", _("refunds came, or were taken back")
    ERASURE = "erasure", _("somebody's data was erased")
    PERSONS = "persons", _("visitors were found to be one person, or no longer to be")
    EVENTS = "events", _("events came late, were imported or were taken back")


class Restatement(Owned):
    """One closed month of a goal that came to say something else. Written when that is published, and never changed."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="restatements")
    since = models.DateField()  # the month's first local day
    until = models.DateField()  # the day after its last
    conversions_before = models.BigIntegerField()
    conversions_after = models.BigIntegerField()
    value_before = models.BigIntegerField()  # micros, before refunds, of currency_before
    value_after = models.BigIntegerField()
    refund_before = models.BigIntegerField()  # micros, negative
    refund_after = models.BigIntegerField()
    currency_before = models.CharField(max_length=3, blank=True)
    currency_after = models.CharField(max_length=3, blank=True)
    causes = ArrayField(models.CharField(max_length=10, choices=Cause.choices))
    definition_version = models.PositiveIntegerField()  # that the figures after answer to
    data_version = models.CharField(max_length=60)  # that names them, as reports do
    made_at = models.DateTimeField()

    class Meta(Owned.Meta):
        default_related_name = "restatements"
        ordering = ("-made_at", "-since", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(since__lt=models.F("until")), name="restatement_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.goal_id} {self.since}"

    @property
    def reasons(self) -> str:
        """Give the causes in words."""
        return "; ".join(str(Cause(cause).label) for cause in self.causes) or gettext("figures were computed anew")
