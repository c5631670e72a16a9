"""What is done with a proposal on its page: hand in, withdraw, answer, comment, vote, decide."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goals import approval, picking, proposing, talking
from goals.approval import Terms
from goals.forms.deciding import APPROVE, ASK, DECLINE, AnswerForm, CommentForm, DecisionForm, PressForm
from goals.lanes import Actor
from goals.models import Proposal
from goals.picking import Pick
from goals.triggers import Trigger
from goals.trying import try_again
from goals.views.proposals import decision_form, find, show, status_of
from workspaces.access import MemberRequest, allow
from workspaces.forms import submit
from workspaces.roles import Action


@allow(Action.PROPOSE)
@require_POST
def proposal_submit(request: MemberRequest, proposal: int) -> HttpResponse:
    """Hand one's draft in."""
    found = find(request, proposal)

    def act() -> None:
        now = timezone.now()
        tested = try_again(found, member=request.member, now=now).tested
        proposing.submit(found, by=Actor.of(request.member), now=now, backtest=tested)
        messages.success(request, _("Submitted. Those who keep the plan have been told."))

    return _press(request, found, act)


@allow(Action.PROPOSE)
@require_POST
def proposal_withdraw(request: MemberRequest, proposal: int) -> HttpResponse:
    """Take one's proposal back to change it."""
    found = find(request, proposal)

    def act() -> None:
        proposing.withdraw(found, by=Actor.of(request.member), now=timezone.now())
        messages.success(request, _("It is a draft again; change it, then submit it."))

    return _press(request, found, act)


@allow(Action.PROPOSE)
@require_POST
def proposal_vote(request: MemberRequest, proposal: int) -> HttpResponse:
    """Vote for it, or take the vote back."""
    found = find(request, proposal)

    def act() -> None:
        if "back" in request.POST:
            talking.unvote(found, by=request.member, now=timezone.now())
        else:
            talking.vote(found, by=request.member, now=timezone.now())

    return _press(request, found, act)


@allow(Action.PROPOSE)
@require_POST
def proposal_comment(request: MemberRequest, proposal: int) -> HttpResponse:
    """Say something about it."""
    found, form = find(request, proposal), CommentForm(request.POST, auto_id="comment_%s")

    def act() -> str:
        by = Actor.of(request.member)
        made = talking.comment(found, form.cleaned_data["text"], by=by, now=timezone.now())
        return f"{found.get_absolute_url()}#comment-{made.pk}"

    return submit(request, form, act) or show(request, found, comment=form, status=status_of(form))


@allow(Action.PROPOSE)
@require_POST
def proposal_answer(request: MemberRequest, proposal: int) -> HttpResponse:
    """Give what was asked for."""
    found, form = find(request, proposal), AnswerForm(request.POST, auto_id="answer_%s")

    def act() -> str:
        now = timezone.now()
        tested = try_again(found, member=request.member, now=now).tested
        text = form.cleaned_data["text"]
        proposing.answer(found, text, by=Actor.of(request.member), now=now, backtest=tested)
        messages.success(request, _("Sent. It waits for a decision again."))
        return found.get_absolute_url()

    return submit(request, form, act) or show(request, find(request, proposal), answer=form, status=status_of(form))


@allow(Action.EDIT_PLAN)
@require_POST
def proposal_decide(request: MemberRequest, proposal: int) -> HttpResponse:
    """Approve, merge, ask or decline."""
    found = find(request, proposal)
    form = decision_form(request, found, request.POST)

    def act() -> str:
        _decide(request, found, form)
        return found.get_absolute_url()

    done = submit(request, form, act)
    return done or show(request, find(request, proposal), decision=form, status=status_of(form))


def _decide(request: MemberRequest, found: Proposal, form: DecisionForm) -> None:
    given, by, now = form.cleaned_data, Actor.of(request.member), timezone.now()
    text, seen = given["text"], given["seen"]
    if given["decision"] == APPROVE:
        name = given.get("event", "")
        rules = picking.rules_of(Pick(Trigger.EVENT, name), with_below=False) if name else ()
        goal = approval.approve(found, Terms(given["assignee"], rules, text), by=by, now=now, seen=seen)
        messages.success(request, _("%(name)s is in the plan; its past is being counted.") % {"name": goal.name})
    elif given["decision"] == ASK:
        approval.ask(found, text, by=by, now=now, seen=seen)
        messages.success(request, _("Asked. It comes back here with the answer."))
    elif given["decision"] == DECLINE:
        approval.decline(found, text, by=by, now=now, seen=seen)
        messages.success(request, _("Declined; its author has been told why."))
    else:
        approval.merge(found, given["goal"], text, by=by, now=now, seen=seen)
        messages.success(request, _("Approved as covered by %(name)s.") % {"name": given["goal"].name})


def _press(request: MemberRequest, found: Proposal, act: Callable[[], None]) -> HttpResponse:
    """Do what a button asks, once, and show the proposal; a refusal is shown as the page's message."""
    form = PressForm(request.POST)

    def once() -> str:
        act()
        return found.get_absolute_url()

    done = submit(request, form, once)
    return done or show(request, find(request, found.pk), refused=form, status=status_of(form))
