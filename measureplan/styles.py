"""One style sheet for browsers, many files for people: joins css/app.css when static files are collected."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET: Final = "css/app.css"
IMPORT: Final = re.compile(r'@import url\("([^"]+)"\);')


def joined(sheet: str, read: Callable[[str], str]) -> str:
    """Give the sheet with each import replaced by what it names.

    read   gives the text of a file by its path beside the sheet
    """
    return IMPORT.sub(lambda found: read(found[1]), sheet)


class JoinedStyles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Collects, hashes and compresses as whitenoise does; the sheet is joined before its name is hashed."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Join first; `paths` is Django's own: the name of each file with its storage and its path there."""
        if SHEET in paths and not dry_run:
            text = joined(self._source(paths, SHEET), lambda name: self._source(paths, f"css/{name}"))
            self.delete(SHEET)
            self._save(SHEET, ContentFile(text.encode()))
            paths = {**paths, SHEET: (self, SHEET)}  # hashed from here on, not from the source
        yield from super().post_process(paths, dry_run, **options)

    def _source(self, paths: dict[str, Any], name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as file:
            return str(file.read().decode())
