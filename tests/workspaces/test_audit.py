"""The audit trail of many acts at once: written together, in their order, or not at all."""

from datetime import UTC, datetime
from typing import Any

import pytest

from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.models.audit import gathered

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def record(by: Membership, *acts: str) -> None:
    for act in acts:
        AuditEntry.record(by, act, by.workspace, workspace=by.workspace, now=NOW)


def acts(shop: Workspace) -> list[str]:
    with scope.in_workspace(shop.pk):
        rows = AuditEntry.objects.filter(act__startswith="tried").order_by("pk")
        return list(rows.values_list("act", flat=True))


def test_entries_of_a_block_are_written_together_in_their_order(
    shop: Workspace, owner: Membership, django_assert_num_queries: Any
) -> None:
    with scope.in_workspace(shop.pk), django_assert_num_queries(1), gathered():
        record(owner, "tried 1", "tried 2", "tried 3")
    assert acts(shop) == ["tried 1", "tried 2", "tried 3"]


def test_a_block_that_raises_leaves_no_entry(shop: Workspace, owner: Membership) -> None:
    def refused() -> None:
        with gathered():
            record(owner, "tried 1")
            raise ValueError("no")

    with scope.in_workspace(shop.pk), pytest.raises(ValueError, match="no"):
        refused()
    assert acts(shop) == []


def test_what_is_only_tried_leaves_no_entry_within_a_block_either(shop: Workspace, owner: Membership) -> None:
    with scope.in_workspace(shop.pk), gathered():
        record(owner, "tried 1")
        with gathered(kept=False):
            record(owner, "tried 2")
        with gathered():
            record(owner, "tried 3")
    with scope.in_workspace(shop.pk):
        record(owner, "tried 4")
    assert acts(shop) == ["tried 1", "tried 3", "tried 4"]
