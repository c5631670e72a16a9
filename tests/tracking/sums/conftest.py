"""A shop whose history was counted by Plausible."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches

from tests.tracking.makers import make_source
from tracking.models import Kind, Source
from workspaces.models import Workspace


@pytest.fixture(autouse=True)
def upload_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    caches["throttle"].clear()


@pytest.fixture
def old(shop: Workspace) -> Source:
    return make_source(shop, slug="old", kind=Kind.IMPORT)
