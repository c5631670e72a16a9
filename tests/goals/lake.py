"""A lake in memory for tests: events and the sessions made of them, under the names that questions use."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import duckdb
import pyarrow as pa

from goals import statements
from goals.counting import INSTANT
from goals.statements import Finding, Statement

GAP = timedelta(minutes=30)
# Starting it takes longer than most answers. What a cursor registers and makes temporary is its own.
ENGINE = duckdb.connect()
EVENTS = pa.schema(
    [
        *((name, pa.string()) for name in ("event_id", "name", "visitor_id", "path", "host", "url", "title")),
        *((name, pa.string()) for name in ("currency", "transaction_id", "properties", "device", "referrer")),
        *((name, pa.string()) for name in ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")),
        ("time", INSTANT),
        ("source_id", pa.int64()),
        ("sequence", pa.int64()),
        ("value_micros", pa.int64()),
        ("refund", pa.bool_()),
        ("day", pa.date32()),
    ]
)
SESSIONS = pa.schema(
    [
        ("day", pa.date32()),
        ("source_id", pa.int64()),
        ("person_id", pa.string()),
        ("session_id", pa.string()),
        ("started_at", INSTANT),
        ("ended_at", INSTANT),
    ]
)


def sessions_of(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cut each person's events on a source into sessions, event by event."""
    sessions: list[dict[str, Any]] = []
    newest: dict[tuple[int, str], dict[str, Any]] = {}
    for event in sorted(events, key=lambda each: (each["time"], each.get("sequence") or 0, each["event_id"])):
        who = (event["source_id"], event["visitor_id"])
        session = newest.get(who)
        if session is None or event["time"] - session["ended_at"] >= GAP:
            session = {
                "source_id": who[0],
                "person_id": who[1],
                "session_id": event["event_id"],
                "started_at": event["time"],
                "day": event["time"].date(),
            }
            newest[who] = session
            sessions.append(session)
        session["ended_at"] = event["time"]
    return sessions


def answer(
    asked: Statement | Finding, events: Sequence[dict[str, Any]], *, at_once: int = statements.AT_ONCE
) -> list[dict[str, Any]]:
    """Put a question to the events; each needs event_id, name, visitor_id, time, source_id and refund."""
    with ENGINE.cursor() as lake:
        lake.execute("set timezone = 'UTC'")
        rows = [event | {"day": event["time"].date()} for event in events]
        lake.register("events", pa.Table.from_pylist(rows, schema=EVENTS))
        lake.execute("create temporary view person_events as select *, visitor_id as person_id from events")
        lake.register("sessions", pa.Table.from_pylist(sessions_of(events), schema=SESSIONS))
        if isinstance(asked, Finding):
            return statements.find(lake, asked, at_once=at_once).to_pylist()
        return statements.ask(lake, asked).to_pylist()
