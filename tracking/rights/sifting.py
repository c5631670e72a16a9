"""Takes what the erased did out of requests that wait for the lake."""

from collections.abc import Sequence
from dataclasses import replace

from tracking.event import Event
from tracking.inbox import Row
from tracking.packed import packed
from tracking.rights import tombstones

ACCEPTED, FILTERED = "accepted", "filtered:erased"  # as an inbox row counts them


def sift(workspace_id: int, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Give the rows without what the erased did, which counts as filtered; call it inside the workspace."""
    if not tombstones.are_any():
        return tuple(rows)
    unpacked = [row.events() for row in rows]
    events = [(row.source_id, event) for row, theirs in zip(rows, unpacked, strict=True) for event in theirs]
    refused = iter(tombstones.are_refused(workspace_id, events))
    kept = [[event for event in theirs if not next(refused)] for theirs in unpacked]
    return tuple(_with(row, left, len(theirs)) for row, left, theirs in zip(rows, kept, unpacked, strict=True))


def _with(row: Row, kept: list[Event], before: int) -> Row:
    gone = before - len(kept)
    if not gone:
        return row
    counts = {**row.counts, ACCEPTED: row.counts.get(ACCEPTED, 0) - gone}
    counts[FILTERED] = counts.get(FILTERED, 0) + gone
    return replace(row, packed=packed(kept), counts=counts)
