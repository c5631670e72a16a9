"""All that is stored of a person, as one file to hand over: a zip of JSON lines and a page that says what is what."""

import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import IO, Any

from django.db.models import Q
from msgspec import to_builtins

from tracking import held
from tracking.event import unpack
from tracking.lake.query import connected
from tracking.lake.removal import newest
from tracking.lake.schema import Table
from tracking.lake.table import open_snapshot
from tracking.models import IdentityLink, Quarantined, UnmatchedConversion
from tracking.rights import places
from tracking.rights.finding import THEIRS, Found, described, tables_of
from tracking.rights.subject import Subject
from workspaces import scope

IN_MEMORY_BYTES = 5_000_000  # above it the file waits on disk
ROWS = 10_000
JSON_COLUMNS = ("items", "consent", "properties")

ABOUT = """What is stored of one person
============================

events.jsonl     what happened, one event a line; times in UTC, amounts in millionths (value_micros) of the currency
sessions.jsonl   visits, computed from the events
touches.jsonl    what brought them: campaigns, links, advertisements; computed from the events
links.jsonl      which device (visitor_id) was seen as which account (user_id), and with consent
refused.jsonl    examples of events that were refused, kept for 30 days at most
conversions.jsonl  what a CRM told of them that no visitor here could be found for, kept for 90 days at most
about.json       by which ids all this was found, and how much it is

Addresses of the network are not stored. Figures by day have no persons in them.
"""


def write(workspace_id: int, subject: Subject, found: Found, *, now: datetime) -> IO[bytes]:
    """Give the file, at its beginning; whoever reads it closes it."""
    made: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115  # its reader closes it
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", ABOUT)
        archive.writestr("about.json", _json({"made_at": now} | described(subject, found)))
        for name, rows in _parts(workspace_id, subject).items():
            with archive.open(f"{name}.jsonl", "w") as part:
                for row in rows:
                    part.write(_json(row) + b"\n")
    made.seek(0)
    return made


def _parts(workspace_id: int, subject: Subject) -> Mapping[str, Iterable[Mapping[str, Any]]]:
    return {
        "events": _events(workspace_id, subject),
        "sessions": _derived(workspace_id, Table.SESSIONS, subject),
        "touches": _derived(workspace_id, Table.TOUCHES, subject),
        "links": _links(workspace_id, subject),
        "refused": _refused(workspace_id, subject),
        "conversions": _conversions(workspace_id, subject),
    }


def _events(workspace_id: int, subject: Subject) -> Iterator[dict[str, Any]]:
    with connected(newest(workspace_id), tables_of(subject)) as engine:
        read = engine.sql(f"select * exclude (day) from events where {THEIRS} order by time, event_id")  # noqa: S608
        for batch in read.to_arrow_reader(ROWS):
            for row in batch.to_pylist():
                said = {name: value for name, value in row.items() if value is not None}
                yield said | {name: json.loads(said[name]) for name in JSON_COLUMNS if name in said}


def _derived(workspace_id: int, table: Table, subject: Subject) -> Iterator[dict[str, Any]]:
    sql = f"select * from {table} where person_id in (select unnest($persons::varchar[])) order by all"  # noqa: S608
    with connected(open_snapshot(workspace_id)) as engine:
        for batch in engine.sql(sql, params={"persons": list(subject.persons)}).to_arrow_reader(ROWS):
            yield from batch.to_pylist()


def _links(workspace_id: int, subject: Subject) -> list[Mapping[str, Any]]:
    theirs = Q(visitor_id__in=subject.visitors) | Q(user_id__in=subject.users)
    with scope.in_workspace(workspace_id):
        rows = IdentityLink.objects.filter(theirs).order_by("visitor_id", "user_id")
        return list(rows.values("visitor_id", "user_id", "is_alias"))


def _refused(workspace_id: int, subject: Subject) -> list[Mapping[str, Any]]:
    with scope.in_workspace(workspace_id):
        return [
            {
                "received_at": row.received_at,
                "reason": row.code,
                "input": held.input_of(row.raw, row.held).decode("utf-8", "replace"),
            }
            for row in places.naming(Quarantined, subject)
        ]


def _conversions(workspace_id: int, subject: Subject) -> list[Mapping[str, Any]]:
    with scope.in_workspace(workspace_id):
        rows = list(places.naming(UnmatchedConversion, subject))
    return [{"received_at": row.received_at} | to_builtins(event) for row in rows for event in unpack(bytes(row.event))]


def _json(value: Any) -> bytes:  # a JSON value, with times
    return json.dumps(value, default=_text, ensure_ascii=False).encode("utf-8", "replace")


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
