"""The way to the first plan: short steps with one form each, kept as answered, and made into a plan at the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goals import checklist, starting
from goals.answers import Answers
from goals.forms.start import AboutForm, StepForm
from goals.forms.start_goals import MacroForm, MicroForm
from goals.forms.start_people import PeopleForm
from goals.forms.start_targets import USE, TargetsForm
from goals.models import Kpi, Level, PlanStart, Target
from goals.planning import current_plan
from goals.starters import STARTERS
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.roles import Action, roles_to_give
from workspaces.zones import day_of

# The steps in their order; the key is in the address, the template below goals/start/.
STEPS: Final[Mapping[str, type[StepForm]]] = MappingProxyType(
    {"about": AboutForm, "macro": MacroForm, "micro": MicroForm, "targets": TargetsForm, "people": PeopleForm}
)
SPREADSHEETS: Final = ("goals:plan-file-new", "goals:plan-paste")  # other ways in, where they exist


@dataclass(frozen=True, slots=True)
class Place:
    """One step as the row of steps shows it; an address where one may go there."""

    title: str
    url: str
    is_current: bool
    is_done: bool


@allow(Action.EDIT_PLAN)
@require_GET
def start(request: MemberRequest) -> HttpResponse:
    """Lead to the first step that is not answered."""
    if current_plan(request.workspace):
        return redirect("goals:plan", request.workspace.slug)
    return redirect(_address(request, _open_step(_said(starting.start_of(request.workspace)))))


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def step(request: MemberRequest, step: str) -> HttpResponse:
    """Ask one thing, keep the answer, go on; the last step makes the plan."""
    if step not in STEPS:
        raise Http404
    if current_plan(request.workspace):
        messages.info(request, _("This workspace has a plan; here it is."))
        return redirect("goals:plan", request.workspace.slug)
    row = starting.start_of(request.workspace)
    if not _may_go(step, _said(row)):
        return redirect(_address(request, _open_step(_said(row))))
    form = _form(request, step, row)
    if USE in request.POST and isinstance(form, TargetsForm):
        form.take(request.POST[USE])
        return page(request, f"goals/start/{step}.html", context=_context(request, step, form))

    def act() -> str:
        if isinstance(form, PeopleForm):
            starting.make(request.workspace, form.wishes, by=request.member, now=timezone.now())
            return reverse("goals:start-done", args=[request.workspace.slug])
        starting.keep(request.workspace, form.answer)
        return _address(request, _after(step))

    done = submit(request, form, act)
    return done or page(request, f"goals/start/{step}.html", context=_context(request, step, form), status=form.status)


@allow(Action.EDIT_PLAN)
@require_GET
def done(request: MemberRequest) -> HttpResponse:
    """Say what was made, and what comes next."""
    plan = starting.start_of(request.workspace).plan
    if plan is None or plan.archived_at is not None:
        return redirect("goals:start", request.workspace.slug)
    goals = list(plan.goals.live())
    context = {
        "plan": plan,
        "macros": [goal for goal in goals if goal.level == Level.MACRO],
        "micros": [goal for goal in goals if goal.level == Level.MICRO],
        "kpis": Kpi.objects.live().filter(goal__plan=plan).count(),
        "targets": Target.objects.filter(kpi__goal__plan=plan).count(),
        "invitations": list(request.workspace.invitations.filter(accepted_at=None, withdrawn_at=None)),
        "checklist": checklist.checklist_of(request.workspace),
    }
    return page(request, "goals/start/done.html", context=context)


@allow(Action.EDIT_PLAN)
@require_POST
def hide_checklist(request: MemberRequest) -> HttpResponse:
    """Put the checklist away."""
    form = Form(sent(request))

    def act() -> str:
        starting.hide_checklist(request.workspace, now=timezone.now())
        return reverse("goals:plan", args=[request.workspace.slug])

    return submit(request, form, act) or redirect("goals:plan", request.workspace.slug)


def _form(request: MemberRequest, step: str, row: PlanStart) -> StepForm:
    # Only that step's form asks for them.
    options: dict[str, Any] = {"roles": roles_to_give(request.member.role)} if step == "people" else {}
    return STEPS[step](sent(request), instance=row, today=_today(request), **options)


def _context(request: MemberRequest, step: str, form: StepForm) -> dict[str, Any]:  # whatever the template shows
    said, keys = _said(form.instance), list(STEPS)
    before = keys[keys.index(step) - 1] if step != keys[0] else ""
    return {
        "form": form,
        "step": step,
        "places": [_place(request, key, step, said) for key in STEPS],
        "number": keys.index(step) + 1,
        "total": len(keys),
        "back_url": _address(request, before) if before else reverse("goals:plan", args=[request.workspace.slug]),
        "starters": STARTERS,
        "said": said,
        "other_ways": _other_ways(request),
    }


def _place(request: MemberRequest, key: str, current: str, said: Answers) -> Place:
    url = _address(request, key) if _may_go(key, said) else ""
    return Place(str(STEPS[key].title), url, key == current, _is_answered(key, said))


def _is_answered(step: str, said: Answers) -> bool:
    answered = {
        "about": bool(said.starter), "macro": bool(said.macros), "micro": said.micros is not None,
        "targets": said.aims is not None, "people": False,
    }  # fmt: skip
    return answered[step]


def _may_go(step: str, said: Answers) -> bool:
    """Say whether all that comes before is answered."""
    keys = list(STEPS)
    return all(_is_answered(key, said) for key in keys[: keys.index(step)])


def _open_step(said: Answers) -> str:
    return next(key for key in STEPS if not _is_answered(key, said))


def _after(step: str) -> str:
    keys = list(STEPS)
    return keys[keys.index(step) + 1]


def _address(request: MemberRequest, step: str) -> str:
    return reverse("goals:start-step", args=[request.workspace.slug, step])


def _other_ways(request: MemberRequest) -> str:
    for name in SPREADSHEETS:
        try:
            return reverse(name, args=[request.workspace.slug])
        except NoReverseMatch:
            continue
    return ""


def _said(row: PlanStart) -> Answers:
    return Answers.from_json(row.answers)


def _today(request: MemberRequest) -> date:
    return day_of(timezone.now(), request.workspace.zone)
