"""The daily secrets of cookieless visitors."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection

from tests.builders import make_workspace
from tests.tracking.makers import NOON
from tracking import salts
from tracking.models import Salt
from workspaces import scope
from workspaces.models import Membership, Workspace

TODAY = date(2026, 11, 21)


def test_a_day_has_one_secret_and_another_day_another(shop: Workspace, outsider: Membership) -> None:
    today = salts.salt_of(shop.pk, TODAY)
    salts.salt_of.cache_clear()  # as another process
    assert salts.salt_of(shop.pk, TODAY) == today
    assert (
        len({today, salts.salt_of(shop.pk, TODAY - timedelta(days=1)), salts.salt_of(outsider.workspace_id, TODAY)})
        == 3
    )


@pytest.mark.django_db(transaction=True)
def test_processes_that_ask_at_once_get_one_secret() -> None:
    workspace_id = make_workspace().pk

    def ask(_: int) -> bytes:
        try:
            return salts.salt_of.__wrapped__(workspace_id, TODAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1


def test_secrets_are_gone_after_two_days(shop: Workspace) -> None:
    for days in range(4):
        salts.salt_of(shop.pk, TODAY - timedelta(days=days))
    with scope.in_workspace(shop.pk):
        salts.purge(now=NOON)
        assert list(Salt.objects.order_by("-day").values_list("day", flat=True)) == [TODAY, TODAY - timedelta(days=1)]
