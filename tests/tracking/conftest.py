"""Sources for files, and scripts that nobody has counted yet."""

import pytest
from django.core.cache import caches

from tests.tracking.makers import make_source
from tracking.models import Kind, Source
from workspaces.models import Workspace


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    """Let no test be refused for what others asked before it."""
    caches["throttle"].clear()


@pytest.fixture
def files(shop: Workspace) -> Source:
    return make_source(shop, slug="files", kind=Kind.IMPORT)


@pytest.fixture
def old(shop: Workspace) -> Source:
    """Give the source of what another tool counted before."""
    return make_source(shop, slug="old", kind=Kind.IMPORT)
