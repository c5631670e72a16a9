"""docs/reference/settings.md names every environment variable that is read, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READ = re.compile(r'\benv\.(?:text|integer|flag|names|path|choice)\(\s*"([A-Z_]+)"')
PACKAGES = ("measureplan", "workspaces", "tracking", "goals", "reports")


def test_the_reference_names_every_variable_that_is_read_and_no_other() -> None:
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    read = {name for file in files for name in READ.findall(file.read_text(encoding="utf-8"))}
    rows = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8").splitlines()
    named = {name for row in rows if row.startswith("| `") for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}
    assert len(read) > 20, "needs variables to compare"
    assert named == read
