"""Whether a worker is at a run: its advisory lock says so, which the server frees when its holder dies."""

import json
from typing import Final

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from reports import filling, running
from reports.evidence import keeping
from reports.models import Run, RunKind
from tracking import locks

LOCKS: Final = {  # by kind: the first half of the lock's key
    RunKind.MODEL: running.Work.RUN,
    RunKind.FILL: filling.Work.FILL,
    RunKind.DERIVATION: locks.Work.DERIVE,
    RunKind.EVIDENCE: keeping.Work.WEIGH,
}
# The key's second half is the run's id, or the workspace's. Of keys of two halves `objsubid` is 2; the view shows the
# locks of every database of the server.
_INTERRUPTED: Final = """
reports_run.state = 'running' and not exists (
    select from pg_locks
    where locktype = 'advisory' and objsubid = 2 and granted
        and database = (select oid from pg_database where datname = current_database())
        and classid::bigint = (%s::jsonb ->> reports_run.kind)::bigint
        and objid::bigint = (case reports_run.kind when 'model' then reports_run.id else reports_run.workspace_id end)
            %% (2 ^ 31)::bigint
)
"""


def seen(rows: "QuerySet[Run]") -> "QuerySet[Run]":
    """Give the rows with `is_interrupted`: whether the worker that ran it is gone, so that the next try takes it up."""
    keys = json.dumps({kind.value: int(work) for kind, work in LOCKS.items()})
    return rows.annotate(is_interrupted=RawSQL(_INTERRUPTED, [keys], output_field=BooleanField()))  # noqa: S611  # no input in it
