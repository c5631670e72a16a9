"""Any file to import as one stream: what became of each of its lines or rows, whatever its format."""

import codecs
from collections import Counter
from collections.abc import Callable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import BinaryIO
from zoneinfo import ZoneInfo

import msgspec

from tracking.access_log import LeftOut, LeftOutReason, Reader, hit_of
from tracking.ads import report as ad_report
from tracking.conversions import reading as conversions
from tracking.event import Event
from tracking.import_file import MAX_LINE_BYTES, UnreadableFileError, open_file
from tracking.imports import ga4_export, ga4_reading, matomo_reading
from tracking.imports.destination import Destination, Outcome
from tracking.models import Format
from tracking.sums import archive as sums
from tracking.tabular import Imported, Importer
from tracking.tabular_mapping import SYNONYMS, Mapping, guess
from tracking.tabular_rows import Layout, RowError, layout_of, rows_of

# Lines at a log's beginning that may be cut off or from a restart before it is taken for something else.
LOG_SAMPLE_LINES = 20
MOST_EXAMPLE_CHARS = 80
# Formats whose columns have to be told which field they are.
MAPPED = frozenset({Format.CSV, Format.NDJSON, Format.PARQUET, Format.CONVERSIONS})
# Formats that tell all of a day: what came of it before goes where it is not in the file any more.
REPLACING = frozenset({Format.GA4})
FAULTY_LINES = {
    LeftOutReason.MALFORMED: "the line is not in combined format",
    LeftOutReason.TIME_IN_FUTURE: "the time is in the future",
}


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a file's owner says of it; None is found out, and `settled` puts in what was found.

    fields   event field to column, constant or template; see tracking.tabular_mapping
    guesses  fields that are not named are guessed from the headers
    is_part  the file holds a part of its days: what is there of them and not in the file stays
    platform, currency  of a report of costs that does not say it
    """

    fields: dict[str, str] = {}
    guesses: bool = True
    id_from: tuple[str, ...] = ()
    time_zone: str = "UTC"
    time_format: str | None = None
    has_decimal_comma: bool | None = None
    encoding: str | None = None
    delimiter: str | None = None
    is_part: bool = False
    platform: str | None = None
    currency: str | None = None

    def in_order(self) -> list[tuple[str, str]]:
        """Give field and expression in the order in which the fields are documented, properties last."""
        places = {field: place for place, field in enumerate(SYNONYMS)}
        return sorted(self.fields.items(), key=lambda each: (places.get(each[0], len(places)), each[0]))

    def faults(self) -> list[str]:
        """Say what no file could be read with."""
        found = []
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError):
            found.append(f'"{self.time_zone}" is no time zone; one is Europe/Oslo')
        try:
            codecs.lookup(self.encoding or "utf-8")
        except (LookupError, ValueError):
            found.append(f'"{self.encoding}" is no encoding; one is cp1252')
        if self.delimiter is not None and len(self.delimiter) != 1:
            found.append(f'"{self.delimiter}" is no delimiter; it is one character')
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How a file will be read. Only mapped formats have layout and mapping.

    faults  why it cannot be read like that; empty: nothing stands in the way
    """

    wish: Wish
    layout: Layout | None = None
    mapping: Mapping | None = None
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """One run through a file; hosts_seen is of a log: which sites show the pictures that it served."""

    outcomes: Iterator[Outcome]
    hosts_seen: Counter[str] = field(default_factory=Counter)


def detect(stream: BinaryIO) -> Format:
    """Tell a file's format by its beginning; raises UnreadableFileError for one that is never imported."""
    if sums.looks_like_one(stream):
        return Format.PLAUSIBLE
    stream.seek(0)
    file = open_file(stream)
    lines = [file.readline(MAX_LINE_BYTES).rstrip(b"\r\n") for _ in range(LOG_SAMPLE_LINES)]
    filled = [line for line in lines if line]
    if not filled:
        raise UnreadableFileError("the file is empty")
    if any(hit_of(line.decode("utf-8", "replace")) for line in filled):
        return Format.ACCESS_LOG
    if matomo_reading.looks_like_one(stream):
        return Format.MATOMO
    if ad_report.looks_like_one(stream):
        return Format.AD_REPORT
    layout = layout_of(stream)
    if layout.format == "csv" and conversions.looks_like_one(layout.columns):
        return Format.CONVERSIONS
    return Format.GA4 if layout.format == "ndjson" and {*layout.columns} >= ga4_export.MARKS else Format(layout.format)


