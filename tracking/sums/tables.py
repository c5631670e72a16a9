"""The tables that Plausible exports: what each is broken down by, and what it counts. Pure.

Columns are those of Plausible's own guidelines for CSV files (docs, "Import stats using CSV files") and of what it
exports; others, such as the scroll depth of newer exports, are passed over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

DAY = "date"
PREFIX = "imported_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table.

    by       its columns of texts; the first one alone tells it from the others, and is what people look for
    counts   its columns of whole numbers; a file may lack some
    adds_up  those that may be summed over days, the one to rank by first: who visits twice is one visitor
    """

    by: tuple[str, ...] = ()
    counts: tuple[str, ...]
    adds_up: tuple[str, ...]

    def names(self) -> frozenset[str]:
        """Give every column that is read."""
        return frozenset({DAY, *self.by, *self.counts})


_VISITING = ("visitors", "visits", "visit_duration", "bounces", "pageviews")

# By the name of models.SumKind.
TABLES: Mapping[str, Table] = {
    "visitors": Table(counts=_VISITING, adds_up=("visits", "pageviews", "bounces")),
    "pages": Table(
        by=("page", "hostname"), counts=("visitors", "visits", "pageviews"), adds_up=("pageviews", "visits")
    ),
    "entry_pages": Table(
        by=("entry_page",),
        counts=("visitors", "entrances", "visit_duration", "bounces", "pageviews"),
        adds_up=("entrances", "bounces"),
    ),
    "exit_pages": Table(
        by=("exit_page",),
        counts=("visitors", "exits", "visit_duration", "bounces", "pageviews"),
        adds_up=("exits",),
    ),
    "sources": Table(
        by=("source", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"),
        counts=_VISITING,
        adds_up=("visits", "pageviews"),
    ),
    "locations": Table(by=("country", "region", "city"), counts=_VISITING, adds_up=("visits", "pageviews")),
    "devices": Table(by=("device",), counts=_VISITING, adds_up=("visits", "pageviews")),
    "browsers": Table(by=("browser", "browser_version"), counts=_VISITING, adds_up=("visits", "pageviews")),
    "operating_systems": Table(
        by=("operating_system", "operating_system_version"), counts=_VISITING, adds_up=("visits", "pageviews")
    ),
    "custom_events": Table(by=("name", "link_url", "path"), counts=("visitors", "events"), adds_up=("events",)),
}
# Columns of Plausible's that are known and say nothing here.
_PASSED_OVER = frozenset(
    {
        *("time_on_page", "exits", "active_visitors", "total_scroll_depth", "total_scroll_depth_visits"),
        *("total_time_on_page", "total_time_on_page_visits"),
    }
)


def kind_of(columns: Collection[str]) -> str | None:
    """Tell a table by its columns; None where they are of no table, or hold others as well."""
    names = set(columns)
    if not names >= {DAY, "visitors"}:
        return None
    for kind, table in TABLES.items():
        marks = {table.by[0], table.adds_up[0]} if table.by else set(table.adds_up[:2])
        # Pages were exported without their visits once.
        marks -= {"visits"} if kind == "pages" else set()
        if names >= marks and names <= table.names() | _PASSED_OVER:
            return kind
    return None


def faults(kind: str, columns: Collection[str]) -> list[str]:
    """Say what a table lacks to be read."""
    table = TABLES[kind]
    needed = [DAY, *table.by[:1], table.adds_up[0]]
    return [f"{PREFIX}{kind} has no column {name}" for name in needed if name not in columns]
