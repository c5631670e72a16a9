"""The lake's event columns, as the demo writes them."""

import pyarrow as pa

INSTANT = pa.timestamp("us", tz="UTC")
_TEXT_FIELDS_OF_PAGE = ("url", "host", "path", "title", "referrer")
_TEXT_FIELDS_OF_CAMPAIGN = (
    "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "utm_id",
    "click_id_type", "click_id",
)  # fmt: skip
_TEXT_FIELDS_OF_ORDER = ("currency", "transaction_id", "items")
_TEXT_FIELDS_OF_CLIENT = ("device", "browser", "os", "language", "consent", "properties")


def _texts(names: tuple[str, ...]) -> list[pa.Field]:
    return [pa.field(name, pa.string()) for name in names]


EVENT_SCHEMA = pa.schema(
    [
        pa.field("day", pa.date32(), nullable=False),
        pa.field("source_id", pa.int64(), nullable=False),
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("time", INSTANT, nullable=False),
        pa.field("received_at", INSTANT, nullable=False),
        pa.field("client_time", INSTANT),
        pa.field("visitor_id", pa.string(), nullable=False),
        pa.field("user_id", pa.string()),
        pa.field("session_id", pa.string()),
        pa.field("sequence", pa.int64()),
        pa.field("refund", pa.bool_(), nullable=False),
        *_texts(_TEXT_FIELDS_OF_PAGE),
        *_texts(_TEXT_FIELDS_OF_CAMPAIGN),
        pa.field("value_micros", pa.int64()),
        *_texts(_TEXT_FIELDS_OF_ORDER),
        *_texts(_TEXT_FIELDS_OF_CLIENT),
        pa.field("protocol", pa.string(), nullable=False),
        pa.field("import_id", pa.int64()),
    ]
)

# Beside each event, what the generator meant by it; null where it is no touch, or opens nothing.
PLANTED_SCHEMA = pa.schema(
    [
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("touch", pa.int8()),  # 0 view, 1 engagement, 2 click
        pa.field("channel", pa.string()),
        pa.field("paid", pa.bool_()),
        pa.field("session", pa.string()),  # the event id of the session's first event; null outside sessions
    ]
)
