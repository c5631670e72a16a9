"""What a person saves of a metric of their own; one that a saved exploration shows stays until that does without it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goals.revising import By, locked
from reports import saving
from reports.models import CalculatedMetric
from reports.saving import Draft
from workspaces.refusal import Refusal


@dataclass(frozen=True, slots=True)
class MetricDraft(Draft):
    """Its name, what it is for, its formula as text, how it is written, what is better, and whose credit it shows."""

    name: str
    description: str
    formula: str
    format: str
    direction: str
    model: str
    view_days: int | None
    engagement_days: int | None
    click_days: int | None


class InUse(Refusal):
    """Saved explorations show the metric."""


@transaction.atomic
def remove(metric: CalculatedMetric, *, by: By, now: datetime) -> None:
    """Take the metric away; raise InUse with the names of the explorations that show it."""
    metric = locked(metric)
    if shown_in := explorations_with(metric):
        told = _('Saved explorations show it: %(names)s. Take the column "%(key)s" out of them first.')
        raise InUse(told % {"names": ", ".join(shown_in), "key": metric.key})
    saving.remove(metric, MetricDraft.of(metric), by=by, now=now)


def explorations_with(metric: CalculatedMetric) -> list[str]:
    """Name the saved explorations that have it as a column."""
    kept = metric.workspace.explorations.filter(params__metrics__icontains=metric.key)
    # The database finds "metric:margin" in "metric:margin-2", too.
    return [each.name for each in kept if metric.key in each.params["metrics"].split(",")]
