"""`make messages`: brings every catalogue into step with the sources, and lists what waits for a translation.

make messages                          all languages
make messages ARGS=--check             writes nothing; the exit code is 1 where something would change or waits
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from babel.messages.catalog import Catalog

from measureplan import catalogues, extraction


def main(argv: Sequence[str] | None = None) -> int:
    """Update and list; give the exit code."""
    parser = argparse.ArgumentParser(prog="make messages", description="Bring the catalogues into step.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where something waits")
    options = parser.parse_args(argv)
    texts = list(extraction.texts())
    sources = extraction.catalogue_of(texts)
    places = {(text.id, text.context): text.place for text in texts}
    waits = 0
    for language in catalogues.languages():
        made = catalogues.in_step(catalogues.read(language), sources)
        waits += _update(language, catalogues.as_text(made), write=not options.check)
        waits += _list(language, made, places)
    print(f"{len(catalogues.texts_of(sources))} texts, {waits} waiting" if waits else "nothing waits")
    return 1 if options.check and waits else 0


def _update(language: str, written: str, *, write: bool) -> int:
    """Write the file where it differs; give 1 where it differs and may not be written."""
    path = catalogues.path_of(language)
    if path.read_text(encoding="utf-8") == written:
        return 0
    if write:
        path.write_text(written, encoding="utf-8")
        return 0
    print(f"{language}: out of step with the sources; run `make messages`")
    return 1


def _list(language: str, catalogue: Catalog, places: Mapping[Any, str]) -> int:
    """Print each text without a translation and where it stands; give how many there are."""
    waiting = [text for text in catalogues.texts_of(catalogue) if not catalogues.is_translated(text)]
    for text in waiting:
        print(f"{language}  {places[text.id, text.context]}  {text.id!r}")
    return len(waiting)


if __name__ == "__main__":
    sys.exit(main())
