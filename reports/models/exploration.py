"""Exploration: a question about visits and goals that a workspace looks at again and again."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workspaces.models import Owned


class Exploration(Owned):
    """A saved question: what its address says, but for the dates."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=120)
    params = models.JSONField(default=dict)  # text by name, read by reports.explore.question
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        default_related_name = "explorations"
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("workspace", "slug"), name="exploration_slug_once"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('reports:explore', args=[self.workspace.slug])}?saved={self.slug}"
