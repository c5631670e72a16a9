"""What arrives at a source, as whoever watches sees it: accepted or rejected, as planned or not."""

from dataclasses import dataclass
from datetime import datetime

from tracking.consent import consent_of
from tracking.health import kept
from tracking.latest import KEPT, SHOWN, Row, latest
from tracking.masking import masked
from tracking.models import Source
from tracking.planned import Plan, breaches
from tracking.reasons import Reason, reason_of


@dataclass(frozen=True, slots=True)
class Sighting:
    """One thing that arrived, as it is shown: accepted, or rejected for a reason.

    mark   unplanned, or the properties that are not as agreed
    """

    name: str
    received_at: datetime
    where: str = ""
    value: str = ""
    device: str = ""
    protocol: str = ""
    mark: str = ""
    keys: tuple[str, ...] = ()
    knows_consent: bool = True
    reason: Reason | None = None


def sightings(source: Source, plan: Plan, *, now: datetime) -> list[Sighting]:
    """Give what arrived at a source within the hour, what was rejected among it, newest first."""
    seen = [_sighting(row, plan) for row in latest([source], now=now)]
    refused = kept(source).filter(received_at__gt=now - KEPT).defer("raw", "held")[:SHOWN]
    seen += [Sighting(row.name, row.received_at, reason=reason_of(row.code)) for row in refused]
    return sorted(seen, key=lambda each: each.received_at, reverse=True)[:SHOWN]


def _sighting(row: Row, plan: Plan) -> Sighting:
    agreed = plan.events.get(row["name"], ())
    keys = tuple(each.property for each in breaches(agreed, row["properties"], row.get)) if agreed else ()
    is_unplanned = bool(plan.events) and not plan.knows(row["name"])
    value = row["value_micros"]
    return Sighting(
        name=row["name"],
        received_at=row["received_at"],
        where=masked(f"{row['host'] or ''}{row['path'] or ''}"),
        value="" if value is None else f"{value / 1_000_000:.2f} {row['currency'] or ''}".strip(),
        device=row["device"] or "",
        protocol=row["protocol"],
        mark="unplanned" if is_unplanned else "violating" if keys else "",
        keys=keys,
        knows_consent=consent_of(row["consent"]).analytics is not None,
    )
