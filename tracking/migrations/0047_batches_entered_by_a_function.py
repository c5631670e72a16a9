"""Has a batch entered by a function that answers whether all of its ids were new.

A held id ends the batch's statement; caught in here it is an answer, and no fault that the database writes into its log.
"""

from django.db import migrations

# The keys come in order, 16 bytes of digest and 8 of fingerprint each, as tracking.ledger joins them.
_MAKE = """
create function tracking_enter_batch(
    workspace bigint, source bigint, import bigint, received timestamptz,
    packed bytea, plain_size integer, counted jsonb, keys bytea
) returns boolean language plpgsql as $$
begin
    insert into tracking_inboxrow (workspace_id, source_id, import_id, received_at, events, size, counts)
    values (workspace, source, import, received, packed, plain_size, counted);
    insert into tracking_eventkey (workspace_id, source_id, digest, fingerprint)
    select workspace, source, encode(substring(keys from place for 16), 'hex')::uuid,
        substring(keys from place + 16 for 8)
    from generate_series(1, length(keys), 24) as place;
    return true;
exception when unique_violation then
    return false;
end
$$
"""


class Migration(migrations.Migration):
    dependencies = [("tracking", "0046_requests_compressed_by_us")]

    operations = [
        migrations.RunSQL(
            sql=_MAKE,
            reverse_sql="drop function tracking_enter_batch"
            "(bigint, bigint, bigint, timestamptz, bytea, integer, jsonb, bytea)",
        )
    ]
