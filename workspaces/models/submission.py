"""Submission: a form that was sent, so that the same form sent twice makes one thing."""

from django.conf import settings
from django.db import models


class Submission(models.Model):
    """The token of one rendered form, and the address of what sending it made; kept for three days.

    It names no workspace: the form that makes the first workspace has none yet. It is found by person and token.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField()
    address = models.CharField(max_length=500, blank=True)  # where the person is led, both times
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "token"), name="submission_once"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.address}"
