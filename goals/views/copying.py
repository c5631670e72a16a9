"""Copies of the plan or of one goal into another workspace of the same person."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goals import copying
from goals.copying import Copied
from goals.forms.copying import CopyForm
from goals.models import Plan
from goals.views.plans import with_plan
from goals.views.showing import plan_address
from workspaces.access import MemberRequest, allow
from workspaces.forms import sent, submit
from workspaces.models import Membership
from workspaces.pages import page
from workspaces.roles import Action


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def copy_plan(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Choose a workspace, then make the plan anew there."""
    return _copy(
        request,
        title=_('Copy "%(name)s"') % {"name": plan.name},
        text=_("The other workspace gets the whole plan; signatures, figures and history stay here."),
        act=lambda to: copying.copy_plan(plan, to=to, now=timezone.now()),
    )


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def copy_goal(request: MemberRequest, plan: Plan, goal: str) -> HttpResponse:
    """Choose a workspace, then make the goal anew in its plan."""
    found = get_object_or_404(plan.goals.live(), slug=goal)
    return _copy(
        request,
        title=_('Copy "%(name)s"') % {"name": found.name},
        text=_("Its KPIs, targets and tracking come along. It supports what has the same short name there."),
        act=lambda to: copying.copy_goal(found, to=to, now=timezone.now()),
    )


def _copy(request: MemberRequest, *, title: str, text: str, act: Callable[[Membership], Copied]) -> HttpResponse:
    places = copying.editable_workspaces(request.user, but=request.workspace.pk)
    form = CopyForm(sent(request), memberships=places)

    def do() -> str:
        to = form.membership
        _say(request, act(to), to)
        return reverse("goals:plan", args=[to.workspace.slug])

    context = {
        "form": form,
        "title": title,
        "text": text,
        "submit": _("Copy"),
        "places": places,
        "cancel_url": plan_address(request),
    }
    return submit(request, form, do) or page(request, "goals/copy.html", context=context, status=form.status)


def _say(request: MemberRequest, copied: Copied, to: Membership) -> None:
    fit = copied.applied.fit
    messages.success(request, _('Copied into "%(name)s".') % {"name": to.workspace.name})
    if fit.unknown:
        text = _("Not members there, so these own nothing in the copy: %(names)s.")
        messages.warning(request, text % {"names": ", ".join(sorted(fit.unknown))})
    if copied.left_out:
        text = _("KPIs of metrics stayed behind, since their formulas may name other goals: %(names)s.")
        messages.warning(request, text % {"names": ", ".join(copied.left_out)})
    renamed = [new for slugs in fit.renamed.values() for new in slugs.values()]
    if renamed:
        text = _("Taken there, so these short names were numbered: %(names)s.")
        messages.info(request, text % {"names": ", ".join(renamed)})
