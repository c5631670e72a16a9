"""Segment and Reporting: whom a plan tells apart, and who is told what how often."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models.plan import Plan
from workspaces.models import Owned


class Segment(Owned):
    """A group of people that changes a decision, in words."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="segments")
    slug = models.SlugField(max_length=120)
    name = models.CharField(_("segment"), max_length=120)
    about = models.CharField(_("who belongs to it"), max_length=300, blank=True)
    decision = models.CharField(_("which decision it changes"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)

    class Meta(Owned.Meta):
        default_related_name = "plan_segments"
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("plan", "slug"), name="plan_segment_slug_once"),)

    def __str__(self) -> str:
        return self.name


class Cadence(models.TextChoices):
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    YEARLY = "yearly", _("Yearly")
    ON_DEMAND = "on_demand", _("When asked for")


class Channel(models.TextChoices):
    """How a report reaches its readers."""

    PAGE = "page", _("Page")
    MAIL = "mail", _("E-mail")
    PDF = "pdf", _("PDF")
    MEETING = "meeting", _("Meeting")


class Reporting(Owned):
    """What the plan agrees on telling to whom."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reportings")
    slug = models.SlugField(max_length=120)
    audience = models.CharField(_("audience"), max_length=120)
    report = models.CharField(_("what they read"), max_length=200, blank=True)
    cadence = models.CharField(_("how often"), max_length=9, choices=Cadence.choices, default=Cadence.MONTHLY)
    channel = models.CharField(_("in which form"), max_length=7, choices=Channel.choices, default=Channel.PAGE)
    recipients = models.CharField(_("recipients"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)

    class Meta(Owned.Meta):
        default_related_name = "reportings"
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("plan", "slug"), name="reporting_slug_once"),)

    def __str__(self) -> str:
        return self.audience
