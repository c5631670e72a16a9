"""Alert: what somebody wants to hear of; AlertReader: who hears; AlertEpisode: when it was so."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from goals.models import Goal, Kpi
from goals.models.kpi import Per
from workspaces.models import Membership, Owned

LONGEST_STAY = 30  # days


class AlertKind(models.TextChoices):
    RATE_FALLS = "rate_falls", _("A conversion rate falls")
    TARGET_AT_RISK = "target_at_risk", _("A target is at risk")


class Width(models.IntegerChoices):
    """How many days a rate is taken over."""

    DAY = 1, _("the last full day")
    WEEK = 7, _("the last 7 full days")


class AlertQuerySet(models.QuerySet["Alert"]):
    def at_work(self) -> "AlertQuerySet":
        """Keep those that are looked at: not paused, about what is still there, with somebody to tell."""
        there = Q(kind=AlertKind.RATE_FALLS, goal__archived_at=None, goal__isnull=False) | Q(
            kind=AlertKind.TARGET_AT_RISK,
            kpi__archived_at=None,
            kpi__isnull=False,
            kpi__goal__archived_at=None,
        )
        heard = models.Exists(AlertReader.objects.filter(alert=models.OuterRef("pk"), muted_at=None))
        return self.filter(there, heard, paused_at=None)


class Alert(Owned):
    """A condition on figures, looked at once for each full day."""

    kind = models.CharField(max_length=20, choices=AlertKind.choices)
    name = models.CharField(max_length=120)  # of goal or KPI, as it was when the alert was saved
    goal = models.ForeignKey(Goal, on_delete=models.SET_NULL, null=True, verbose_name=_("goal"))  # whose rate
    kpi = models.ForeignKey(Kpi, on_delete=models.SET_NULL, null=True, verbose_name=_("KPI"))  # whose target
    per = models.CharField(_("denominator"), max_length=10, choices=Per.choices, default=Per.VISITORS)
    width_days = models.PositiveSmallIntegerField(_("taken over"), choices=Width.choices, default=Width.WEEK)
    fall_percent = models.PositiveSmallIntegerField(
        _("falls by more than"), default=20, validators=(MinValueValidator(1), MaxValueValidator(99))
    )
    stay_days = models.PositiveSmallIntegerField(
        _("stays so for"), default=3, validators=(MinValueValidator(1), MaxValueValidator(LONGEST_STAY))
    )
    made_by = models.CharField(max_length=200)  # the name, which stays when the member has left
    paused_at = models.DateTimeField(null=True)
    checked_through = models.DateField(null=True)  # the last full day that was looked at; None: all anew
    firing_since = models.DateField(null=True)  # the first of the days on which the condition holds without a break
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once
    created_at = models.DateTimeField()

    objects = AlertQuerySet.as_manager()

    class Meta(Owned.Meta):
        verbose_name = _("alert")
        default_related_name = "alerts"
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    fall_percent__range=(1, 99), stay_days__range=(1, LONGEST_STAY), width_days__in=Width.values
                ),
                name="alert_numbers_can_be_meant",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:alert", args=[self.workspace.slug, self.pk])

    @property
    def about(self) -> Goal | None:
        """Give the goal whose figures it is about; None where it is gone."""
        return self.kpi.goal if self.kpi else self.goal

    @property
    def is_there(self) -> bool:
        """Say whether what it is about is still there."""
        goal = self.about
        return goal is not None and goal.archived_at is None and (self.kpi is None or self.kpi.archived_at is None)


class AlertReader(Owned):
    """One member who hears of an alert."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="readers")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    muted_at = models.DateTimeField(null=True)  # by the member, for themselves

    class Meta(Owned.Meta):
        default_related_name = "alert_readers"
        constraints = (models.UniqueConstraint(fields=("alert", "member"), name="alert_reader_once"),)

    def __str__(self) -> str:
        return str(self.member)


class AlertEpisode(Owned):
    """A time in which an alert's condition held; told once when it began, and once when it was over."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="episodes")
    began_on = models.DateField()  # the full day that made it
    ended_on = models.DateField(null=True)  # the full day on which it was over; None: it lasts
    facts = models.JSONField()  # the figures of the day that made it; see reports.alerts.kinds
    found_at = models.DateTimeField()

    class Meta(Owned.Meta):
        default_related_name = "alert_episodes"
        ordering = ("-began_on", "-pk")
        constraints = (
            # Two workers that find the same make one of it.
            models.UniqueConstraint(fields=("alert", "began_on"), name="alert_episode_once"),
            models.UniqueConstraint(fields=("alert",), condition=Q(ended_on=None), name="alert_one_episode_lasts"),
        )

    def __str__(self) -> str:
        return f"{self.alert} {self.began_on}"
