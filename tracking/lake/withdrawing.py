"""Events that a newer file of their day replaced leave the lake, before that file's own events enter it.

The orders (models.Withdrawal) are written in the transaction that stores the new file's events. The drain carries them
out between claiming a batch and storing it: whoever sees the new events' rows sees the orders as well. An order names
ids and the import that gave it, whose own events of the same ids stay; so carrying one out twice removes nothing more.
"""

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from tracking import derive as derivation
from tracking.lake import removal
from tracking.lake.removal import Condition, Sought
from tracking.models import Withdrawal
from tracking.recounting import recount
from workspaces import scope

# An event that came by no import is nobody's to withdraw: its comparison is neither true nor false.
_WITHDRAWN = """
day between $first and $last and exists (
    select 1 from withdrawn
    where withdrawn.day = events.day and withdrawn.source_id = events.source_id
        and withdrawn.event_id = events.event_id and withdrawn.import_id <> events.import_id
)
"""


def carry_out(workspace_id: int, *, now: datetime) -> bool:
    """Remove what is withdrawn; say whether the table changed. Call it with the drain's lock."""
    with scope.in_workspace(workspace_id):
        orders = list(Withdrawal.objects.order_by("day", "pk"))
    if not orders:
        return False
    condition = _withdrawn(orders)
    sought = removal.seek(workspace_id, condition)
    _keep(orders[0], sought)
    removal.remove(workspace_id, condition, sought.days)
    names = {name for order in orders for name in order.names}
    paths = {path for order in orders for path in order.paths}
    recount(workspace_id, names=names, paths=paths, now=now)
    with scope.in_workspace(workspace_id):
        derivation.mark(workspace_id, min(order.since for order in orders))
        Withdrawal.objects.filter(pk__in=[order.pk for order in orders]).delete()
    return sought.events > 0


def _keep(order: Withdrawal, sought: Sought) -> None:
    """Note what is to be counted anew, before anything is gone: after a kill nobody could find it out any more."""
    order.names, order.paths = [*order.names, *sought.names], [*order.paths, *sought.paths]
    with scope.in_workspace(order.workspace_id):
        order.save(update_fields=["names", "paths"])


def _withdrawn(orders: Sequence[Withdrawal]) -> Condition:
    ids = [(order, event_id) for order in orders for event_id in order.event_ids]
    table = pa.table(
        {
            "day": pa.array([order.day for order, _ in ids], pa.date32()),
            "source_id": pa.array([order.source_id for order, _ in ids], pa.int64()),
            "import_id": pa.array([order.import_id for order, _ in ids], pa.int64()),
            "event_id": pa.array([event_id for _, event_id in ids], pa.string()),
        }
    )
    return Condition(
        sql=_WITHDRAWN, params={"first": orders[0].day, "last": orders[-1].day}, tables={"withdrawn": table}
    )
