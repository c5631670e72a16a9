"""The catalogues of translations: locale/<language>/LC_MESSAGES/django.po is kept, the compiled .mo is made from it.

Needs no program of the system. A .po is written in one form only, so that a text more is a few lines more: sorted,
one line a text, no dates, no places, nothing fuzzy, nothing obsolete.
"""

import io
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER: Final = Path(__file__).resolve().parent.parent / "locale"
HEADER: Final = """\
# {name}. `make messages` keeps the texts in step with the sources; only msgstr is written by hand.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def languages() -> list[str]:
    """Give the languages that have a catalogue; English is in the sources."""
    return sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/django.po"))


def path_of(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """Read the catalogue; raise PoFileError, which names the line, for one that is broken."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, charset="utf-8", abort_invalid=True)


def texts_of(catalogue: Catalog) -> list[Message]:
    """Give the texts without the header."""
    return [message for message in catalogue if message.id]


def is_translated(text: Message) -> bool:
    """Say whether every form of the text has a translation."""
    return all(text.string) if isinstance(text.string, (list, tuple)) else bool(text.string)


def in_step(catalogue: Catalog, sources: Catalog) -> Catalog:
    """Give the catalogue with exactly the sources' texts; what was translated stays so."""
    made = Catalog(locale=catalogue.locale, charset="utf-8")
    for text in texts_of(sources):
        known = catalogue.get(text.id, context=text.context)
        # A text that has gained or lost its plural is another text.
        string = known.string if known and known.pluralizable == text.pluralizable else None
        made.add(text.id, string, context=text.context, auto_comments=text.auto_comments)
    return made


def as_text(catalogue: Catalog) -> str:
    """Write the catalogue in its one form."""
    locale = Locale.parse(str(catalogue.locale))
    head = HEADER.format(name=locale.english_name, language=locale, plurals=catalogue.plural_forms)
    body = io.BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    return head + body.getvalue().decode().strip() + "\n"


def compile_changed() -> list[str]:
    """Compile each catalogue that is newer than its .mo; give their languages."""
    changed = stale()
    for language in changed:
        compiled = io.BytesIO()
        write_mo(compiled, read(language))
        # In one step: another process may be reading, or doing the same.
        fresh = path_of(language).with_suffix(".mo.new")
        fresh.write_bytes(compiled.getvalue())
        fresh.replace(path_of(language).with_suffix(".mo"))
    return changed


def stale() -> list[str]:
    """Give the languages whose catalogue is newer than its .mo, or has none."""
    return [language for language in languages() if _is_stale(language)]


def _is_stale(language: str) -> bool:
    source = path_of(language)
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns
