"""The funnel page at five million events over sixty days, through HTTP and signed in, nothing kept between requests.

    python -m bench.funnel [--events 5_000_000] [--rounds 9] [--port 23410]

Writes events and sessions of 800,000 persons straight into the lake of a workspace of its own in a temporary folder,
publishes them, and starts database and gunicorn on the loopback with the web server's settings of `measureplan up`.
One reader asks one funnel after the other; the rounds interleave them. Wall time is the reader's, CPU time that of the
web's workers for each page. Everything that was started is ended by its process id.
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import numpy as np
import pyarrow as pa

from bench.ingest import rss_mib
from bench.reader import measure, reading, told

DAYS, PERSONS, EACH_VISIT = 60, 800_000, 4
DAY_US = 86_400_000_000
NAMES = ("page_view", "view_item", "add_to_cart", "begin_checkout", "purchase", "scroll", "search")
WEIGHTS = (0.62, 0.16, 0.06, 0.03, 0.02, 0.06, 0.05)
CHANNELS = ("direct", "email", "paid_search", "organic_search")
SHOP = ("event view_item", "event add_to_cart", "event begin_checkout", "event purchase")
VISITED = ("page /product/*", "event add_to_cart", "event begin_checkout", "event purchase")
FUNNELS = {
    "4 steps, 14 days": (SHOP, {}),
    "4 steps, strict": (SHOP, {"order": "strict"}),
    "4 steps, one session": (SHOP, {"window": "session"}),
    "4 steps, by channel": (SHOP, {"by": "channel"}),
    "4 steps, what came next": (SHOP, {"drop": "1"}),
    "4 steps from any product page": (VISITED, {}),
}


class Days:
    """Events and sessions of one day after the other, the same each time they are asked for."""

    def __init__(self, first: date, events: int, source: int) -> None:
        self.first, self.visits, self.source = (first - date(1970, 1, 1)).days, events // DAYS // EACH_VISIT, source
        self.ids = pa.array([f"{n * 2_654_435_761 % 2**32:08x}-5c1f-4e1a-9b7d-{n:012d}" for n in range(PERSONS)])
        self.paths = pa.array([*(f"/product/{n}" for n in range(300)), "/", "/shop", "/cart", "/blog"])

    def of(self, number: int, events: pa.Schema, sessions: pa.Schema) -> tuple[pa.Table, pa.Table]:
        """Give the rows of one day."""
        random = np.random.default_rng(number)
        begin, visits = (self.first + number) * DAY_US, self.visits
        who, at = random.integers(0, PERSONS, visits), np.sort(random.integers(0, DAY_US - 4 * 10**9, visits))
        counts = random.geometric(1 / EACH_VISIT, visits).clip(1, 25)
        owner = np.repeat(np.arange(visits), counts)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
        moments = begin + at[owner] + place * 60_000_000 + random.integers(0, 10**6, len(owner))
        kind = np.where(place == 0, 0, random.choice(len(NAMES), len(owner), p=WEIGHTS))
        order = np.argsort(moments, kind="stable")
        n, instant = len(order), events.field("time").type
        path = self.paths.take(random.integers(0, len(self.paths), n))
        moment = pa.array(moments[order]).cast(instant)
        day = {"day": (self.first + number, pa.date32()), "source_id": (self.source, pa.int64())}
        ends = np.cumsum(counts) - 1
        done = {
            "event_id": pa.array([f"{number:02d}{k:010d}" for k in range(n)]),
            "name": pa.array(NAMES).take(kind[order]),
            "time": moment, "received_at": moment, "visitor_id": self.ids.take(who[owner][order]),
            "refund": pa.array(np.zeros(n, np.bool_)), "path": path, "url": path, "protocol": pa.array(["own"] * n),
        }  # fmt: skip
        visited = {
            "person_id": self.ids.take(who), "session_id": pa.array([f"{number:02d}s{k:08d}" for k in range(visits)]),
            "started_at": pa.array(moments[ends - counts + 1]).cast(instant),
            "ended_at": pa.array(moments[ends]).cast(instant), "events": pa.array(counts.astype(np.int32)),
            "pageviews": pa.array(counts.astype(np.int32)), "paid": pa.array(np.zeros(visits, np.bool_)),
            "channel": pa.array(CHANNELS).take(random.integers(0, len(CHANNELS), visits)),
            "is_new": pa.array(random.random(visits) < 0.3),
        }  # fmt: skip
        return _table(done, day, events, n), _table(visited, day, sessions, visits)


def _table(
    columns: dict[str, pa.Array], same: dict[str, tuple[int, pa.DataType]], schema: pa.Schema, n: int
) -> pa.Table:
    fixed = {name: pa.array(np.full(n, value)).cast(pa.int32()).cast(kind) for name, (value, kind) in same.items()}
    given = columns | fixed
    return pa.table([given.get(name, pa.nulls(n, schema.field(name).type)) for name in schema.names], schema=schema)


def fill_lake(slug: str, events: int, *, now: datetime) -> int:
    """Write lake and publication; give how many events there are."""
    from reports.models import Publication, Visits  # noqa: PLC0415  # Django is set up by now
    from tracking.lake.schema import EVENTS, SESSIONS  # noqa: PLC0415
    from tracking.lake.table import replace_days  # noqa: PLC0415
    from tracking.models import LakeState, Source  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415
    from workspaces.models import Workspace  # noqa: PLC0415

    workspace = Workspace.objects.get(slug=slug)
    first = now.date() - timedelta(days=DAYS)
    with scope.in_workspace(workspace.pk):
        source = Source.objects.filter(workspace=workspace).first()
    days, counts = Days(first, events, source.pk), [0] * DAYS

    def rows(which: int) -> Iterator[pa.RecordBatch]:
        for number in range(DAYS):
            table = days.of(number, EVENTS, SESSIONS)[which]
            counts[number] = table.num_rows if which == 0 else counts[number]
            yield from table.to_batches()

    versions = {
        f"{name}_version": replace_days(
            workspace.pk, name, pa.RecordBatchReader.from_batches(schema, rows(which)), since=None
        )
        for which, (name, schema) in enumerate({"events": EVENTS, "sessions": SESSIONS}.items())
    }
    with scope.in_workspace(workspace.pk):
        known = versions | {"revision": 1, "first_day": first}
        stored = {"events": sum(counts), "stored_through": now, "derived_through": now, "dirty_since": None}
        LakeState.objects.update_or_create(workspace=workspace, defaults=known | stored)
        published = known | {"serial": 1, "zone_name": workspace.zone_name, "computed_through": now}
        Publication.objects.update_or_create(workspace=workspace, defaults=published)
        Visits.objects.bulk_create(
            Visits(
                workspace=workspace, day=first + timedelta(days=n), sessions=0, pageviews=0, events=count,
                gaps=[], persons=[],
            )
            for n, count in enumerate(counts)
        )  # fmt: skip
    return sum(counts)


def address(slug: str, steps: tuple[str, ...], options: dict[str, str], *, now: datetime) -> str:
    """Give the address of a funnel over all days."""
    since, last = now.date() - timedelta(days=DAYS), now.date() - timedelta(days=1)
    asked = {f"step{n}": step for n, step in enumerate(steps, 1)} | {"from": str(since), "to": str(last)}
    return f"/w/{slug}/funnels/?{urlencode(asked | options)}"


def run(name: str, doc: str, addresses: Callable[[str, datetime], Mapping[str, str]], *, shown: str) -> None:
    """Set up, ask, print, end all.

    name        of the bench's module; doc: what it says of itself
    addresses   what is asked by its name, of a workspace's short name and the time
    """
    parser = argparse.ArgumentParser(description=doc.split("\n", maxsplit=1)[0])
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--port", type=int, default=23410)
    options = parser.parse_args()
    now = datetime.now(UTC)
    with reading(options.port, lambda slug: fill_lake(slug, options.events, now=now)) as (reader, events):
        took = measure(reader, addresses(reader.workspace, now), rounds=options.rounds, shown=shown)
        memory = max(map(rss_mib, reader.workers))
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.python_version()}")
    print(f"python -m bench.{name} --events {options.events} --rounds {options.rounds}: {events:,} events")
    print("\n".join(told(took)))
    print(f"memory of the largest web worker: {memory:.0f} MiB")


def of_funnels(slug: str, now: datetime) -> dict[str, str]:
    """Give the addresses of the funnels."""
    return {name: address(slug, steps, options, now=now) for name, (steps, options) in FUNNELS.items()}


def main() -> None:
    """Ask the funnels."""
    run("funnel", __doc__, of_funnels, shown="funnel-table")


if __name__ == "__main__":
    sys.exit(main())
