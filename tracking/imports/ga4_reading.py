"""A file of GA4's export to BigQuery, newline JSON, row by row."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from tracking.consents.statement import Signal, Statement
from tracking.event import Drop
from tracking.imports import ga4_export
from tracking.imports.destination import Destination, Outcome
from tracking.imports.translated import Judge, Told, refused
from tracking.imports.values import text
from tracking.protocols.json_items import Json
from tracking.protocols.translating import object_of, said, value_in
from tracking.tabular_rows import Layout, RowError, rows_of

PROTOCOL = "ga4_export"
_LINES = Layout(format="ndjson")


def outcomes(stream: BinaryIO, destination: Destination) -> Iterator[Outcome]:
    """Give what became of each row; raises UnreadableFileError."""
    judge = Judge(destination, protocol=PROTOCOL)
    for row in rows_of(stream, _LINES):
        if isinstance(row, RowError):
            yield row
        else:
            told = told_by(row.values)
            yield refused(row.line, told, row.values) if isinstance(told, Drop) else judge.outcome(row.line, told)


def told_by(row: Json) -> Told | Drop:
    """Read one row."""
    fields = ga4_export.fields_of(row)
    if isinstance(fields, Drop):
        return fields
    return Told(fields, _agent(row), _consent(row.get("privacy_info")), ga4_export.day_of(row))


def _agent(row: Json) -> dict[str, str]:
    device = object_of(row.get("device"))
    browser = text(value_in(device, "web_info", "browser")) or text(device.get("browser"))
    return said(browser=browser, os=text(device.get("operating_system")))


def _consent(stated: Any) -> tuple[Statement, ...]:
    answers = ga4_export.answers_of(stated)
    # The tags that wrote this go on without ids after a no, as consent mode does.
    return (Statement(signal=Signal.CONSENT_MODE, at_us=0, answers=answers),) if answers else ()
