"""Goals and rules over the lake: conversions, each counted once, valued and dated; and refunds that match nothing."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from goals import statements
from goals.counting import (
    LOOKS_BACK,
    conversions_of,
    dated_of,
    day_table,
    hits_of,
    moments_of,
    parts_of,
)
from goals.definition import Definition
from goals.models import Counting
from goals.statements import Statement
from tracking.lake.query import MEMORY, connected
from tracking.lake.table import Snapshot, open_snapshot
from tracking.models import Source
from workspaces.models import Workspace
from workspaces.zones import start_of

_SQL = Path(__file__).parent / "sql"
_UNMATCHED = (_SQL / "conversions.unmatched.sql").read_text()
_EACH_TIME = {Counting.SESSION: Counting.EVERY}
_VISITS = (_SQL / "conversions.visits.sql").read_text()


@dataclass(frozen=True, slots=True)
class Visits:
    """The denominators of a range of days, and how far back its visits reach.

    visitors   persons with an event in the range
    sessions   sessions that began in the range
    reach      the start of the earliest session with an event in the range; the range's own start if that is earlier
    """

    visitors: int
    sessions: int
    reach: datetime


class Lake:
    """One state of a workspace's lake, open for several questions about the local days [since, until)."""

    def __init__(
        self,
        workspace: Workspace,
        since: date,
        until: date,
        connection: duckdb.DuckDBPyConnection,
        *,
        snapshot: Snapshot | None = None,
    ) -> None:
        self.since, self.until = since, until
        self.snapshot = snapshot  # the state that is open, where others are to read the same
        self._zone = workspace.zone
        self._sources = source_ids(workspace)
        self._connection = connection
        self._flags: dict[Definition, str] = {}

    def ask(self, asked: Statement) -> pa.Table:
        """Put a statement to the lake."""
        return statements.ask(self._connection, asked)

    def run(self, asked: Statement) -> None:
        """Have a statement make a temporary table, which later ones may ask."""
        statements.run(self._connection, asked)

    def bounds(self) -> dict[str, object]:
        """Give the instants of the range as $since and $until."""
        return {"since": start_of(self.since, self._zone), "until": start_of(self.until, self._zone)}

    def bounds_of_files(self) -> dict[str, object]:
        """Give the instants of the range and their UTC days, the lake's partition: $since, $since_day and so on."""
        since, until = start_of(self.since, self._zone), start_of(self.until, self._zone)
        return {"since": since, "until": until, "since_day": since.date(), "until_day": until.date()}

    def visits(self) -> Visits:
        """Count visitors and sessions of the range."""
        [row] = self.ask(Statement(_VISITS, self.bounds(), {})).to_pylist()
        return Visits(**row)

    def gather(self, definitions: Iterable[Definition], *, reach: datetime) -> None:
        """Read the files once for what is then asked of several definitions; those that look back are left out."""
        near = dict.fromkeys(each for each in definitions if each.rules and each.counting not in LOOKS_BACK)
        self._flags = {each: f"meets_{n}" for n, each in enumerate(near)}
        if near:
            flags = {flag: each for each, flag in self._flags.items()}
            until = start_of(self.until, self._zone)
            self.run(hits_of(flags, until=until, sources=self._sources, reach=reach))

    def conversions(self, definition: Definition, *, reach: datetime | None = None) -> pa.Table:
        """Find the conversions of the range; `reach` as `visits` gives it spares reading older events."""
        [found] = self.conversions_of_each([definition], reach=reach)
        return found

    def conversions_of_each(
        self, definitions: Sequence[Definition], *, reach: datetime | None = None
    ) -> list[pa.Table]:
        """Do what `conversions` does for several definitions in one reading; give a table for each."""
        if not definitions:
            return []
        finding = conversions_of(
            definitions, since=self.since, until=self.until, zone=self._zone, sources=self._sources, reach=reach
        )
        return parts_of(statements.find(self._connection, finding), len(definitions))

    def dated(self, definition: Definition, *, reach: datetime) -> Statement:
        """Ask who made the conversions of the range when: person_id, time, day."""
        return dated_of(
            definition,
            since=self.since,
            until=self.until,
            zone=self._zone,
            sources=self._sources,
            reach=reach,
            flag=self._flags.get(definition),
        )

    def moments(self, definition: Definition, *, reach: datetime) -> Statement:
        """Ask who reached the goal when in the range: person_id, time.

        A visit that reaches it several times is there as often: how often it counts has no part in who and when.
        """
        each_time = replace(definition, counting=_EACH_TIME.get(definition.counting, definition.counting))
        return moments_of(
            each_time,
            since=start_of(self.since, self._zone),
            until=start_of(self.until, self._zone),
            sources=self._sources,
            reach=reach,
            flag=self._flags.get(definition),
        )

    def unmatched_refunds(self) -> pa.Table:
        """Find the refunds of the range that match nothing."""
        return self.ask(Statement(_UNMATCHED, {}, {"days": day_table(self.since, self.until, self._zone)}))

    @property
    def sources(self) -> dict[str, int]:
        """Give the ids of the workspace's sources by their short names."""
        return self._sources


@contextmanager
def opened(
    workspace: Workspace, since: date, until: date, snapshot: Snapshot | None = None, *, memory: str = MEMORY
) -> Iterator[Lake]:
    """Open one state of the workspace's lake; the one published last unless another is given."""
    with connected(snapshot or open_snapshot(workspace.pk), memory=memory) as connection:
        yield Lake(workspace, since, until, connection)


def find(
    workspace: Workspace, definition: Definition, since: date, until: date, *, snapshot: Snapshot | None = None
) -> pa.Table:
    """Give the conversions on the local days [since, until), with the columns of goals.counting.CONVERSIONS.

    snapshot   the state of the lake to ask; None: the one published last
    """
    with opened(workspace, since, until, snapshot) as lake:
        reach = None if definition.counting in LOOKS_BACK else lake.visits().reach
        return lake.conversions(definition, reach=reach)


def unmatched_refunds(workspace: Workspace, since: date, until: date, *, snapshot: Snapshot | None = None) -> pa.Table:
    """Give the refunds on the local days [since, until) that no conversion of any goal can take.

    Their transaction id is missing or was never seen in an event of the same source and currency that is no refund.
    returns   event_id, source_id, time, day, value_micros, currency, transaction_id
    """
    with opened(workspace, since, until, snapshot) as lake:
        return lake.unmatched_refunds()


def source_ids(workspace: Workspace) -> dict[str, int]:
    """Give the ids of the workspace's sources by their short names, as rules name them."""
    return dict(Source.objects.filter(workspace=workspace).values_list("slug", "pk"))
