"""An import as its page shows it: words for counts, examples as tables."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracking.imports import running, words
from tracking.imports.findings import Findings
from tracking.models import Format, Import

# The fields of a sample by which a person sees whether the mapping is right; others follow as far as there is room.
COLUMNS = (
    *("time", "day", "name", "visitor_id", "path", "referrer", "campaign", "campaign_id", "ad_group"),
    *("table", "page", "entry_page", "exit_page", "source", "visitors", "visits", "pageviews", "events"),
    *("cost", "value", "currency", "impressions", "clicks", "conversions", "transaction_id"),
)
MOST_COLUMNS = 10
MOST_ROWS = 10
MOST_CHARS = 60  # an address of a search engine has hundreds
HIDDEN = {"event_id", "url", "host", "value_micros", "cost_micros", "conversion_micros"}
NUMBERS = frozenset(
    (
        "time", "value", "cost", "impressions", "clicks", "conversions",
        "visitors", "visits", "pageviews", "events", "bounces", "visit_duration",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """As components/table.html takes it."""

    label: str
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What stands on the page beside the counts.

    layout    how the file is written, in words; empty where there is nothing to say
    mapping   field and expression, in the fields' order
    left_out, rejected, notes  words and rows, most first
    columns, samples           of the first events
    examples  the file's columns, each with its first value
    """

    layout: str
    mapping: list[tuple[str, str]]
    left_out: list[tuple[str, int]]
    rejected: list[tuple[str, int]]
    notes: list[tuple[str, int]]
    columns: list[Column]
    samples: list[list[str]]
    examples: list[tuple[str, str]]
    has_rejects_file: bool
    names: list[tuple[str, int]] = field(default_factory=list)


def shown(row: Import, found: Findings) -> Shown:
    """Put an import and its findings into what the page shows."""
    said = running.wish_of(row)
    layout = words.layout(said.encoding, said.delimiter, has_decimal_comma=said.has_decimal_comma)
    columns, samples = _table(found.samples[:MOST_ROWS])
    return Shown(
        layout=layout if row.format in {Format.CSV, Format.AD_REPORT} and said.delimiter else "",
        mapping=said.in_order(),
        left_out=words.reasons(found.left_out_as),
        rejected=words.reasons(found.rejected_as),
        notes=words.notes(found.notes),
        columns=columns,
        samples=samples,
        examples=[(column, found.examples.get(column, "")) for column in found.columns],
        has_rejects_file=bool(found.rejected and row.stored_as),
        names=sorted(found.names.items(), key=lambda each: (-each[1], each[0])),
    )


def _table(samples: list[dict[str, Any]]) -> tuple[list[Column], list[list[str]]]:
    readable = [_readable(sample) for sample in samples]
    there = dict.fromkeys(name for sample in readable for name in sample)
    first = [name for name in COLUMNS if name in there]
    rest = [name for name in there if name not in first and name not in HIDDEN]
    names = [*first, *rest][:MOST_COLUMNS]
    columns = [Column(str(_LABELS.get(name, name)), is_number=name in NUMBERS) for name in names]
    return columns, [[_short(str(sample.get(name, ""))) for name in names] for sample in readable]


def _short(text: str) -> str:
    return text if len(text) <= MOST_CHARS else f"{text[: MOST_CHARS - 1]}…"


def _readable(sample: dict[str, Any]) -> dict[str, Any]:
    made = dict(sample)
    if "time" in sample:
        made["time"] = f"{datetime.fromisoformat(sample['time']):%Y-%m-%d %H:%M:%S}"
    for amount in ("value", "cost"):
        if sample.get(f"{amount}_micros") is not None:
            made[amount] = f"{Decimal(sample[f'{amount}_micros']) / 1_000_000:.2f}"
    return made


_LABELS: dict[str, Promise] = {
    "time": _("time (UTC)"),
    "visitor_id": _("visitor"),
    "transaction_id": _("order number"),
    "day": _("day"),
    "campaign": _("campaign"),
    "campaign_id": _("campaign's id"),
    "ad_group": _("ad group"),
    "cost": _("cost"),
    "value": _("value"),
    "currency": _("currency"),
    "name": _("event"),
    "path": _("page"),
    "referrer": _("referrer"),
    "impressions": _("impressions"),
    "clicks": _("clicks"),
    "conversions": _("conversions"),
    "table": _("table"),
    "visitors": _("visitors"),
    "visits": _("visits"),
    "pageviews": _("page views"),
    "bounces": _("bounces"),
    "visit_duration": _("seconds of visits"),
    "events": _("events"),
}
