"""Flow: a question about paths that a workspace looks at again and again."""

from django.db import models

from reports.models.saved import SavedQuestion


class Flow(SavedQuestion):
    """Read by reports.flows.question."""

    page = "reports:paths"

    class Meta(SavedQuestion.Meta):
        default_related_name = "flows"
        constraints = (models.UniqueConstraint(fields=("workspace", "slug"), name="flow_slug_once"),)
