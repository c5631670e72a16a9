"""The worker's fill on a real cluster, by setting: what it publishes in the worker alone."""

from pathlib import Path
from typing import Any

import pytest

from reports import attribute, filling
from tests.cluster import standalone
from tests.cluster.standalone import LOCALHOST, Cluster
from tests.reports.lake import NOW, make_goal, store
from tests.reports.test_cluster_join import some_hits
from tests.reports.test_filling import published, refill
from workspaces.models import Workspace

pytestmark = pytest.mark.skipif(standalone.why_not() is not None, reason=str(standalone.why_not()))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::ResourceWarning")
def test_a_fill_on_a_cluster_publishes_what_a_fill_in_the_worker_publishes(
    cluster: Cluster, shop: Workspace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = make_goal(shop)
    store(shop, some_hits(1))
    filling.fill(shop.pk, now=NOW)
    expected = published(goal)
    monkeypatch.setattr(attribute, "WORTH_A_CLUSTER", 1)
    monkeypatch.setenv("SPARK_LOCAL_IP", LOCALHOST)
    settings.RUNNER, settings.SPARK_MASTER = "spark", cluster.master
    refill(goal)
    assert published(goal) == expected
    assert (Path(settings.LAKE_URL) / str(shop.pk) / attribute.JOINED).is_dir(), "it was joined on the cluster"
