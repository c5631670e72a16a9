"""Collected static files hold one style sheet, with everything that its parts say, in their order."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from measureplan.styles import joined

SOURCE = Path(__file__).parents[2] / "static" / "css"


def test_imports_are_replaced_where_they_stand() -> None:
    parts = {"a.css": "a{}", "b/c.css": "c{}"}
    sheet = '/* order */\n@import url("a.css");\n@import url("b/c.css");\n'
    assert joined(sheet, parts.__getitem__) == "/* order */\na{}\nc{}\n"


@pytest.fixture
def collected(settings: Any, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path
    joins = {"BACKEND": "measureplan.styles.JoinedStyles"}  # as in production; other tests collect nothing
    settings.STORAGES = {**settings.STORAGES, "staticfiles": joins}
    settings.STATICFILES_DIRS = [SOURCE.parent]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_the_collected_sheet_imports_nothing_and_loses_nothing(collected: Path) -> None:
    (hashed,) = (collected / "css").glob("app.*.css")
    text = hashed.read_text(encoding="utf-8")
    parts = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.css") if path.name != "app.css"]
    assert "@import" not in text
    assert text.startswith("/* Every style")
    assert not [part[:60] for part in parts if part not in text]


def test_collecting_twice_gives_the_same_name(collected: Path) -> None:
    before = {path.name for path in (collected / "css").glob("app.*")}
    call_command("collectstatic", interactive=False, verbosity=0)
    assert {path.name for path in (collected / "css").glob("app.*")} == before
