"""Exploration: a question about visits and goals that a workspace looks at again and again."""

from django.db import models

from reports.models.saved import SavedQuestion


class Exploration(SavedQuestion):
    """Read by reports.explore.question."""

    page = "reports:explore"

    class Meta(SavedQuestion.Meta):
        default_related_name = "explorations"
        constraints = (models.UniqueConstraint(fields=("workspace", "slug"), name="exploration_slug_once"),)
