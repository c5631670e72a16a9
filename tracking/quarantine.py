"""What was refused, with its reason: kept for 30 days as examples to be mended and sent again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tracking.event import QUARANTINE_BYTES, Quarantined
from tracking.ledger import Origin
from tracking.models import Quarantined as Row
from tracking.rights import tombstones

KEPT = timedelta(days=30)
# The counters tell how many were refused; the examples are bounded, so that a bad sender cannot fill the disk.
MOST_PER_SOURCE = 10_000
MOST_PER_REQUEST = 100

Example = tuple[str, str, str, bytes]  # code, JSON pointer to the item, message, the input's beginning

_KEEP = """
insert into tracking_quarantined (workspace_id, source_id, received_at, code, pointer, message, raw)
select %(workspace)s, %(source)s, %(now)s, given.*
from unnest(%(codes)s::text[], %(pointers)s::text[], %(messages)s::text[], %(raws)s::bytea[]) as given
where %(most)s > (
    select count(*) from (select from tracking_quarantined where source_id = %(source)s limit %(most)s) as held
)
"""


def example(refused: Quarantined) -> Example:
    """Give the parsed refusal as an example to keep."""
    pointer = "" if refused.index is None else f"/{refused.index}"
    return str(refused.reason), pointer, refused.message, refused.raw


def keep(origin: Origin, examples: Sequence[Example], *, now: datetime) -> None:
    """Keep the examples, as far as the source's bound allows, but none that names somebody who was erased."""
    kept = [
        each
        for each in examples[:MOST_PER_REQUEST]
        if not tombstones.names_erased(origin.workspace_id, origin.source_id, each[3])
    ]
    if not kept:
        return
    codes, pointers, messages, raws = zip(*kept, strict=True)
    given: dict[str, Any] = {  # what the driver takes
        "workspace": origin.workspace_id,
        "source": origin.source_id,
        "now": now,
        "most": MOST_PER_SOURCE,
        "codes": [code[:40] for code in codes],
        "pointers": [pointer[:200] for pointer in pointers],
        # PostgreSQL's text has no NUL; a message may quote the input.
        "messages": [message.replace("\x00", "\N{REPLACEMENT CHARACTER}")[:500] for message in messages],
        "raws": [raw[:QUARANTINE_BYTES] for raw in raws],
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, given)


def purge(*, now: datetime, kept: timedelta = KEPT) -> int:
    """Remove the workspace's examples whose time is over; say how many."""
    return Row.objects.filter(received_at__lt=now - kept).delete()[0]
