"""What was planted in the demo is what its evidence tells, through the product's own sessions and channels."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from analysis.evidence.grading import Grade
from goals.models import Goal, Support
from measureplan.demo import Shop
from measureplan.demo.truth import MICROS
from reports import filling
from reports.evidence.design import Design
from tests.measureplan.demo.conftest import large
from tests.reports.evidence.asks import computed
from tests.reports.lake import make_goal
from tests.tracking.makers import make_source
from tracking.derive import derive
from tracking.lake.schema import EVENTS
from tracking.lake.table import replace_days
from tracking.models import LakeState
from workspaces import scope
from workspaces.models import Workspace

__all__ = ["large"]

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DESIGN = Design(landmark_days=1, follow_days=30, past_days=180)
RATIOS = {micro.key: micro.risk_ratio for micro in MICROS if micro.key != "article_read"}


@pytest.fixture
def sale(shop: Workspace, large: Shop) -> Goal:
    """The large demo shop with purchases as its macro goal and what was planted as its micro goals."""
    source = make_source(shop)
    events = large.events
    ids = pa.array([source.pk], pa.int64()).take(pa.array([0] * events.num_rows))
    place = events.schema.get_field_index("source_id")
    kept = events.set_column(place, "source_id", ids).select(EVENTS.names).cast(EVENTS)
    replace_days(shop.pk, "events", kept, since=None)
    last = max(events["time"].to_pylist())
    with scope.in_workspace(shop.pk):
        LakeState.objects.update_or_create(
            workspace=shop,
            defaults={
                "events": events.num_rows, "first_day": events["day"][0].as_py(), "last_event_at": last,
                "stored_through": NOW, "dirty_since": EPOCH,
            },
        )  # fmt: skip
    derive(shop.pk, NOW)
    sale = make_goal(shop)
    for name in RATIOS:
        micro = make_goal(shop, name, event=name, level="micro", counting="session", value_rule="none")
        with scope.in_workspace(shop.pk):
            Support.objects.create(workspace=shop, micro=micro, macro=sale)
    filling.fill(shop.pk, now=NOW)
    return sale


def test_the_confounded_micro_goal_is_seen_through_and_the_true_ones_are_found(shop: Workspace, sale: Goal) -> None:
    found = computed(shop, sale, DESIGN)
    with scope.in_workspace(shop.pk):
        names = dict(shop.goals.values_list("pk", "name"))
    evidence = {names[edge.goal_id]: edge.evidence for edge in found.edges}
    downloads = evidence.pop("file_download")
    assert downloads.raw is not None
    assert downloads.stratified is not None
    assert 1.7 < downloads.raw.value < 2.4
    assert downloads.raw.is_away_from_one
    assert downloads.stratified.low < 1 < downloads.stratified.high
    assert downloads.is_explained
    assert found.strata > 20
    for name, each in evidence.items():
        if each.grade is Grade.STRATIFIED and each.stratified:
            # Four standard errors, and up to a fifth less: who did it later counts as without.
            assert each.stratified.low**2 / each.stratified.value * 0.8 < RATIOS[name], name
            assert each.stratified.high**2 / each.stratified.value > RATIOS[name], name
    sure = [name for name, each in evidence.items() if each.stratified and each.stratified.low > 1]
    assert {"search", "filter_used", "size_guide_used"} <= set(sure)
