"""What the addresses of tracking need."""

import uuid

from tests.tracking.importers import checked, log_line
from tests.tracking.makers import NOON
from tracking.models import AdWord, Erasure, Kind, PlannedEvent, Source, SourceAlias
from tracking.protocols.registry import PROTOCOLS
from tracking.tag import script
from workspaces.models import Membership


def a_source(owner: Membership) -> str:
    return _source(owner, Kind.SERVER).slug


def an_import(owner: Membership) -> int:
    """Make one that can be stored although it has rejected rows to be downloaded: a log with a line that is none."""
    return checked(_source(owner, Kind.IMPORT), log_line("/") + b"garbage\n", name="access.log").pk


def a_key(owner: Membership) -> int:
    """Make a key of another tool for the source that was made last, which is the address's."""
    source = owner.workspace.sources.latest("pk")
    made = {"protocol": "segment", "key": uuid.uuid4().hex, "created_at": NOON}
    return SourceAlias.objects.create(workspace=owner.workspace, source=source, **made).pk


def _source(owner: Membership, kind: Kind) -> Source:
    slug = f"source-{uuid.uuid4().hex[:8]}"
    return Source.objects.create(workspace=owner.workspace, name=slug, slug=slug, kind=kind)


def a_planned_event(owner: Membership) -> int:
    return PlannedEvent.objects.create(
        workspace=owner.workspace, name=f"event_{uuid.uuid4().hex[:8]}", is_by_hand=True, created_at=NOON
    ).pk


def an_erasure(owner: Membership) -> int:
    made = {"named_by": "user", "name": "kari", "by_name": "owner", "ordered_at": NOON}
    return Erasure.objects.create(workspace=owner.workspace, **made).pk


def a_word(owner: Membership) -> int:
    header = uuid.uuid4().hex
    return AdWord.objects.create(workspace=owner.workspace, header=header, key=header, field="cost").pk


def a_foreign_key(owner: Membership) -> str:
    """Give what stands where another tool's addresses name its key."""
    return "k1"


SAMPLES = {
    "key": a_foreign_key,
    "source": a_source,
    "number": an_import,
    "alias": a_key,
    "planned": a_planned_event,
    "erasure": an_erasure,
    "word": a_word,
    "digest": lambda _owner: script().digest,
}
PUBLIC = {
    "mp.js": "the tag: every page of a measured site loads it",
    "mp.<slug:digest>.js": "the tag of one version",
} | {
    route.path: f"the door of {protocol.label}: a source's key is its own proof"
    for protocol in PROTOCOLS.values()
    for route in protocol.routes
}
