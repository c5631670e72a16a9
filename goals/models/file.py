"""PlanFile: a spreadsheet on its way into the plan, small ones within a request, big ones by a worker."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goals.models.plan import Plan
from workspaces.models import FileWork, Membership


class FileState(models.TextChoices):
    WAITS = "waits", _("Waiting for its dry run")
    CHECKING = "checking", _("Dry run going on")
    CHECKED = "checked", _("Checked")
    ORDERED = "ordered", _("Waiting to be taken in")
    APPLYING = "applying", _("Being taken in")
    DONE = "done", _("Taken in")
    FAILED = "failed", _("Failed")


# A worker has it, or will have it: its page asks again, and the sweep looks for it.
UNDER_WAY = frozenset({FileState.WAITS, FileState.CHECKING, FileState.ORDERED, FileState.APPLYING})


class PlanFile(FileWork):
    """A spreadsheet: read once, shown as a dry run, applied on a word."""

    under_way = UNDER_WAY

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, null=True, related_name="files")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    tables = models.JSONField()  # sheet -> rows of texts, as read
    matching = models.JSONField(default=dict)  # which of its columns is which of ours
    result = models.JSONField(default=dict)  # of the dry run; empty before the first
    state = models.CharField(max_length=8, choices=FileState.choices, default=FileState.CHECKED)
    asked_by = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, related_name="+"
    )  # for whom it waits
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(default=timezone.now)  # checked or taken in; some time later the file is forgotten
    applied_at = models.DateTimeField(null=True)

    class Meta(FileWork.Meta):
        default_related_name = "plan_files"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.file_name

    @property
    def asker(self) -> Membership:
        """Give for whom the work on it is done."""
        return self.asked_by or self.member
