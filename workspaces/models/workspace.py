"""Workspace, Membership, Invitation: a team's tenant, who belongs to it, who is asked to."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workspaces.currencies import currency_exists
from workspaces.models.owned import Owned
from workspaces.roles import Role
from workspaces.zones import zone_exists

WINDOW_DAYS = (MinValueValidator(0), MaxValueValidator(90))  # 0: touches of this type are off


class Workspace(models.Model):
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    zone_name = models.CharField(_("time zone"), max_length=60, default="Europe/Oslo", validators=[zone_exists])
    currency = models.CharField(_("currency"), max_length=3, default="NOK", validators=[currency_exists])
    # Mails to people who have chosen none, the invited above all.
    language = models.CharField(_("language"), max_length=10, default="en")
    # The workspace's default windows, in days before a conversion; a goal can have its own.
    view_days = models.PositiveSmallIntegerField(_("view window"), default=1, validators=WINDOW_DAYS)
    engagement_days = models.PositiveSmallIntegerField(_("engagement window"), default=30, validators=WINDOW_DAYS)
    click_days = models.PositiveSmallIntegerField(_("click window"), default=30, validators=WINDOW_DAYS)
    figures_changed_at = models.DateTimeField(
        default=timezone.now
    )  # of zone or windows; rollups filled before are stale
    is_demo = models.BooleanField(default=False)  # shows the banner that the figures are made up
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("workspace")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:overview", args=[self.slug])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)


class Membership(Owned):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.VIEWER)
    department = models.CharField(_("department"), max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    digested_on = models.DateField(null=True)  # the last local day whose notices were mailed together

    class Meta(Owned.Meta):
        verbose_name = _("member")
        default_related_name = "memberships"
        ordering = ("created_at",)
        constraints = (models.UniqueConstraint(fields=("workspace", "user"), name="membership_once"),)

    def __str__(self) -> str:
        return str(self.user)  # kept by the audit trail, so no word in it may depend on who reads


class Invitation(Owned):
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.VIEWER)
    department = models.CharField(_("department"), max_length=80, blank=True)
    secret_hash = models.CharField(max_length=64, unique=True)  # the link carries the secret; only its hash is kept
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)  # None: the mail server did not take it; the page offers to try again
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        verbose_name = _("invitation")
        default_related_name = "invitations"
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once",
                violation_error_message=_("This address has an open invitation already."),
            ),
        )

    def __str__(self) -> str:
        return self.email
