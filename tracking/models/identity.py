"""IdentityLink, PersonOf: which visitors were seen as which users, and whose what they did therefore is."""

from django.db import models
from django.db.models import Q

from workspaces.models import Owned


class IdentityLink(Owned):
    """A visitor id that was seen with a user id, with consent to measuring (tracking.persons)."""

    visitor_id = models.TextField()
    user_id = models.TextField()
    is_alias = models.BooleanField(default=False)  # see tracking.identity.Link
    is_resolved = models.BooleanField(default=False)  # its persons are in PersonOf

    class Meta(Owned.Meta):
        default_related_name = "identity_links"
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "visitor_id", "user_id", "is_alias"), name="identity_link_once"
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "user_id"), name="identity_link_of_user"),
            # Used by persons.joined.sql; aliases are few among the links.
            models.Index(fields=("workspace", "user_id"), condition=Q(is_alias=True), name="identity_link_alias"),
            # Used by persons.resolve(); holds what came since the last one.
            models.Index(fields=("workspace", "id"), condition=Q(is_resolved=False), name="identity_link_new"),
        )

    def __str__(self) -> str:
        return f"{self.visitor_id} as {self.user_id}"


class PersonOf(Owned):
    """Whose events a visitor's are, where they are not simply its own."""

    visitor_id = models.TextField()
    user_id = models.TextField(blank=True)  # of these events alone; "": of all
    person_id = models.TextField()

    class Meta(Owned.Meta):
        default_related_name = "persons_of"
        constraints = (models.UniqueConstraint(fields=("workspace", "visitor_id", "user_id"), name="person_of_once"),)

    def __str__(self) -> str:
        return f"{self.visitor_id} is {self.person_id}"
