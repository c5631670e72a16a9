"""All journeys of a question, of those who converted and of those who did not, as data-driven models read them.

A journey without a conversion is that of a person with a touch on the question's days and no conversion of the goal on
them; it ends with the latest such touch, and windows reach back before it as before a conversion. So what comes after
the days changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection as Connection

from analysis.arrays import Bools, Ints
from analysis.attribution.aggregated import of_paths
from analysis.attribution.gathering import Gathered, Gathering
from analysis.attribution.unconverted import unconverted
from analysis.journeys import MOST_TOUCHES, NO_SESSION, Conversions, Journeys, Touches, journeys_in_parts
from analysis.windows import LONGEST_DAYS
from reports import paths
from reports.attribution.blocks import Stored, journeys_of
from reports.attribution.crediting import paths_under
from reports.attribution.question import Asked
from reports.dimensions import DIMENSIONS, NOT_SET
from tracking.lake.query import connected
from tracking.lake.schema import Table

BUCKET_ROWS = 500_000  # rows of paths and touches that are read at a time, about 100 MB
REACH = timedelta(days=LONGEST_DAYS + 1)  # one more: local days and 24-hour days differ by an hour
_SQL = Path(__file__).parent.parent / "sql"
NAMES = (_SQL / "paths.keys_walked.sql").read_text()
CONVERTED = (_SQL / "paths.walked.sql").read_text()
UNCONVERTED = (_SQL / "touches.unconverted.sql").read_text()
_NONE: Ints = np.empty(0, np.int64)
Params = dict[str, object]


@dataclass(frozen=True, slots=True)
class Walked:
    """The journeys by their paths.

    names         of the keys that some path has, sorted
    unconverted   journeys without a conversion, one a person
    """

    gathered: Gathered
    names: tuple[str, ...]
    unconverted: int

    @property
    def persons(self) -> int:
        """Count who walked them."""
        return self.gathered.walks.persons if self.gathered.walks else 0


def gather(stored: Stored, asked: Asked, *, at_each: Callable[[], None]) -> Walked:
    """Read the journeys, one bucket of the persons after the other.

    at_each   called before each bucket; what it raises ends the work
    """
    with connected(stored.snapshot, stored.tables, only=(Table.TOUCHES,)) as lake:
        reading = _Reading(lake, stored, asked)
        for bucket in range(reading.buckets):
            at_each()
            reading.read(bucket)
    pa.default_memory_pool().release_unused()  # Arrow would keep what it read the rows into
    return _of_used_keys(reading)


class _Reading:
    """What was read so far."""

    def __init__(self, lake: Connection, stored: Stored, asked: Asked) -> None:
        self._lake, self._asked = lake, asked
        self._column = DIMENSIONS[asked.breakdown].column
        self._currency = stored.currency
        span = asked.span
        self._days: Params = {"since": span.since, "until": span.until}
        self._reach: Params = {"reach": span.since - REACH}
        self._not_set: Params = {"not_set": NOT_SET}
        listed = self._table(NAMES, self._days | self._reach | self._not_set).column("key").to_pylist()
        self.names: tuple[str, ...] = tuple(sorted(listed))
        self.buckets = max(1, -(-self._rows() // BUCKET_ROWS))
        self.gathering = Gathering(len(self.names), keeps_walks=True)
        self.unconverted = 0
        self._persons = 0

    def read(self, bucket: int) -> None:
        """Take the journeys of one bucket's persons."""
        own: Params = {"bucket": bucket, "buckets": self.buckets}
        self._converted(self._days | self._not_set | own | {"currency": self._currency})
        self._unconverted(self._days | self._reach | self._not_set | own)

    def _rows(self) -> int:
        sql = (
            "select (select count(*) from paths where day >= $since and day < $until)"
            " + (select count(*) from touches where day >= $reach and day < $until) as n"
        )
        return int(self._table(sql, self._days | self._reach).column("n")[0].as_py())

    def _table(self, sql: str, params: Params) -> pa.Table:
        return self._lake.sql(sql.replace("{column}", self._column), params=params).to_arrow_table()

    def _converted(self, params: Params) -> None:
        table = self._table(CONVERTED, params)
        first, journeys = journeys_of(table)
        value, refund = paths.ints(first, "value"), paths.ints(first, "refund")
        person = self._codes(first)
        keys = self._keys(table)[journeys.touch]
        self._add(journeys, keys, person, value=value, refund=refund)

    def _unconverted(self, params: Params) -> None:
        table = self._table(UNCONVERTED, params)
        touches = _touches(table, self._codes(table))
        inside: Bools = paths.flags(table, "inside")
        if not inside.any():
            return
        ends = unconverted(touches, Conversions(_NONE, _NONE, _NONE), self._asked.windows)
        # Days follow each other as moments do, so the first touch of the days parts those before from those in them.
        on_days = ends.time_us >= touches.time_us[inside].min()
        ends = Conversions(ends.person[on_days], ends.time_us[on_days], ends.session[on_days])
        self.unconverted += len(ends.person)
        keys = self._keys(table)
        # The cap comes before the windows, as it does where paths of conversions are stored.
        for part, journeys in journeys_in_parts(touches, ends, most_touches=MOST_TOUCHES):
            self._add(journeys, keys[journeys.touch], ends.person[part])

    def _add(
        self, journeys: Journeys, keys: Ints, person: Ints, *, value: Ints | None = None, refund: Ints | None = None
    ) -> None:
        rows = replace(journeys, touch=np.arange(len(keys)))
        _, weighed = paths_under(rows, self._asked.windows, self._asked.direct)
        converted = value is not None
        walked = of_paths(weighed, keys=keys, n_keys=len(self.names), value=value, converted=converted)
        net = None if value is None or refund is None else (value + refund).astype(np.float64)
        self.gathering.add(walked, person=person, value_net=net)

    def _codes(self, table: pa.Table) -> Ints:
        """Number the persons of a table, in their order; nobody of one table is in another."""
        found = table.column("person_id").combine_chunks().dictionary_encode()
        codes: Ints = found.indices.to_numpy().astype(np.int64) + self._persons
        self._persons += len(found.dictionary)
        return codes

    def _keys(self, table: pa.Table) -> Ints:
        found = pc.index_in(table.column("key").combine_chunks(), value_set=pa.array(self.names, pa.string()))
        # A conversion without a touch has a row of its own, whose key nobody reads.
        codes: Ints = np.asarray(pc.fill_null(found, 0), np.int64)
        return codes


def _touches(table: pa.Table, person: Ints) -> Touches:
    return Touches(
        person=person,
        time_us=paths.ints(table, "time_us"),
        kind=paths.ints(table, "kind").astype(np.int8),
        direct=paths.flags(table, "direct"),
        paid=np.zeros(len(person), np.bool_),  # no data-driven model asks
        session=np.full(len(person), NO_SESSION),
    )


def _of_used_keys(reading: _Reading) -> Walked:
    """Leave the keys out that no path has: their touches are outside of the windows, or gave way."""
    gathered = reading.gathering.gathered()
    used, code = np.unique(gathered.paths.key, return_inverse=True)
    walked = replace(gathered.paths, key=code.astype(np.int64), n_keys=len(used))
    names = tuple(reading.names[key] for key in used.tolist())
    return Walked(replace(gathered, paths=walked), names, reading.unconverted)
