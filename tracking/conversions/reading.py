"""A CRM's file of conversions: rows with a time, a name, and something that says whose they are."""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from typing import Any, BinaryIO

from tracking.campaign import CLICK_IDS
from tracking.conversions.matching import PROTOCOL
from tracking.conversions.placing import Placed, placed
from tracking.imports.destination import Destination
from tracking.tabular import Imported, Importer
from tracking.tabular_mapping import SYNONYMS, Mapping, columns_in
from tracking.tabular_rows import Layout, Row, RowError, rows_of

# What CRMs and ad platforms' templates call the columns; behind them the words of all files.
_WORDS: dict[str, tuple[str, ...]] = {
    "event_id": ("conversion_id", "row_id", "deal_id", "lead_id", "opportunity_id", "record_id"),
    "name": ("conversion_name", "conversion", "conversion_action", "konvertering", "konverteringsnavn", "stage"),
    "time": (
        "conversion_time",
        "conversion_date_time",
        "conversion_date",
        "closed_at",
        "close_date",
        "konverteringstid",
    ),
    "value": ("conversion_value", "deal_value", "deal_amount", "konverteringsverdi", "konverteringsværdi"),
    "currency": ("conversion_currency", "deal_currency"),
    "gclid": ("google_click_id", "click_id", "clickid"),
    "msclkid": ("microsoft_click_id",),
    "fbclid": ("facebook_click_id", "meta_click_id"),
    "li_fat_id": ("linkedin_click_id",),
    "ttclid": ("tiktok_click_id",),
}
WORDS = {**SYNONYMS, **{field: (*words, *SYNONYMS.get(field, ())) for field, words in _WORDS.items()}}
# Headers by which a file is known; without them its owner says what it is.
_MARKS = frozenset({"conversion_name", "conversion_time", "google_click_id", "conversion_date_time"})
_EMAIL = re.compile(
    r"(?:hashed[ _-]?|sha256[ _-]?)?e-?(?:mail|post)(?:[ _-]?(?:hash|sha256|address|adresse))?", re.IGNORECASE
)
_IDENTITY = ("name", "time", *CLICK_IDS, "transaction_id", "user_id")


def looks_like_one(columns: Iterable[str]) -> bool:
    """Tell a file of conversions by its headers."""
    keys = {re.sub(r"[\s\-]+", "_", name.strip().lower()) for name in columns}
    return len(keys & _MARKS) >= 2


def identity(fields: AnyMapping[str, str], columns: Iterable[str]) -> tuple[str, ...]:
    """Give the columns that make a conversion what it is: not its value, which may be corrected later."""
    known = set(columns)
    named = [name for field in _IDENTITY if field in fields for name in columns_in(fields[field])]
    return tuple(dict.fromkeys(name for name in named if name in known))


def outcomes(stream: BinaryIO, layout: Layout, mapping: Mapping, destination: Destination) -> Iterator[Placed]:
    """Give what became of each row; raises UnreadableFileError."""
    importer = Importer(
        mapping=mapping,
        rules=replace(destination.rules, is_server=True),
        salt_of=destination.salt_of,
        now_us=destination.now_us,
        protocol=PROTOCOL,
    )
    emails = [name for name in layout.columns if _EMAIL.fullmatch(name.strip())]
    return placed(destination.workspace_id, _read(importer, rows_of(stream, layout), emails))


def _read(
    importer: Importer, rows: Iterable[Row | RowError], emails: list[str]
) -> Iterator[tuple[Imported | RowError, bool]]:
    for row in rows:
        if isinstance(row, RowError):
            yield row, False
        else:
            yield importer.outcome_of(row), any(_filled(row.values.get(name)) for name in emails)


def _filled(value: Any) -> bool:  # a cell
    return bool(str(value).strip()) if value is not None else False
