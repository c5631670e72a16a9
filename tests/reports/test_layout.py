"""Paths of an older layout: filled again before anything is read from them."""

import pyarrow as pa

from reports import filling, paths
from reports.models import FillState
from tests.reports.asks import answered, asked
from tests.reports.lake import NOW, hit, make_goal, store
from tracking.lake.query import Pinned, query
from tracking.lake.table import replace_days
from workspaces import scope
from workspaces.models import Workspace


def test_paths_of_an_older_layout_are_filled_again_and_their_totals_stay(shop: Workspace) -> None:
    goal = make_goal(shop)
    store(shop, [hit("a", channel="email"), hit("a", minutes=1, name="purchase", value=500)])
    before = asked(shop, goal)
    older = pa.schema([field for field in paths.SCHEMA if field.name not in {"content", "term", "landing_path"}])
    version = replace_days(shop.pk, paths.name_of(goal.pk), older.empty_table(), since=None)
    with scope.in_workspace(shop.pk):
        FillState.objects.update(paths_layout=1, paths_version=version)
    assert answered(shop, goal).state == "computing"
    filling.fill(shop.pk, now=NOW)
    after = answered(shop, goal)
    assert (after.state, after.totals, after.breakdown) == ("ready", before.totals, before.breakdown)
    with scope.in_workspace(shop.pk):
        state = FillState.objects.get(goal=goal)
    pinned = Pinned(paths.name_of(goal.pk), state.paths_version)
    rows = query(shop.pk, "select landing_path from paths", tables={"paths": pinned})
    assert rows.column("landing_path").to_pylist() == ["/"]
    assert filling.fill(shop.pk, now=NOW) == 0
