"""Which column of a file is which field of an event: guessed from the headers, said by the owner.

An expression is a column (`tr_total`), a path into a column of JSON (`params.price`), a constant behind an
equals sign (`=NOK`), or a template of columns in braces (`https://{host}{path}`).
"""

import re
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Any

import msgspec

from tracking.campaign import CLICK_IDS
from tracking.channels import PLACEHOLDERS
from tracking.protocols.own_fields import READERS

PROPERTY = "properties."  # "properties.color" maps a column to one property
FIELDS = frozenset(READERS)

_TEMPLATE_PART = re.compile(r"\{([^{}]+)\}")
_NOTHING = PLACEHOLDERS | {"", "null", "\\n", "nan", "n/a"}  # \n: PostgreSQL's and MySQL's \N, lower case


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How rows become events.

    fields       event field, or "properties.<key>", to expression
    id_from      columns that make an event's id where none is mapped; empty: the whole row makes it
    time_zone    IANA name, for times without a zone
    time_format  strptime pattern; None: ISO 8601, or seconds, milliseconds or microseconds since 1970
    """

    fields: AnyMapping[str, str]
    id_from: tuple[str, ...] = ()
    time_zone: str = "UTC"
    time_format: str | None = None
    has_decimal_comma: bool = False

    def faults(self, columns: Iterable[str]) -> list[str]:
        """Say what is wrong with the mapping for a file with these columns; empty: nothing."""
        known = frozenset(columns)
        found = [
            f'"{target}" is no field of an event'
            for target in self.fields
            if target not in FIELDS and not target.startswith(PROPERTY)
        ]
        for target, expression in self.fields.items():
            missing = [name for name in columns_in(expression) if not _is_there(name, known)]
            found += [f'"{name}", mapped to {target}, is no column of the file' for name in missing]
        found += [f'"{name}", for the id, is no column of the file' for name in self.id_from if name not in known]
        found += [f"{needed} is not mapped" for needed in ("name", "time") if needed not in self.fields]
        return found


def parse_mapping(texts: Iterable[str]) -> dict[str, str]:
    """Read `field=expression` texts, as the command line takes them; raises ValueError for another shape."""
    fields: dict[str, str] = {}
    for text in texts:
        target, equals, expression = text.partition("=")
        if not equals or not target.strip() or not expression:
            raise ValueError(f'"{text}" is not field=column; a constant is field==value')
        fields[target.strip()] = expression
    return fields


def columns_in(expression: str) -> list[str]:
    """Name the columns (or paths) that an expression reads."""
    if expression.startswith("="):
        return []
    return _TEMPLATE_PART.findall(expression) or [expression]


def value_of(expression: str, values: AnyMapping[str, Any]) -> Any:
    """Evaluate an expression on a row; None for nothing, and for what exports write where there is nothing."""
    if expression.startswith("="):
        return expression[1:]
    if "{" not in expression:
        return _column(expression, values)
    parts = {name: _column(name, values) for name in _TEMPLATE_PART.findall(expression)}
    if all(part is None for part in parts.values()):
        return None
    return _TEMPLATE_PART.sub(lambda found: str(parts[found[1]] or ""), expression)


def guess(
    columns: Iterable[str],
    sample: Iterable[AnyMapping[str, Any]],
    words: AnyMapping[str, tuple[str, ...]] | None = None,
) -> dict[str, str]:
    """Guess the fields from the headers: Snowplow's, GA4's and other tools' names, in any case.

    words  what columns are called by field; None: SYNONYMS

    Columns that are empty throughout the sample are not taken: Snowplow's files carry all 131.
    """
    rows = list(sample)
    filled = [name for name in columns if any(_column(name, row) is not None for row in rows)]
    by_key = {_key(name): name for name in reversed(filled)}
    fields = {}
    for target, names in (words or SYNONYMS).items():
        found = next((by_key[name] for name in (target, *names) if name in by_key), None)
        if found is not None:
            fields[target] = found
    host, path = by_key.get("page_urlhost"), by_key.get("page_urlpath")
    if "url" not in fields and host:  # Snowplow's parts of an address
        fields["url"] = f"https://{{{host}}}" + (f"{{{path}}}" if path else "/")
    return fields


# In order of preference. derived_tstamp is Snowplow's time corrected for the client's clock.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "event_id": ("eid", "message_id", "messageid", "uuid", "insert_id", "hit_id"),
    "name": ("event_name", "event", "event_type", "hendelse", "handelse"),
    "time": (
        "derived_tstamp",
        "collector_tstamp",
        "event_timestamp",
        "timestamp",
        "event_time",
        "datetime",
        "date_time",
        "occurred_at",
        "created_at",
        "tidspunkt",
        "tid",
    ),
    "visitor_id": (
        "domain_userid",
        "user_pseudo_id",
        "client_id",
        "anonymous_id",
        "anonymousid",
        "distinct_id",
        "visitor",
    ),
    "user_id": ("userid", "customer_id", "kundenummer"),
    "session_id": ("domain_sessionid", "ga_session_id", "sessionid"),
    "sequence": ("event_sequence", "hit_number"),
    "type": (),
    "url": ("page_url", "page_location", "current_url"),
    "referrer": ("page_referrer", "referer"),
    "title": ("page_title",),
    "utm_source": ("mkt_source", "manual_source", "source", "kilde"),
    "utm_medium": ("mkt_medium", "manual_medium", "medium"),
    "utm_campaign": ("mkt_campaign", "manual_campaign_name", "campaign", "kampanje"),
    "utm_content": ("mkt_content", "manual_content", "content"),
    "utm_term": ("mkt_term", "manual_term", "term"),
    "utm_id": ("manual_campaign_id", "campaign_id"),
    "value": ("tr_total", "revenue", "purchase_revenue", "event_value", "amount", "belop", "beløp", "belopp"),
    "currency": ("tr_currency", "currency_code", "valuta"),
    "transaction_id": ("tr_orderid", "order_id", "orderid", "ordrenummer", "ordernummer"),
    "items": (),
    "properties": (),
    "device": ("dvce_type", "device_category"),
    "language": ("br_lang",),
    "user_agent": ("useragent",),
    "ip": ("user_ipaddress", "ip_address"),
    **dict.fromkeys(CLICK_IDS, ()),
}


def _column(name: str, values: AnyMapping[str, Any]) -> Any:
    value = values[name] if name in values else _at_path(name, values)
    if isinstance(value, str):
        value = value.strip()
        return None if value.lower() in _NOTHING else value
    return None if value != value else value  # noqa: PLR0124  # NaN is Parquet's word for a missing number


def _at_path(path: str, values: AnyMapping[str, Any]) -> Any:
    """Walk `column.key.key` into objects, or into JSON text."""
    column, _, rest = path.partition(".")
    value: Any = values.get(column)
    for key in rest.split(".") if rest else ():
        if isinstance(value, str):
            value = _decoded(value)
        value = value.get(key) if isinstance(value, dict) else None
    return value if rest else None


def _decoded(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError):  # text that is no JSON has no keys
        return None


def _is_there(name: str, columns: frozenset[str]) -> bool:
    return name in columns or name.partition(".")[0] in columns


def _key(name: str) -> str:
    return re.sub(r"[\s\-]+", "_", name.strip().lower())