def settle(stream: BinaryIO, format_name: str, wish: Wish) -> Settled:
    """Look at the beginning of the file and fill in what its owner left open."""
    if faults := wish.faults():
        return Settled(wish=wish, faults=tuple(faults))
    if format_name not in MAPPED:
        return Settled(wish=wish)
    is_of_crm = format_name == Format.CONVERSIONS
    layout = layout_of(
        stream, format_name="csv" if is_of_crm else format_name, encoding=wish.encoding, delimiter=wish.delimiter
    )
    if wish.has_decimal_comma is not None:
        layout = msgspec.structs.replace(layout, has_decimal_comma=wish.has_decimal_comma)
    words = conversions.WORDS if is_of_crm else None
    guessed = guess(layout.columns, layout.sample, words) if wish.guesses else {}
    fields = _without_doubles(guessed, wish.fields) | wish.fields
    if is_of_crm and not wish.id_from and "event_id" not in fields:
        wish = msgspec.structs.replace(wish, id_from=conversions.identity(fields, layout.columns))
    mapping = Mapping(
        fields={name: expression for name, expression in fields.items() if expression},
        id_from=wish.id_from,
        time_zone=wish.time_zone,
        time_format=wish.time_format,
        has_decimal_comma=layout.has_decimal_comma,
    )
    said = msgspec.structs.replace(
        wish,
        fields=dict(mapping.fields),
        guesses=False,
        has_decimal_comma=layout.has_decimal_comma,
        encoding=layout.encoding,
        delimiter=layout.delimiter,
    )
    return Settled(wish=said, layout=layout, mapping=mapping, faults=tuple(mapping.faults(layout.columns)))


def examples(layout: Layout) -> dict[str, str]:
    """Give the first value under each column, as far as the beginning of the file has one."""
    found: dict[str, str] = {}
    for row in layout.sample:
        for column, value in row.items():
            if column not in found and value not in (None, ""):
                found[column] = str(value)[:MOST_EXAMPLE_CHARS]
    return found


def read(stream: BinaryIO, format_name: str, settled: Settled, destination: Destination) -> Reading:
    """Go through the file; reading raises UnreadableFileError where it cannot go on."""
    if settled.mapping is None or settled.layout is None:
        return TOLD[format_name](stream, destination)
    if format_name == Format.CONVERSIONS:
        return Reading(conversions.outcomes(stream, settled.layout, settled.mapping, destination))
    importer = Importer(
        mapping=settled.mapping,
        rules=destination.rules,
        salt_of=destination.salt_of,
        now_us=destination.now_us,
    )
    return Reading(importer.read(rows_of(stream, settled.layout)))


def _read_log(stream: BinaryIO, destination: Destination) -> Reading:
    site = f"https://{destination.hosts[0]}" if destination.hosts else None
    reader = Reader(
        source_id=destination.rules.source_id, salt_of=destination.salt_of, now_us=destination.now_us, site=site
    )
    return Reading((_of_log(found) for found in reader.read(stream)), reader.own_hosts_seen)


def _read_ga4(stream: BinaryIO, destination: Destination) -> Reading:
    return Reading(ga4_reading.outcomes(stream, destination))


def _read_matomo(stream: BinaryIO, destination: Destination) -> Reading:
    return Reading(matomo_reading.outcomes(stream, destination))


# Formats whose rows say by themselves what they are.
TOLD: dict[str, Callable[[BinaryIO, Destination], Reading]] = {
    Format.ACCESS_LOG: _read_log,
    Format.GA4: _read_ga4,
    Format.MATOMO: _read_matomo,
}


def _of_log(found: Event | LeftOut) -> Outcome:
    """Put a log's outcome into the words of all formats: what its owner may want to see is an error."""
    if isinstance(found, Event):
        return Imported(0, found)
    if message := FAULTY_LINES.get(found.reason):
        return RowError(found.line, "", found.text, found.reason, message)
    return found


def _without_doubles(guessed: AnyMapping[str, str], named: AnyMapping[str, str]) -> dict[str, str]:
    """Leave out guesses of a column that the owner has given another field."""
    taken = set(named.values())
    return {target: column for target, column in guessed.items() if column not in taken}
