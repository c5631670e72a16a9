"""What reports tell of campaigns on some days, and what touches carried: the two reads that everything here needs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db.models import Sum

from reports.dimensions import NOT_SET
from reports.periods import Span
from reports.reconciliation.matching import Campaigns, Origin, Told
from tracking.lake.query import query
from tracking.lake.table import Snapshot
from tracking.models import AdCost
from workspaces import scope

_SQL = Path(__file__).parent.parent / "sql"
TOUCHES = (_SQL / "touches.carried.sql").read_text()
TAGS = (_SQL / "events.tags.sql").read_text()


@dataclass(frozen=True, slots=True)
class Carried:
    """So many touches of one origin and one value of a dimension; `inside` those on the range's own days."""

    origin: Origin
    key: str
    touches: int
    inside: int


def told(workspace_id: int, span: Span) -> list[Told]:
    """Give what reports say of each campaign on the span's days, by currency."""
    with scope.in_workspace(workspace_id):
        rows = AdCost.objects.filter(workspace_id=workspace_id, day__gte=span.since, day__lt=span.until)
        by = ("platform", "campaign", "campaign_id", "currency")
        sums = rows.order_by(*by).values(*by).annotate(
            cost=Sum("cost_micros"), claimed=Sum("conversions"), claimed_micros=Sum("conversion_micros")
        )  # fmt: skip
        return [
            Told(
                platform=row["platform"],
                name=row["campaign"],
                campaign_id=row["campaign_id"],
                currency=row["currency"],
                cost_micros=int(row["cost"]),
                conversions=row["claimed"],
                value_micros=None if row["claimed_micros"] is None else int(row["claimed_micros"]),
            )
            for row in sums
        ]


def carried_and(column: str) -> str:
    """Give what a stored path's touch carries of an ad, and a column of it, as one text: a key to read paths by."""
    parts = ("coalesce(source, '')", "coalesce(campaign, '')", "if(paid, 'y', '')", f"coalesce({column}, $not_set)")
    return f"to_json([{', '.join(parts)}])::varchar"


def origin_and_key(text: str) -> tuple[Origin, str]:
    """Read what `carried_and` wrote."""
    source, campaign, paid, key = json.loads(text)
    return Origin(source, campaign, is_paid=bool(paid)), key


def campaigns(snapshot: Snapshot, rows: Iterable[Told], span: Span, *, back_days: int) -> Campaigns:
    """Give the campaigns, found by what addresses carried on the span's days and `back_days` before."""
    listed = list(rows)
    ids = sorted({row.campaign_id.casefold() for row in listed if row.campaign_id})
    if not ids:
        return Campaigns(listed)
    # An event's day is UTC's, which may begin half a day before or after the workspace's.
    since, until = span.since - timedelta(days=back_days + 1), span.until + timedelta(days=1)
    params: dict[str, object] = {"since": since, "until": until, "ids": ids}
    found = query(snapshot.workspace_id, TAGS, params, snapshot=snapshot)
    return Campaigns(listed, zip(found.column("name").to_pylist(), found.column("id").to_pylist(), strict=True))


def carried(snapshot: Snapshot, span: Span, *, column: str, back_days: int) -> list[Carried]:
    """Count the touches by what they carry of an ad and by a column of touches, from `back_days` before the span."""
    first: date = span.since - timedelta(days=back_days)
    params: dict[str, object] = {"first": first, "since": span.since, "until": span.until, "not_set": NOT_SET}
    table = query(snapshot.workspace_id, TOUCHES.replace("{column}", column), params, snapshot=snapshot)
    return [
        Carried(Origin(row["source"], row["campaign"], row["paid"]), row["key"], row["touches"], row["inside"])
        for row in table.to_pylist()
    ]
