"""Notification: what one member was told; NotificationSetting, QuietHours: how and when they want to be told."""

import uuid
from datetime import datetime

from django.db import models
from django.urls import reverse

from workspaces.models.owned import Owned
from workspaces.models.workspace import Membership
from workspaces.notice_kinds import Mail
from workspaces.quiet import Quiet


class NotificationQuerySet(models.QuerySet["Notification"]):
    def shown(self) -> "NotificationQuerySet":
        """Keep those that stand in the product."""
        return self.filter(in_product=True)

    def unread(self) -> "NotificationQuerySet":
        """Keep those in the product that the member has not read."""
        return self.shown().filter(read_at=None)

    def to_mail(self, now: datetime) -> "NotificationQuerySet":
        """Keep those whose mail is due."""
        return self.filter(mail_due_at__lte=now)


class Notification(Owned):
    """One notice to one member, in the words and the language that they had when it was made."""

    # Made here, not by the database: it names the mail, too, so that a repeated mail is known as the same.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE)
    kind = models.CharField(max_length=40)  # a key of notice_kinds.KINDS
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    path = models.CharField(max_length=500)  # the page that it is about: an address inside the product
    key = models.CharField(max_length=200, blank=True)  # the same key never tells the same member twice
    in_product = models.BooleanField()  # False: by mail alone
    mail = models.CharField(max_length=10, choices=Mail.choices)
    mail_due_at = models.DateTimeField(null=True)  # None: no mail, or none any more
    mail_tries = models.PositiveSmallIntegerField(default=0)  # how often the mail server did not take it
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta(Owned.Meta):
        default_related_name = "notifications"
        ordering = ("-created_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("membership", "key"), condition=~models.Q(key=""), name="notification_once_per_key"
            ),
            models.CheckConstraint(
                condition=models.Q(path__startswith="/") & ~models.Q(path__startswith="//"),
                name="notification_leads_inside",
            ),
        )
        indexes = (
            models.Index(fields=("membership", "-created_at"), name="notification_newest"),
            # Used by the bell on every page; excludes what is read.
            models.Index(
                fields=("membership",),
                condition=models.Q(in_product=True, read_at=None),
                name="notification_unread",
            ),
            # Used by the mailing; excludes what needs no mail.
            models.Index(
                fields=("mail_due_at",), condition=models.Q(mail_due_at__isnull=False), name="notification_mail_due"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address that marks it read and leads on to its path."""
        return reverse("workspaces:notification", args=[self.membership.workspace.slug, self.pk])


class NotificationSetting(Owned):
    """How one member hears of one kind; without a row as the kind's default says."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE)
    kind = models.CharField(max_length=40)
    in_product = models.BooleanField()
    mail = models.CharField(max_length=10, choices=Mail.choices)

    class Meta(Owned.Meta):
        default_related_name = "notification_settings"
        constraints = (models.UniqueConstraint(fields=("membership", "kind"), name="notification_setting_once"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.mail}"


class QuietHours(Owned):
    """When one member wants no mails; without a row they may come at any time."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="quiet_hours")
    begins = models.TimeField(null=True)  # on the workspace's clock; None, as `ends`: no hours of the day
    ends = models.TimeField(null=True)
    weekends = models.BooleanField(default=False)  # Saturdays and Sundays as a whole

    class Meta(Owned.Meta):
        default_related_name = "quiet_hours"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(begins__isnull=True, ends__isnull=True)
                | models.Q(begins__isnull=False, ends__isnull=False) & ~models.Q(begins=models.F("ends")),
                name="quiet_hours_have_both_ends",
            ),
        )

    def __str__(self) -> str:
        return f"{self.begins} to {self.ends}"

    @property
    def quiet(self) -> Quiet:
        """Give them as a value."""
        return Quiet(self.begins, self.ends, self.weekends)
