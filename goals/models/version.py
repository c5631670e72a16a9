"""PlanVersion, SignOff: what a plan said when people signed it. PlanEdit: edits to undo."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.models.plan import Plan
from workspaces.models import Membership, Owned


class VersionState(models.TextChoices):
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PlanVersion(Owned):
    """The whole plan as it was when its sign-off was asked for; the content never changes."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()  # goals.document.Document.as_json
    note = models.CharField(_("what changed"), max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=VersionState.choices, default=VersionState.IN_REVIEW)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)  # approved, declined or withdrawn

    class Meta(Owned.Meta):
        default_related_name = "plan_versions"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="plan_version_once"),
            models.UniqueConstraint(fields=("plan",), condition=Q(state="in_review"), name="plan_review_once"),
        )

    def __str__(self) -> str:
        return f"{self.plan} v{self.number}"


class Answer(models.TextChoices):
    PENDING = "pending", _("Not answered yet")
    SIGNED = "signed", _("Signed")
    DECLINED = "declined", _("Declined")


class SignOff(Owned):
    """One person's answer to a version."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="sign_offs")
    member = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=200)  # stays when the member has left
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.PENDING)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        default_related_name = "sign_offs"
        constraints = (models.UniqueConstraint(fields=("version", "member"), name="sign_off_once"),)

    def __str__(self) -> str:
        return f"{self.name}: {self.get_answer_display()}"


class PlanEdit(Owned):
    """One act on the plan's page, with what undoes it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="edits")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=200)  # what was done, in words
    steps = models.JSONField()  # goals.undoing: each with the row, its values before and after
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        default_related_name = "plan_edits"
        ordering = ("-pk",)
        indexes = (models.Index(fields=("plan", "member", "-id"), name="plan_edit_newest"),)

    def __str__(self) -> str:
        return self.label
