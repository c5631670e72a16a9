"""The join of persons dealt out to buckets: the rows of one join of all, to the last one."""

import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goals.models import Goal
from measureplan import env
from reports import attribute, by_persons, cluster_join, filling
from reports.cluster_join import Join
from tests.reports.lake import NOW, Hit, hit, make_goal, store
from tests.reports.test_filling import published, refill
from tracking.lake.cluster import NoCluster
from tracking.lake.pieces import fragments
from tracking.lake.table import address
from workspaces.models import Workspace

CHANNELS = ("", "email", "paid_search", "display")


def some_hits(seed: int) -> list[Hit]:
    """A month of a few persons, with purchases of one moment on several days."""
    dice = np.random.default_rng(seed)
    found = []
    for n in range(120):
        person, minutes = f"p{dice.integers(0, 9)}", int(dice.integers(0, 1_200)) * 20
        name = str(dice.choice(["page_view", "ad_impression", "purchase"], p=[0.6, 0.15, 0.25]))
        channel = "email" if name == "ad_impression" else str(dice.choice(CHANNELS))
        more: dict[str, Any] = {"value": n, "transaction": f"t{n}"} if name == "purchase" else {"channel": channel}
        found.append(hit(person, minutes=minutes, name=name, **more))
    return found


class Dealt:
    """In the place of Spark: the same steps in this process, over buckets in no order."""

    def __init__(self) -> None:
        self.runs, self.buckets = 0, 0

    def __call__(self, _: Any, asked: Join, conversions: pa.Table, buckets: int) -> pa.Table:
        self.runs += 1
        self.buckets = buckets
        lines, dice = asked.lines, np.random.default_rng(buckets)
        numbers = pa.RecordBatch.from_arrays([pa.array(range(len(fragments(*asked.touches)[1])))], ["id"])
        read = pa.Table.from_batches(cluster_join._touches(asked, lines, iter([numbers])), lines)
        whole = pa.concat_tables([read, cluster_join._lines(conversions, lines, is_touch=False)])
        whole = whole.take(pa.array(dice.permutation(whole.num_rows)))
        seat = np.array([zlib.crc32(text.encode()) % buckets for text in whole.column("person_id").to_pylist()])
        parts = [cluster_join._bucket(asked, whole.filter(pa.array(seat == n))) for n in range(buckets)]
        rows = pa.concat_tables(parts).sort_by([(name, "ascending") for name in ("day", "number", "place")])
        days = sorted(set(rows.column("day").to_pylist()))
        halves = (days[: len(days) // 2], days[len(days) // 2 :])
        written = [cluster_join._write(asked, _of_days(rows, half)) for half in reversed(halves)]
        return pa.Table.from_batches([batch for batches in written for batch in batches], cluster_join.WRITTEN)


def _of_days(rows: pa.Table, days: list[Any]) -> Iterator[pa.RecordBatch]:
    yield from rows.filter(pa.array([day in days for day in rows.column("day").to_pylist()])).to_batches()


@pytest.fixture
def dealt(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Dealt:
    made = Dealt()
    settings.RUNNER = "spark"
    monkeypatch.setattr(cluster_join, "_written", made)
    monkeypatch.setattr(cluster_join.cluster, "session", _no_session)
    monkeypatch.setattr(attribute, "WORTH_A_CLUSTER", 1)
    return made


@pytest.fixture
def by_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have late events counted by days, as where they are too many persons' to be counted by these."""
    monkeypatch.setattr(by_persons, "MOST_PERSONS", 0)


class _no_session:  # noqa: N801  # in the place of a function
    def __init__(self, master: str | None, name: str) -> None:
        self.asked = master, name

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    return make_goal(shop)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_fill_by_buckets_publishes_what_a_fill_in_the_worker_publishes(
    shop: Workspace, goal: Goal, dealt: Dealt, settings: Any, seed: int
) -> None:
    store(shop, some_hits(seed))
    filling.fill(shop.pk, now=NOW)
    by_buckets = published(goal)
    assert dealt.runs == 1
    settings.RUNNER = "here"
    refill(goal)
    assert dealt.runs == 1
    assert published(goal) == by_buckets
    assert len(by_buckets[2]) > 30, "the case needs paths"


@pytest.mark.usefixtures("by_days")
def test_a_later_fill_by_buckets_writes_the_days_from_the_first_that_changed(
    shop: Workspace, goal: Goal, dealt: Dealt, settings: Any
) -> None:
    hits = some_hits(4)
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)
    late = [hit("p1", days=9, channel="email"), hit("p1", days=9, minutes=3, name="purchase", value=7)]
    store(shop, [*hits, *late], new=late)
    filling.fill(shop.pk, now=NOW + timedelta(minutes=1))
    by_buckets = published(goal)
    assert dealt.runs == 2
    settings.RUNNER = "here"
    refill(goal)
    assert published(goal) == by_buckets


def test_what_the_tasks_wrote_on_the_way_is_gone_afterwards_and_so_is_what_a_dead_worker_left(
    shop: Workspace, goal: Goal, dealt: Dealt
) -> None:
    folder = cluster_join.store_at(address(shop.pk, attribute.JOINED))
    pq.write_table(pa.table({"by": ["a worker that died"]}), "left.parquet", filesystem=folder)
    store(shop, some_hits(5))
    filling.fill(shop.pk, now=NOW)
    assert dealt.runs == 1
    assert not folder.get_file_info(cluster_join.FileSelector("", recursive=True))


def test_few_conversions_are_joined_in_the_worker_whatever_is_set(
    shop: Workspace, goal: Goal, dealt: Dealt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attribute, "WORTH_A_CLUSTER", 1_000)
    store(shop, some_hits(6))
    filling.fill(shop.pk, now=NOW)
    assert dealt.runs == 0


@pytest.mark.usefixtures("by_days")
def test_a_cluster_that_is_away_leaves_the_goal_as_it_was_and_says_why(
    shop: Workspace, goal: Goal, dealt: Dealt, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(shop, some_hits(7))
    filling.fill(shop.pk, now=NOW)
    before = published(goal)

    def away(*_: object) -> pa.Table:
        raise NoCluster("Spark gave up: all masters are unresponsive")

    monkeypatch.setattr(cluster_join, "_written", away)
    late = [hit("p1", days=9, name="purchase", value=7)]
    store(shop, [*some_hits(7), *late], new=late)
    filling.fill(shop.pk, now=NOW + timedelta(minutes=1))
    assert published(goal)[2] == before[2]


def test_more_lines_are_dealt_into_more_buckets() -> None:
    assert [cluster_join.buckets_of(lines) for lines in (0, 4_000_000, 4_000_001, 10**9)] == [4, 4, 5, 1_000]


def test_a_runner_that_there_is_not_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MP_RUNNER", "dask")
    with pytest.raises(env.BadSetting, match='MP_RUNNER="dask" is unknown; set here or spark'):
        env.choice("MP_RUNNER", ("here", "spark"), default="here")
