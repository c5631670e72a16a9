"""CohortTable: a question about cohorts that a workspace looks at again and again."""

from django.db import models

from reports.models.saved import SavedQuestion


class CohortTable(SavedQuestion):
    """Read by reports.cohorts.question."""

    page = "reports:cohorts"

    class Meta(SavedQuestion.Meta):
        default_related_name = "cohorts"
        constraints = (models.UniqueConstraint(fields=("workspace", "slug"), name="cohort_table_slug_once"),)
