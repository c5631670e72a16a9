"""Row level security: the database itself shows a workspace's rows to nobody else."""

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError

from tests.builders import make_member
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Role


def owned_tables() -> list[str]:
    """Give every table of ours that carries a workspace_id, asked of the catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.columns"
            " where column_name = 'workspace_id' and table_schema = 'public' order by table_name"
        )
        return [row[0] for row in cursor.fetchall()]


def test_no_table_with_a_workspace_is_without_its_seal(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class c where relkind = 'r' and relrowsecurity and relforcerowsecurity"
            " and (select count(*) from pg_policy where polrelid = c.oid) = 4"
        )
        sealed = {row[0] for row in cursor.fetchall()}
    tables = owned_tables()
    assert len(tables) >= 20
    assert set(tables) - sealed == set()


def test_every_model_of_a_workspace_is_among_the_sealed_tables(db: None) -> None:
    models = {model._meta.db_table for model in apps.get_models() if hasattr(model, "workspace_id")}
    assert models == set(owned_tables())


def test_the_application_owns_nothing_and_stands_under_the_seals(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user, rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == ("measureplan_app", False)
        cursor.execute(
            "select count(*) from pg_class c join pg_roles r on r.oid = relowner where rolname = current_user"
        )
        assert cursor.fetchone() == (0,)


def test_without_a_workspace_no_row_is_seen(lead: Membership) -> None:
    assert Membership.objects.count() == 0
    with scope.in_workspace(lead.workspace_id):
        assert Membership.objects.count() == 1


def test_a_query_without_its_filter_leaks_nothing(lead: Membership, outsider: Membership) -> None:
    with scope.in_workspace(outsider.workspace_id):
        assert [member.pk for member in Membership.objects.all()] == [outsider.pk]
        assert Membership.objects.filter(pk=lead.pk).update(department="theirs") == 0


def test_a_row_for_another_workspace_is_refused(lead: Membership, outsider: Membership) -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        scope.in_workspace(outsider.workspace_id),
    ):
        Membership.objects.create(workspace=lead.workspace, user=outsider.user, role=Role.OWNER)


def test_the_setting_ends_with_its_block(shop: Workspace, lead: Membership, outsider: Membership) -> None:
    with scope.in_workspace(shop.pk):
        with scope.in_workspace(outsider.workspace_id):
            assert Membership.objects.get().pk == outsider.pk
        assert Membership.objects.get().pk == lead.pk


def test_the_audit_trail_can_be_added_to_and_not_edited(lead: Membership, now: object) -> None:
    with scope.in_workspace(lead.workspace_id):
        AuditEntry.record(lead, "changed", lead.workspace, workspace=lead.workspace, now=now)
        entry = AuditEntry.objects.get()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            AuditEntry.objects.filter(pk=entry.pk).update(act="nothing happened")
        with (
            pytest.raises((ProgrammingError, InternalError), match="permission denied"),
            transaction.atomic(),
        ):
            entry.delete()


def test_memberships_are_found_by_their_own_person(lead: Membership) -> None:
    make_member(lead.workspace, "other@example.com")
    with scope.on_behalf_of(lead.user_id):
        assert [member.pk for member in Membership.objects.all()] == [lead.pk]
