"""What the addresses of tracking need."""

import uuid

from tracking.models import Kind, Source
from workspaces.models import Membership


def a_source(owner: Membership) -> str:
    slug = f"source-{uuid.uuid4().hex[:8]}"
    return Source.objects.create(workspace=owner.workspace, name=slug, slug=slug, kind=Kind.SERVER).slug


SAMPLES = {"source": a_source}
PUBLIC = {
    "api/v1/collect": "the door: a source's write key is its own proof",
    "api/v1/collect/batch": "the door: a source's write key is its own proof",
}
