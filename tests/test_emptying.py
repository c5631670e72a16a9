"""A test that commits leaves nothing behind, whatever it wrote for whichever workspace."""

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tests import emptying
from tests.builders import make_member, make_notice, make_token, make_workspace
from tests.conftest import as_owner
from workspaces import scope
from workspaces.roles import Scope

# A row of a sealed table is seen as one of its workspace only: emptying finds it where there is such a workspace.
SEALED_WITHOUT_WORKSPACE = """
select sealed.relname from pg_class as sealed
where sealed.relkind = 'r' and sealed.relrowsecurity and not exists (
    select from pg_constraint as key
    join pg_attribute as part on part.attrelid = key.conrelid and key.conkey = array[part.attnum]
    where key.conrelid = sealed.oid and key.confrelid = 'workspaces_workspace'::regclass
        and part.attname = 'workspace_id' and part.attnotnull
)
"""


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


def test_every_sealed_row_has_a_workspace_by_which_it_is_found(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SEALED_WITHOUT_WORKSPACE)
        assert cursor.fetchall() == []
