"""IdempotentReply: what a request with an Idempotency-Key was answered, so that a retry gets the same."""

from django.db import models

from workspaces.models.owned import Owned
from workspaces.models.token import ApiToken


class IdempotentReply(Owned):
    """Kept for 72 hours per token and route."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    route = models.CharField(max_length=300)  # method and address pattern: "POST api/v1/members"
    key = models.CharField(max_length=255)  # what the client sent
    fingerprint = models.CharField(max_length=64)  # of the address and body; another body under the key is refused
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        default_related_name = "idempotent_replies"
        constraints = (models.UniqueConstraint(fields=("token", "route", "key"), name="reply_once"),)
        # Used by upkeep; finds what is older than 72 hours.
        indexes = (models.Index(fields=("created_at",), name="reply_oldest"),)

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
