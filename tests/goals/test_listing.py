"""Lists of the plan: a segment stays while targets are for it, and says for which."""

from dataclasses import replace
from typing import Any

import pytest

from goals.document import document_of
from goals.listing import SegmentDraft, SegmentInUse, add, remove
from goals.models import Goal, Plan, Segment, Target
from goals.targeting import TargetDraft, archive_kpi, change_target
from tests.builders import make_token
from tests.goals.makers import NOW, TEST, make_kpi, make_target
from tests.workspaces.conftest import Program
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Scope

SENTENCE = "Orders: 1,200 by 2026-12-31"


@pytest.fixture
def target(plan: Plan, order: Goal) -> Target:
    """Give a target for a segment."""
    made = make_target(make_kpi(order), 1200)
    with scope.in_workspace(plan.workspace_id):
        add(plan, SegmentDraft("New visitors"), by=TEST, now=NOW)
        segment = Segment.objects.get()
        return change_target(made, replace(TargetDraft.of(made), segment=segment), by=TEST, now=NOW)


def segments(plan: Plan) -> int:
    with scope.in_workspace(plan.workspace_id):
        return Segment.objects.count()


def test_a_segment_that_targets_are_for_stays(plan: Plan, target: Target) -> None:
    assert target.segment is not None
    with scope.in_workspace(plan.workspace_id):
        with pytest.raises(SegmentInUse) as refusal:
            remove(target.segment, by=TEST, now=NOW)
        assert refusal.value.users == [SENTENCE]
        assert document_of(plan).targets[0].segment == "new-visitors"
        change_target(target, replace(TargetDraft.of(target), segment=None), by=TEST, now=NOW)
        remove(target.segment, by=TEST, now=NOW)
    assert segments(plan) == 0


def test_targets_in_the_archive_do_not_hold_a_segment(plan: Plan, target: Target) -> None:
    assert target.segment is not None
    with scope.in_workspace(plan.workspace_id):
        archive_kpi(target.kpi, by=TEST, now=NOW)
        remove(target.segment, by=TEST, now=NOW)
    assert segments(plan) == 0


def test_programs_read_which_targets_hold_a_segment(plan: Plan, target: Target, lead: Membership) -> None:
    program = Program(make_token(lead, Scope.READ, Scope.PLAN))
    answer = program("delete", f"segments/{target.segment_id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "segment_in_use")
    assert [each["message"] for each in answer.json()["errors"]] == [SENTENCE]
    document = program("get", "plans/plan-of-the-winter/document").json()
    put = program("put", "plans/plan-of-the-winter/document", document | {"segments": []})
    assert (put.status_code, put.json()["code"]) == (409, "segment_in_use"), "the targets name it"
    put = program("put", "plans/plan-of-the-winter/document", document | {"segments": [], "targets": []})
    assert put.status_code == 200, "both go, the targets first"
    assert segments(plan) == 0


def test_the_page_names_them_instead_of_asking(plan: Plan, target: Target, lead: Membership, browser_of: Any) -> None:
    browser = browser_of(lead)
    address = f"/w/fjellsport/plan/details/segments/{target.segment_id}/remove/"
    shown = browser.get(address).content.decode()
    assert SENTENCE in shown
    assert "button danger" not in shown
    assert browser.post(address, {}).status_code == 422
    assert segments(plan) == 1
