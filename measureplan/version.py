"""The version, read from the changelog and kept nowhere else."""

import re
from pathlib import Path

_HEADING = re.compile(r"^## (\d+\.\d+\.\d+)", re.MULTILINE)


def _newest() -> str:
    found = _HEADING.search((Path(__file__).resolve().parent.parent / "CHANGELOG.md").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("CHANGELOG.md has no heading of the form '## 1.2.3'")
    return found.group(1)


VERSION = _newest()
