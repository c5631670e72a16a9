"""A test that commits leaves nothing behind, whatever it wrote for whichever workspace."""

from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from tests import emptying
from tests.builders import make_member, make_notice, make_token, make_workspace
from tests.conftest import as_owner
from tracking.models import EventKey
from workspaces import scope
from workspaces.roles import Scope


def rows(*workspaces: int) -> dict[str, int]:
    """Give the tables that hold rows of these workspaces or of none, each with their number."""
    found = {}
    models = [model for model in apps.get_models() if model._meta.db_table not in emptying.KEPT]
    for pk in workspaces:
        with scope.in_workspace(pk):
            found |= {model._meta.label: count for model in models if (count := model._base_manager.count())}
    return found


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_any_workspace() -> None:
    shops = [make_workspace(slug=slug) for slug in ("one", "two")]
    for shop in shops:
        member = make_member(shop, f"{shop.slug}@example.com")
        make_notice(member)
        make_token(member, Scope.READ)
    pks = [shop.pk for shop in shops]
    assert len(rows(*pks)) >= 5, "needs rows, sealed ones and others"
    with as_owner():
        emptying.empty()
    assert rows(*pks) == {}
    assert ContentType.objects.exists(), "what migrating wrote stays"


@pytest.mark.django_db(transaction=True)
def test_what_waits_for_a_workspace_that_is_gone_is_found() -> None:
    gone = 999_999
    with scope.in_workspace(gone):
        EventKey.objects.create(workspace_id=gone, source_id=gone, digest=UUID(int=1), fingerprint=b"12345678")
    assert rows(gone), "needs a row without a workspace"
    with as_owner():
        emptying.empty()
    assert rows(gone) == {}
