"""Writing a proposal: the form with what it would have counted beside it, and the search among what has arrived."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goals import picking, proposing
from goals.forms import rows
from goals.forms.proposals import ProposalForm
from goals.lanes import Actor
from goals.models import Plan, Proposal
from goals.trying import Trial, try_out
from goals.views.plans import with_plan
from goals.views.proposals import address, find
from workspaces.access import MemberRequest, allow
from workspaces.forms import submit
from workspaces.pages import page
from workspaces.roles import Action

PRESSED = ("add", "remove", "preview", "search")  # buttons that show the form again and save nothing
HAND_IN = "hand_in"


@allow(Action.PROPOSE)
@require_http_methods(["GET", "POST"])
@with_plan
def proposal_new(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Write a new proposal."""
    return _write(request, plan, None)


@allow(Action.PROPOSE)
@require_http_methods(["GET", "POST"])
@with_plan
def proposal_edit(request: MemberRequest, plan: Plan, proposal: int) -> HttpResponse:  # noqa: ARG001  # its own plan
    """Write one's own anew, while it is a draft or has been asked about."""
    found = find(request, proposal)
    refused = proposing.why_not_changeable(found, by=Actor.of(request.member))
    if refused:
        messages.info(request, refused)
        return redirect(found.get_absolute_url())
    return _write(request, found.plan, found)


@allow(Action.PROPOSE)
@require_http_methods(["GET", "POST"])
@with_plan
def proposal_try(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Count what the form says; nothing is saved. For htmx the panel alone."""
    form = ProposalForm(request.POST or None, plan=plan)
    trial = trial_of(request, form)
    if request.htmx:
        return page(request, "goals/proposal_form.html", part="panel", context={"trial": trial})
    return _show(request, ProposalForm(plan=plan), None, trial=trial)


@allow(Action.PROPOSE)
@require_GET
def proposal_picks(request: MemberRequest) -> HttpResponse:
    """Search among the pages and events that have arrived."""
    search, picked = request.GET.get("q", "")[:200], request.GET.get("picked", "")[:600]
    context = {"picks": picking.offers(request.workspace, search, picked=picked), "picked": picked, "q": search}
    return page(request, "goals/picks.html", context=context)


def trial_of(request: MemberRequest, form: ProposalForm) -> Trial:
    """Try what the form says; one that was only opened as it is saved."""
    now, kept = timezone.now(), form.instance if form.instance.pk else None
    definition = form.saved_definition
    name = kept.name if kept else ""
    if form.is_bound:
        form.is_valid()
        if not form.is_readable:
            return Trial(fault=form.rules_fault)
        definition, name = form.definition, form.cleaned_data.get("name", "")
    elif kept is None:
        return Trial()
    return try_out(request.workspace, name, definition, member=request.member, now=now, apart_from=kept)


def _write(request: MemberRequest, plan: Plan, found: Proposal | None) -> HttpResponse:
    if any(name in request.POST for name in PRESSED):
        return _again(request, plan, found)
    form = ProposalForm(request.POST or None, plan=plan, instance=found, initial={} if found else _begun(request, plan))
    is_complete = HAND_IN not in request.POST or (form.is_valid() and form.ask_for_missing())
    done = submit(request, form, lambda: _save(request, plan, form, found)) if is_complete else None
    return done or _show(request, form, found, trial=trial_of(request, form))


def _begun(request: MemberRequest, plan: Plan) -> dict[str, Any]:  # any initial value
    """Begin with what the address names: `?event=newsletter_signup` or `?page=/sizes`, and `&supports=sale`."""
    macros = plan.goals.live().filter(slug=request.GET.get("supports", "")).values_list("pk", flat=True)
    supports: dict[str, Any] = {"supports": list(macros)} if macros else {}
    name, path = request.GET.get("event", "")[:128], request.GET.get("page", "")[:500]
    if name:
        return supports | {"picked": f"event:{name}", "name": name.replace("_", " ").capitalize()}
    return supports | {"picked": f"page:{path}"} if path else supports


def _save(request: MemberRequest, plan: Plan, form: ProposalForm, found: Proposal | None) -> str:
    by, now = Actor.of(request.member), timezone.now()
    if found is None:
        saved = proposing.draft(plan, form.draft, by=by, now=now)
    else:
        saved = proposing.change(found, form.draft, by=by, now=now)
    if HAND_IN in request.POST:
        trial = try_out(
            request.workspace, saved.name, form.definition, member=request.member, now=now, apart_from=saved
        )
        proposing.submit(saved, by=by, now=now, backtest=trial.tested)
        messages.success(request, _("Submitted. Those who keep the plan have been told."))
    else:
        messages.success(request, _("Saved as your draft; nobody else sees it yet."))
    return saved.get_absolute_url()


def _again(request: MemberRequest, plan: Plan, found: Proposal | None) -> HttpResponse:
    """Show the form as it was typed, with a row more or less, search results, or figures."""
    typed = rows.typed_rows(request.POST)
    if "add" in request.POST:
        typed.append({**rows.BLANK, "join": request.POST["add"], "field": ""})
    elif request.POST.get("remove", "").isdecimal():
        gone = int(request.POST["remove"])
        typed = [row for place, row in enumerate(typed) if place != gone]
    sent = ProposalForm(request.POST, plan=plan, instance=found)
    trial = trial_of(request, sent) if "preview" in request.POST else Trial()
    if found is not None:
        found.refresh_from_db()  # the form wrote into the row it was given
    form = ProposalForm(plan=plan, instance=found, typed_rows=typed, initial=_typed(request.POST))
    return _show(request, form, found, trial=trial)


def _typed(data: QueryDict) -> dict[str, Any]:  # any initial value
    typed: dict[str, Any] = dict(data.items())
    return typed | {"supports": data.getlist("supports"), "below": "below" in data}


def _show(request: MemberRequest, form: ProposalForm, found: Proposal | None, *, trial: Trial) -> HttpResponse:
    slug = request.workspace.slug
    picked, search = form["picked"].value() or "", request.POST.get("q", "")[:200]
    if found is None and not form.is_bound and not request.POST:
        form.fields["department"].initial = request.member.department
    context: dict[str, Any] = {  # whatever the template shows
        "form": form,
        "title": _("Propose a micro goal") if found is None else found.name,
        "proposal": found,
        "can_hand_in": found is None or found.lane == "draft",
        "trial": trial,
        "picks": picking.offers(request.workspace, search, picked=picked),
        "picked": picked,
        "q": search,
        "try_url": reverse("goals:proposal-try", args=[slug]),
        "picks_url": reverse("goals:proposal-picks", args=[slug]),
        "cancel_url": found.get_absolute_url() if found else address(request),
        "has_macros": form.fields["supports"].queryset.exists(),  # type: ignore[attr-defined]
        "departments": _departments(request),
    }
    return page(request, "goals/proposal_form.html", part="whole", context=context, status=form.status)


def _departments(request: MemberRequest) -> list[str]:
    named = request.workspace.memberships.exclude(department="")
    return list(named.values_list("department", flat=True).distinct().order_by("department"))
