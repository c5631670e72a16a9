"""A source for files."""

import pytest

from tests.tracking.makers import make_source
from tracking.models import Kind, Source
from workspaces.models import Workspace


@pytest.fixture
def files(shop: Workspace) -> Source:
    return make_source(shop, slug="files", kind=Kind.IMPORT)
