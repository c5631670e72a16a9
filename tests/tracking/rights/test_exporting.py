"""What is handed over is all that is stored: also what was held back, and what waits for its visitor."""

import io
import json
import zipfile
from typing import Any

import pytest

from tests.tracking.makers import NOON, make_event, make_source
from tests.tracking.test_collect import send
from tracking.conversions import keeping
from tracking.conversions.matching import Missed
from tracking.conversions.placing import Unmatched
from tracking.ledger import Origin
from tracking.models import Source
from tracking.rights import exporting, finding
from workspaces import scope
from workspaces.models import Workspace

LONG = "x" * 3_000  # the beginning that is kept of a refused item ends before what comes after


def exported(source: Source, name: str) -> dict[str, list[dict[str, Any]]]:
    subject = finding.find(source.workspace_id, "user", name)
    made = exporting.write(source.workspace_id, subject, finding.count(source.workspace_id, subject), now=NOON)
    with made, zipfile.ZipFile(io.BytesIO(made.read())) as archive:
        return {
            part: [json.loads(line) for line in archive.read(part).splitlines()]
            for part in archive.namelist()
            if part.endswith(".jsonl")
        }


@pytest.mark.django_db
def test_what_a_strict_source_held_back_is_handed_over_whole(shop: Workspace) -> None:
    source = make_source(shop, is_strict=True)
    with scope.in_workspace(shop.pk):
        shop.planned_events.create(name="signup", is_by_hand=True, created_at=NOON)
    send(source, {"events": [{"event_id": "1", "name": "wish", "properties": {"note": LONG}, "user_id": "kari"}]})
    (refused,) = exported(source, "kari")["refused.jsonl"]
    assert (refused["reason"], json.loads(refused["input"])["user_id"]) == ("unplanned", "kari")


@pytest.mark.django_db
def test_a_conversion_that_waits_for_its_visitor_is_handed_over(shop: Workspace) -> None:
    source = make_source(shop)
    waits = [
        Unmatched(line, Missed.USER, make_event(f"c{line}", name="sold", user_id=user_id))
        for line, user_id in enumerate(("kari", "ola"))
    ]
    with scope.in_workspace(shop.pk):
        keeping.keep(Origin(workspace_id=shop.pk, source_id=source.pk), waits, now=NOON)
    (waiting,) = exported(source, "kari")["conversions.jsonl"]
    assert (waiting["event_id"], waiting["name"], waiting["user_id"]) == ("c0", "sold", "kari")
