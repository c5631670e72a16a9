"""Row level security for workspace-owned tables, as migration operations."""

from collections.abc import Iterator

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunSQL

APPLICATION_ROLE = "measureplan_app"

_THIS_WORKSPACE = "workspace_id = (select nullif(current_setting('measureplan.workspace', true), '')::bigint)"

_FROM_NOW_ON = "alter default privileges in schema public"

# Further ways in which a row may be found while no workspace is set yet.
BY_SECRET = "{column} = (select nullif(current_setting('measureplan.presented', true), ''))"  # noqa: S105  # no secret
BY_USER = "{column} = (select nullif(current_setting('measureplan.user', true), '')::bigint)"


def seal(table: str, *, found_by: str | None = None) -> RunSQL:
    """Show the table's rows to their workspace only; `found_by` adds a condition for reading alone."""
    readable = f"{_THIS_WORKSPACE} or {found_by}" if found_by else _THIS_WORKSPACE
    return RunSQL(
        sql=[
            f"alter table {table} enable row level security",
            f"alter table {table} force row level security",
            f"create policy {table}_reads on {table} for select using ({readable})",
            f"create policy {table}_adds on {table} for insert with check ({_THIS_WORKSPACE})",
            f"create policy {table}_edits on {table} for update using ({_THIS_WORKSPACE})",
            f"create policy {table}_drops on {table} for delete using ({_THIS_WORKSPACE})",
        ],
        reverse_sql=[
            *(f"drop policy {table}_{name} on {table}" for name in ("reads", "adds", "edits", "drops")),
            f"alter table {table} no force row level security",
            f"alter table {table} disable row level security",
        ],
    )


def keep_forever(table: str) -> RunSQL:
    """Take from the application the right to change or delete the table's rows."""
    return RunSQL(
        sql=f"revoke update, delete on {table} from {APPLICATION_ROLE}",
        reverse_sql=f"grant update, delete on {table} to {APPLICATION_ROLE}",
    )


def keep_unchanged(table: str) -> RunSQL:
    """Take from the application the right to change the table's rows; they may go."""
    return RunSQL(
        sql=f"revoke update on {table} from {APPLICATION_ROLE}",
        reverse_sql=f"grant update on {table} to {APPLICATION_ROLE}",
    )


def make_application_role() -> RunSQL:
    """Make the role that the application takes on each connection: it owns nothing and may not pass the seals."""
    return RunSQL(
        sql=[
            # Two databases of one server may be migrated at once: the other's role is as good.
            (
                f"do $$ begin create role {APPLICATION_ROLE} nologin;"
                " exception when duplicate_object or unique_violation then null; end $$"
            ),
            f"grant {APPLICATION_ROLE} to current_user",
            f"grant usage on schema public to {APPLICATION_ROLE}",
            f"grant select, insert, update, delete on all tables in schema public to {APPLICATION_ROLE}",
            f"grant usage on all sequences in schema public to {APPLICATION_ROLE}",
            f"{_FROM_NOW_ON} grant select, insert, update, delete on tables to {APPLICATION_ROLE}",
            f"{_FROM_NOW_ON} grant usage on sequences to {APPLICATION_ROLE}",
        ],
        reverse_sql=RunSQL.noop,  # the role may serve other databases of the server
    )


def in_each_workspace(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> Iterator[int]:
    """Enter one workspace after another, for a migration of data: the seals hold for the tables' owner too."""
    pks = list(apps.get_model("workspaces", "Workspace").objects.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("select set_config('measureplan.workspace', %s, true)", [str(pk)])
        yield pk
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("select set_config('measureplan.workspace', '', true)")
