"""Migrations of rows that are there already: nothing is lost on the way there and back, in any workspace."""

from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.goals.makers import make_plan
from workspaces import scope
from workspaces.models import Workspace

BEFORE = ("goals", "0002_plan_in_full")
AFTER = ("goals", "0004_names_are_unique")


@pytest.fixture
def owner_of_tables(db: None) -> None:
    """Take the role that owns the tables for the test's transaction: it is no superuser, so the seals hold for it."""
    with connection.cursor() as cursor:
        cursor.execute("set local role none")
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        if cursor.fetchone() != (False,):
            pytest.skip("this server's owner of tables is a superuser, whom no seal holds")


def migrated(target: tuple[str, str]) -> Apps:
    """Migrate within the test's transaction; give the models as they were then."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")  # a table with waiting checks can't be altered
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    executor.loader.build_graph()
    return executor.loader.project_state([target]).apps


def objectives(apps: Apps, workspace: Workspace) -> list[Any]:
    with scope.in_workspace(workspace.pk):
        return list(apps.get_model("goals", "Objective").objects.order_by("pk"))


def test_questions_and_names_come_and_go_in_every_workspace(
    shop: Workspace, outsider: Any, owner_of_tables: None
) -> None:
    shops = (shop, outsider.workspace)
    plans = {each.pk: make_plan(each).pk for each in shops}
    old = migrated(BEFORE)
    for each in shops:
        with scope.in_workspace(each.pk):
            for name, question in (("Sell more", "What pays?"), ("Sell more", ""), ("Ærlig", "Hvem?")):
                old.get_model("goals", "Objective").objects.create(
                    workspace_id=each.pk, plan_id=plans[each.pk], name=name, question=question
                )
    new = migrated(AFTER)
    for each in shops:
        rows = objectives(new, each)
        assert len({row.slug for row in rows}) == 3, each
        assert [row.slug.rsplit("-", 1)[0] for row in rows] == ["objective"] * 3, each
        with scope.in_workspace(each.pk):
            asked = new.get_model("goals", "Question").objects.order_by("pk").values_list("text", flat=True)
            assert list(asked) == ["What pays?", "Hvem?"], each
    back = migrated(BEFORE)
    for each in shops:
        assert [row.question for row in objectives(back, each)] == ["What pays?", "", "Hvem?"], each
