"""Schedule: a report that goes out by mail at set times. Recipient: to whom. Delivery: one mail of one due time."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workspaces.models import Membership, Owned


class Cadence(models.TextChoices):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class PauseReason(models.TextChoices):
    BY_HAND = "by_hand", _("paused")
    GONE = "gone", _("paused: what it reports on is not there any more")
    UNBACKED = "unbacked", _("paused: who made it may not share any more")
    NOBODY = "nobody", _("paused: everybody who got it has left")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("waits")
    SENT = "sent", _("sent")
    SKIPPED = "skipped", _("skipped")  # a newer one goes instead, or none may
    GIVEN_UP = "given_up", _("given up")  # the mail server did not take it in four days


class Problem(models.TextChoices):
    """What keeps, or kept, a mail from being sent."""

    MISSED = "missed", _("nothing ran at its time; only the newest was sent")
    STOPPED = "stopped", _("it was paused before")
    LEFT = "left", _("the recipient wants no more mails of it")
    REMOVED = "removed", _("the recipient was taken off it")
    NO_FIGURES = "no_figures", _("no figures were computed within three hours")
    LATE_FIGURES = "late_figures", _("waits for the figures of the day before")
    FAILED = "failed", _("its figures could not be computed")
    REFUSED = "refused", _("the mail server refused the address")
    AWAY = "away", _("the mail server could not be reached")


class Schedule(Owned):
    title = models.CharField(max_length=120)
    report = models.CharField(max_length=20)  # a key of reports.sharing.registry.REPORTS
    params = models.JSONField(default=dict)  # the question, as its address's parameters; fixed when it was scheduled
    language = models.CharField(max_length=10)  # of readers who are no members
    cadence = models.CharField(max_length=10, choices=Cadence.choices)
    weekday = models.PositiveSmallIntegerField(default=0)  # weekly; Monday is 0
    month_day = models.PositiveSmallIntegerField(default=1)  # monthly; in shorter months their last day
    hour = models.PositiveSmallIntegerField(default=7)  # on the workspace's clock
    with_xlsx = models.BooleanField(default=False)
    with_pdf = models.BooleanField(default=False)
    due_on = models.DateField()  # the next day of the workspace's calendar on which it is due: each day comes once
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=10, choices=PauseReason.choices, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once

    class Meta(Owned.Meta):
        verbose_name = _("scheduled report")
        default_related_name = "schedules"
        ordering = ("title", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(weekday__lte=6), name="schedule_weekday_of_a_week"),
            models.CheckConstraint(condition=Q(month_day__gte=1, month_day__lte=31), name="schedule_day_of_a_month"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="schedule_hour_of_a_day"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:schedules", args=[self.workspace.slug])


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def here(self) -> "RecipientQuerySet":
        """Keep those who get it."""
        return self.filter(left_at=None, removed_at=None)


class Recipient(Owned):
    """One reader of a schedule: a member, or an address of somebody who is none. What they got stays theirs."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="recipients")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, related_name="+")
    email = models.EmailField(blank=True)  # "" for a member, whose address is their account's
    left_at = models.DateTimeField(null=True)  # when they asked for no more of it
    removed_at = models.DateTimeField(null=True)  # when somebody took them off it

    objects = RecipientQuerySet.as_manager()

    class Meta(Owned.Meta):
        default_related_name = "schedule_recipients"
        constraints = (
            models.CheckConstraint(
                condition=Q(member__isnull=True) ^ Q(email=""), name="recipient_is_a_member_or_an_address"
            ),
            models.UniqueConstraint(
                fields=("schedule", "member"), condition=Q(member__isnull=False), name="recipient_member_once"
            ),
            models.UniqueConstraint(
                fields=("schedule", "email"), condition=~Q(email=""), name="recipient_address_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.member) if self.member else self.email


class Delivery(Owned):
    """One mail: of one due time to one recipient, or a test to the member who asked for it."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE)
    due_at = models.DateTimeField()
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, null=True)
    tester = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    problem = models.CharField(max_length=20, choices=Problem.choices, blank=True)
    detail = models.CharField(max_length=300, blank=True)  # what the mail server said
    tries = models.PositiveSmallIntegerField(default=0)  # how often the mail server did not take it
    next_try_at = models.DateTimeField(null=True)  # None: it does not wait
    sent_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        default_related_name = "deliveries"
        ordering = ("-due_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("schedule", "due_at", "recipient"), name="delivery_once"),
            models.CheckConstraint(
                condition=Q(recipient__isnull=True) ^ Q(tester__isnull=True), name="delivery_has_one_reader"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") ^ Q(next_try_at__isnull=True), name="delivery_waits_for_a_moment"
            ),
        )
        indexes = (
            # Used by reports.mailed.sending; excludes what is settled.
            models.Index(fields=("workspace", "next_try_at"), condition=Q(state="waiting"), name="delivery_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.due_at:%Y-%m-%d %H:%M}"
