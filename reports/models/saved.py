"""SavedQuestion: what every question has that a workspace looks at again and again."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workspaces.models import Owned


class SavedQuestion(Owned):
    """A saved question: what its page's address says, but for the dates."""

    page: ClassVar[str]  # the name of that address

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=120)
    params = models.JSONField(default=dict)  # text by name, read by the question's own module
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = True
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse(self.page, args=[self.workspace.slug])}?saved={self.slug}"
