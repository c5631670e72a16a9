"""Empties the database after a test that commits: deletes what is there, and leaves alone what is empty.

Django's own way truncates every table with its indexes and makes all content types and permissions anew, which takes
longer than most of these tests.
"""

from typing import Final

from django.db import connection

# What migrating wrote, and tests leave as it is.
KEPT: Final = ("django_migrations", "django_content_type", "auth_permission", "django_site")
# The seals hold for the tables' owner too: of a sealed table it sees the rows of the workspace that it names, so that
# only truncating finds rows which may outlive their workspace. The order does not matter, since foreign keys are asked
# when all is done. A table without a page has never had a row.
TABLES: Final = (
    "from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0"
)
OUTLIVING: Final = """relrowsecurity and not exists (
    select from pg_constraint where conrelid = pg_class.oid and confrelid = 'workspaces_workspace'::regclass
)"""
EMPTY: Final = f"""
do $$
declare
    shop bigint;
    each regclass;
begin
    for each in select oid {TABLES} and {OUTLIVING} loop
        execute format('truncate %s', each);
    end loop;
    for shop in select id from workspaces_workspace loop
        perform set_config('measureplan.workspace', shop::text, true);
        for each in select oid {TABLES} and relrowsecurity loop
            execute format('delete from %s', each);
        end loop;
    end loop;
    for each in select oid {TABLES} and not relrowsecurity and relname not in {KEPT} loop
        execute format('delete from %s', each);
    end loop;
end $$
"""  # noqa: S608  # names of ours


def empty() -> None:
    """Delete every row that a test has written, of whichever workspace it is; asked of the tables' owner."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
