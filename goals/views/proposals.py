"""Proposals as people see them: the inbox by lane, and one proposal with all that belongs to it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from goals.duplicates import lookalikes, open_proposals, rivals
from goals.forms.deciding import AnswerForm, CommentForm, DecisionForm, PressForm
from goals.inbox import LaneView, departments_of, lanes_of
from goals.lanes import Actor
from goals.models import Lane, Proposal
from goals.planning import current_plan
from goals.proposing import ProposalDraft, backtest_of, definition_of, missing_of
from goals.story import story_of
from goals.trying import try_again
from goals.wording import rules_text
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form
from workspaces.pages import page
from workspaces.roles import Action


@allow(Action.SEE_REPORTS)
@require_GET
def proposals(request: MemberRequest) -> HttpResponse:
    """Show the lanes beside each other, or one of them; on a phone always one."""
    only = _lane(request.GET.get("lane", ""))
    named = departments_of(request.member)
    department = request.GET.get("department", "")
    department = department if department in named else ""
    lanes = lanes_of(request.member, department=department, only=only)
    context = {
        "plan": current_plan(request.workspace),
        "lanes": [view for view in lanes if only in {None, view.lane}],
        "tabs": _tabs(request, lanes, only, department),
        "only": only,
        "first": only or _first(lanes),
        "departments": [_option(request, name, only, department) for name in ["", *named]] if named else [],
        "is_empty": not any(view.count for view in lanes),
    }
    return page(request, "goals/proposals.html", part="lanes", context=context)


@allow(Action.SEE_REPORTS)
@require_GET
def proposal(request: MemberRequest, proposal: int) -> HttpResponse:
    """Show one proposal."""
    return show(request, find(request, proposal))


@allow(Action.SEE_REPORTS)
@require_GET
def proposal_now(request: MemberRequest, proposal: int) -> HttpResponse:
    """Count it as of now; for htmx the figures alone, which the page fetches after it is shown."""
    found = find(request, proposal)
    trial = try_again(found, member=request.member, now=timezone.now())
    if request.htmx:
        return page(request, "goals/proposal.html", part="now", context={"trial": trial, "proposal": found})
    return show(request, found, trial=trial)


def find(request: MemberRequest, pk: int) -> Proposal:
    """Give a proposal that the member may see; 404 for other people's drafts."""
    rows = request.workspace.proposals.seen_by(request.member)
    return get_object_or_404(rows.select_related("workspace", "plan", "goal__workspace", "author__user"), pk=pk)


def show(request: MemberRequest, found: Proposal, *, status: int = 200, **more: Any) -> HttpResponse:
    """Render the proposal; `more` holds a form that was refused, by its name in the context."""
    definition, tested = definition_of(found), backtest_of(found)
    members = list(request.workspace.memberships.select_related("user"))
    is_mine = Actor.of(request.member).wrote(found)
    goals = [goal for goal in rivals(request.workspace) if goal.pk != found.goal_id]
    reader = request.member if is_mine else None  # one's own drafts matter to what one writes, not to what one reads
    others = open_proposals(request.workspace, reader, apart_from=found.pk) if found.is_open else []
    votes = list(found.votes.select_related("member__user"))
    context: dict[str, Any] = {
        "proposal": found,
        "macros": list(found.supports.all()),
        "words": rules_text(definition.rules) if definition else "",
        "tested": tested,
        "alike": lookalikes(found.name, definition, tested, goals=goals, proposals=others) if found.is_open else [],
        "votes": votes,
        "has_voted": any(vote.member_id == request.member.pk for vote in votes),
        "story": story_of(found, members),
        "names": sorted(str(member.user) for member in members),
        "is_mine": is_mine,
        "missing": list(missing_of(ProposalDraft.of(found), found.plan).values()) if found.lane == Lane.DRAFT else [],
        "press": PressForm(),
        "comment": CommentForm(auto_id="comment_%s"),
        "answer": AnswerForm(auto_id="answer_%s"),
    }
    if request.may(Action.EDIT_PLAN) and found.lane == Lane.SUBMITTED and not is_mine:
        context["decision"] = decision_form(request, found)
    context |= more
    return page(request, "goals/proposal.html", context=context, status=status)


def decision_form(request: MemberRequest, found: Proposal, data: Any = None) -> DecisionForm:  # what was sent
    """Make the form of those who decide, with the likest goal chosen for a merge."""
    definition = definition_of(found)
    alike = lookalikes(found.name, definition, backtest_of(found), goals=rivals(request.workspace))
    start = {"seen": found.revision, "goal": alike[0].row.pk if alike else None}
    return DecisionForm(
        data,
        workspace=request.workspace,
        me=request.member,
        is_defined=definition is not None and bool(definition.rules),
        initial=start,
        auto_id="decision_%s",
    )


def address(request: MemberRequest, **asked: str) -> str:
    """Give the address of the inbox."""
    parts = urlencode({name: value for name, value in asked.items() if value})
    url = reverse("goals:proposals", args=[request.workspace.slug])
    return f"{url}?{parts}" if parts else url


def status_of(form: Form) -> int:
    """Give the status of a page whose form was refused: 409 where something else had happened meanwhile."""
    return 409 if form.non_field_errors() else form.status


def _lane(text: str) -> Lane | None:
    return Lane(text) if text in Lane.values else None


def _first(lanes: list[LaneView]) -> Lane:
    """Choose the lane that a phone shows first: one with something for the reader, else one with anything."""
    for view in lanes:
        if any(card.awaits_me for card in view.cards):
            return view.lane
    return next((view.lane for view in lanes if view.count and view.lane != Lane.DRAFT), Lane.SUBMITTED)


def _tabs(
    request: MemberRequest, lanes: list[LaneView], only: Lane | None, department: str
) -> list[dict[str, Any]]:  # as templates/goals/proposals.html reads it
    first = only or _first(lanes)
    tabs = [
        {
            "label": view.lane.label,
            "count": view.count,
            "url": address(request, lane=str(view.lane), department=department),
            "is_current": only == view.lane,
            "is_first": view.lane == first,
        }
        for view in lanes
    ]
    whole = {"label": _("All"), "count": sum(view.count for view in lanes), "is_current": only is None}
    return [whole | {"url": address(request, department=department), "is_whole": True}, *tabs]


def _option(request: MemberRequest, name: str, only: Lane | None, chosen: str) -> dict[str, Any]:  # of a menu
    return {
        "label": name or _("All departments"),
        "url": address(request, lane=str(only) if only else "", department=name),
        "is_current": name == chosen,
    }
