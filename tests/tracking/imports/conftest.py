"""A source for files, in a folder of its own."""

from pathlib import Path
from typing import Any

import pytest

from tests.tracking.makers import make_source
from tracking.models import Kind, Source
from workspaces.models import Workspace


@pytest.fixture(autouse=True)
def upload_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture
def files(shop: Workspace) -> Source:
    return make_source(shop, slug="files", kind=Kind.IMPORT)
