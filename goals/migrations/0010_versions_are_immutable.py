"""Guards what was signed: the content of a version and an answer that was given never change, whoever asks."""

from django.db import migrations

# A trigger rather than a revoked right: state and settled_at of the same row do change, and the owner is held, too.
VERSION = """
create function goals_planversion_is_kept() returns trigger language plpgsql as $$
begin
    if (new.content, new.number, new.plan_id, new.workspace_id, new.note, new.made_by, new.made_at)
        is distinct from (old.content, old.number, old.plan_id, old.workspace_id, old.note, old.made_by, old.made_at)
    then
        raise exception 'a version of a plan never changes' using errcode = 'restrict_violation';
    end if;
    if old.state <> 'in_review' and (new.state, new.settled_at) is distinct from (old.state, old.settled_at) then
        raise exception 'a settled version of a plan stays settled' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger goals_planversion_is_kept before update on goals_planversion
    for each row execute function goals_planversion_is_kept();
"""

# The member may go (the row keeps the name); the answer may not.
ANSWER = """
create function goals_signoff_is_kept() returns trigger language plpgsql as $$
begin
    if (new.version_id, new.workspace_id, new.name) is distinct from (old.version_id, old.workspace_id, old.name)
        or (old.answer <> 'pending'
            and (new.answer, new.reason, new.answered_at) is distinct from (old.answer, old.reason, old.answered_at))
    then
        raise exception 'an answer to a version never changes' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger goals_signoff_is_kept before update on goals_signoff
    for each row execute function goals_signoff_is_kept();
"""


def drop(name):
    return f"drop trigger {name} on {name.removesuffix('_is_kept')}; drop function {name}();"


class Migration(migrations.Migration):
    dependencies = [("goals", "0004_names_are_unique")]

    operations = [
        migrations.RunSQL(VERSION, drop("goals_planversion_is_kept")),
        migrations.RunSQL(ANSWER, drop("goals_signoff_is_kept")),
    ]
