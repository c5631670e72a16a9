"""What tests of protocols share: a source that answers to another tool's key, and what came of a request."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.test import Client
from hypothesis import strategies as st

from tests.tracking.makers import NOON, make_source
from tracking.event import Event
from tracking.models import InboxRow, Source, SourceAlias
from workspaces import scope
from workspaces.models import Workspace

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def answering_to(workspace: Workspace, protocol: str, key: str, **fields: Any) -> Source:
    """Give a source of the workspace with a key of another tool."""
    source = make_source(workspace, **fields)
    with scope.in_workspace(workspace.pk):
        SourceAlias.objects.create(workspace=workspace, source=source, protocol=protocol, key=key, created_at=NOON)
    return source


def post(address: str, body: bytes, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Send as a page of a browser does."""
    return Client().post(
        address, body, content_type="text/plain", headers={"User-Agent": BROWSER} | dict(headers or {})
    )


def arrived(source: Source) -> list[Event]:
    """Give the events that wait for the lake."""
    with scope.in_workspace(source.workspace_id):
        rows = list(InboxRow.objects.filter(source=source).order_by("pk"))
    return [event for row in rows for event in row.accepted()]


def repeated(source: Source) -> int:
    """Give how many events came again and were known."""
    with scope.in_workspace(source.workspace_id):
        counts = InboxRow.objects.filter(source=source).values_list("counts", flat=True)
        return sum(each.get("duplicate", 0) for each in counts)


def only(source: Source) -> Event:
    """Give the event that waits for the lake, where it must be one."""
    [event] = arrived(source)
    return event


def properties(event: Event) -> dict[str, Any]:
    """Give what the sender said beside the fields."""
    return json.loads(event.properties or "{}")  # type: ignore[no-any-return]


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
