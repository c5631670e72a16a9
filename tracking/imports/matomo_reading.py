"""A file of Matomo's visits log, as its API gives it, visit by visit."""

from collections.abc import Iterator
from json import JSONDecodeError
from typing import BinaryIO

from tracking.event import MAX_DEPTH, Drop
from tracking.import_file import open_file
from tracking.imports.destination import Destination, Outcome
from tracking.imports.json_entries import entries
from tracking.imports.matomo_visits import MARKS, agent_of, events_of
from tracking.imports.translated import Judge, Told, refused
from tracking.protocols.json_items import Decoded, decode_exactly, decode_plainly
from tracking.protocols.json_split import depth_of
from tracking.tabular_rows import RowError

PROTOCOL = "matomo_visits"
_SAMPLE_BYTES = 65_536


def looks_like_one(stream: BinaryIO) -> bool:
    """Tell a file of visits by its beginning."""
    stream.seek(0)
    start = open_file(stream).read(_SAMPLE_BYTES)
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{") and all(
        b'"%b"' % mark.encode() in start for mark in MARKS
    )


def outcomes(stream: BinaryIO, destination: Destination) -> Iterator[Outcome]:
    """Give what became of each action; the line of an error is the visit's number in the file.

    raises  UnreadableFileError
    """
    stream.seek(0)
    judge = Judge(destination, protocol=PROTOCOL)
    for number, raw in enumerate(entries(open_file(stream)), start=1):
        visit = _visit(number, raw)
        if isinstance(visit, RowError):
            yield visit
            continue
        agent = agent_of(visit.fields)
        for fields in events_of(visit.fields):
            if isinstance(fields, Drop):
                yield refused(number, fields, visit.fields)
            else:
                yield judge.outcome(number, Told(fields, agent))


def _visit(number: int, raw: bytes) -> Decoded | RowError:
    shown = raw[:80].decode("utf-8", "replace")
    if depth_of(raw) > MAX_DEPTH:
        return RowError(number, "", shown, "too_deep", f"the visit is nested more than {MAX_DEPTH} levels deep")
    try:
        decoded = decode_plainly(raw) or decode_exactly(raw)
    except (JSONDecodeError, UnicodeDecodeError) as fault:
        return RowError(number, "", shown, "invalid_json", f"the visit is not JSON: {fault}")
    if isinstance(decoded, Drop):
        return RowError(number, decoded.pointer, shown, decoded.reason, decoded.message)
    return decoded
