"""What arrives, by name: events and pages seen, for the look-ups of whoever defines a goal.

Rows, not questions to the lake: somebody who types waits for the answer after every letter.
"""

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from tracking.models import Seen, SeenKind
from tracking.uncounted import NOT_COUNTED

# Texts that one workspace remembers; what comes after is counted in the lake alone. A site may have more pages than
# anybody looks up, and a faulty tag may put an order number into each name.
MOST = {SeenKind.EVENT: 2_000, SeenKind.PAGE: 20_000}
MOST_CHARS = 512
SHOWN = 20

_COLUMN = {SeenKind.EVENT: "name", SeenKind.PAGE: "path"}

_ADD = """
insert into tracking_seen (workspace_id, kind, text, events, last_at)
select %(workspace)s, %(kind)s, given.*
from unnest(%(texts)s::text[], %(events)s::bigint[], %(last)s::timestamptz[]) as given (text, events, last_at)
where %(most)s > (select count(*) from tracking_seen where workspace_id = %(workspace)s and kind = %(kind)s)
   or exists (
       select from tracking_seen as held
       where held.workspace_id = %(workspace)s and held.kind = %(kind)s and held.text = given.text
   )
on conflict (workspace_id, kind, text) do update
set events = tracking_seen.events + excluded.events, last_at = greatest(tracking_seen.last_at, excluded.last_at)
"""


def seen_events(workspace_id: int, search: str = "", *, limit: int = SHOWN) -> list[Seen]:
    """Give event names that contain the text, the most frequent first; call it inside the workspace."""
    return _found(workspace_id, SeenKind.EVENT, search, limit)


def seen_pages(workspace_id: int, search: str = "", *, limit: int = SHOWN) -> list[Seen]:
    """Give paths of pages that contain the text, the most frequent first; call it inside the workspace."""
    return _found(workspace_id, SeenKind.PAGE, search, limit)


def note(workspace_id: int, rows: pa.Table) -> None:
    """Count the names and paths of events that enter the lake; call it in the transaction that settles them."""
    counted = rows.filter(pc.invert(pc.is_in(rows.column("name"), pa.array(NOT_COUNTED))))
    for kind, column in _COLUMN.items():
        known = counted.filter(pc.less_equal(pc.utf8_length(counted.column(column)), MOST_CHARS))
        found = known.group_by(column).aggregate([("time", "count"), ("time", "max")]).sort_by(column)
        if found.num_rows == 0:
            continue
        given = {
            "workspace": workspace_id,
            "kind": str(kind),
            "most": MOST[kind],
            "texts": found.column(column).to_pylist(),
            "events": found.column("time_count").to_pylist(),
            "last": found.column("time_max").to_pylist(),
        }
        with connection.cursor() as cursor:
            cursor.execute(_ADD, given)


def _found(workspace_id: int, kind: SeenKind, search: str, limit: int) -> list[Seen]:
    rows = Seen.objects.filter(workspace_id=workspace_id, kind=kind)
    if search:
        rows = rows.filter(text__icontains=search.replace("\x00", ""))
    return list(rows[:limit])
