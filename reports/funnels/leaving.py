"""What people did next who left a funnel: counted to the last of them, with "nothing more" as one of the answers."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from reports.funnels.reading import Asking
from tracking.uncounted import NOT_DONE

PAGE, EVENT, NOTHING_MORE = "page", "event", ""
NEXT = (Path(__file__).parent.parent / "sql" / "funnels.next.sql").read_text()


@dataclass(frozen=True, slots=True)
class Next:
    """What so many persons did next.

    kind     page: they looked at the page `label`; event: they did `label`; "": nothing more
    """

    kind: str
    label: str
    persons: int


def following(lake: Connection, asking: Asking, leavers: pa.Table) -> tuple[Next, ...]:
    """Give what the leavers did next, most first; the persons add up to them."""
    hit, hit_params = asking.hit
    lake.register("leavers", leavers)
    params = asking.bounds | hit_params | {"not_done": list(NOT_DONE)}
    rows = lake.sql(NEXT.replace("{hit}", hit), params=params).to_arrow_table().to_pylist()
    lake.unregister("leavers")
    return tuple(Next(row["kind"], row["label"], row["persons"]) for row in rows)
