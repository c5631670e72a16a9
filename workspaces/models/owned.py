"""Owned: the base of every row that belongs to a workspace, and its queryset."""

from typing import ClassVar

from django.db import models


class Owned(models.Model):
    """A row of one workspace.

    Row level security stands behind it: outside `in_workspace` the database shows no such row. Every subclass's
    migration seals its table (workspaces.sealing); a test of the catalogue finds one that does not.
    """

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE)

    class Meta:
        abstract = True
        ordering: ClassVar[tuple[str, ...]] = ("pk",)
