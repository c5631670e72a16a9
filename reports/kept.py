"""Keeps a report's page for all who ask the same of the same figures."""

from typing import Final

from reports.models import Publication
from workspaces.kept import kept_by


def _state_of(workspace_id: int) -> int:
    return Publication.objects.filter(workspace_id=workspace_id).values_list("serial", flat=True).first() or 0


kept: Final = kept_by(_state_of)
