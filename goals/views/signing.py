"""The acts of a plan's life: ask for signatures, sign, decline, withdraw, archive, reopen."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from goals import signing
from goals.forms.signing import DeclineForm, SignOffForm
from goals.models import Plan, PlanVersion
from goals.views.plans import with_plan
from goals.views.showing import plan_address
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.refusal import Refusal
from workspaces.roles import Action


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def request_sign_off(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Choose who signs; the plan as it is now becomes a version."""
    form = SignOffForm(sent(request), workspace=request.workspace)

    def act() -> str:
        signers, note = form.cleaned_data["signers"], form.cleaned_data["note"]
        version = signing.request_sign_off(plan, signers, note=note, by=request.member, now=timezone.now())
        count = version.sign_offs.count()
        messages.success(
            request, ngettext("%(n)s person is asked to sign.", "%(n)s people are asked to sign.", count) % {"n": count}
        )
        return version_address(request, version)

    context = {
        "form": form,
        "title": _("Have the plan signed"),
        "submit": _("Ask for signatures"),
        "text": _("The plan as it is now becomes a version that never changes; each of them signs or declines it."),
        "cancel_url": plan_address(request),
    }
    return submit(request, form, act) or page(request, "goals/act.html", context=context, status=form.status)


@allow(Action.SEE_REPORTS)
@require_http_methods(["GET", "POST"])
def sign(request: MemberRequest, version: int) -> HttpResponse:
    """Ask once more, then sign: whoever was asked may, whatever their role."""
    found = get_object_or_404(request.workspace.plan_versions, pk=version)
    if request.method == "GET" and (refused := _not_asked(request, found)):
        return refused
    form = Form(sent(request))

    def act() -> str:
        signed = signing.sign(found, by=request.member, now=timezone.now())
        messages.success(request, _("You signed version %(n)s.") % {"n": signed.number})
        return version_address(request, signed)

    context = {
        "form": form,
        "title": _("Sign version %(n)s?") % {"n": found.number},
        "text": _("Your name and the time stand on the version from then on; this can't be taken back."),
        "submit": _("Sign"),
        "cancel_url": version_address(request, found),
    }
    return submit(request, form, act) or page(request, "goals/act.html", context=context, status=form.status)


@allow(Action.SEE_REPORTS)
@require_http_methods(["GET", "POST"])
def decline(request: MemberRequest, version: int) -> HttpResponse:
    """Say what has to change; the plan is a draft again."""
    found = get_object_or_404(request.workspace.plan_versions, pk=version)
    if request.method == "GET" and (refused := _not_asked(request, found)):
        return refused
    form = DeclineForm(sent(request))

    def act() -> str:
        reason = form.cleaned_data["reason"]
        declined = signing.decline(found, by=request.member, reason=reason, now=timezone.now())
        messages.success(request, _("You declined version %(n)s.") % {"n": declined.number})
        return version_address(request, declined)

    context = {
        "form": form,
        "title": _("Decline version %(n)s?") % {"n": found.number},
        "text": _("The plan is a draft again, and who works on it reads your reason."),
        "submit": _("Decline"),
        "cancel_url": version_address(request, found),
    }
    return submit(request, form, act) or page(request, "goals/act.html", context=context, status=form.status)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def withdraw(request: MemberRequest, version: int) -> HttpResponse:
    """Ask, then stop asking for signatures."""
    found = get_object_or_404(request.workspace.plan_versions, pk=version)
    form = Form(sent(request))

    def act() -> str:
        signing.withdraw(found, by=request.member, now=timezone.now())
        messages.success(request, _("Nobody is asked to sign version %(n)s any more.") % {"n": found.number})
        return plan_address(request)

    context = {
        "form": form,
        "title": _("Withdraw version %(n)s?") % {"n": found.number},
        "text": _("Signatures given so far stay on the version; the plan can be changed and another version signed."),
        "submit": _("Withdraw"),
        "cancel_url": version_address(request, found),
    }
    return submit(request, form, act) or page(request, "goals/act.html", context=context, status=form.status)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def archive(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Ask, then put the plan with its goals into the archive."""
    form = Form(sent(request))

    def act() -> str:
        signing.archive_plan(plan, by=request.member, now=timezone.now())
        messages.success(request, _("The plan is in the archive."))
        return reverse("goals:versions", args=[request.workspace.slug])

    context = {
        "form": form,
        "title": _('Archive "%(name)s"?') % {"name": plan.name},
        "text": _(
            "Its goals and KPIs leave the boards with it, their history kept. Reopening it brings them back. "
            "To go on into a new period, change the plan's dates instead."
        ),
        "submit": _("Archive"),
        "cancel_url": plan_address(request),
    }
    return submit(request, form, act) or page(request, "goals/act.html", context=context, status=form.status)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def reopen(request: MemberRequest, plan: str) -> HttpResponse:
    """Ask, then take the plan out of the archive."""
    found = get_object_or_404(request.workspace.plans, slug=plan)
    form = Form(sent(request))

    def act() -> str:
        signing.reopen(found, by=request.member, now=timezone.now())
        messages.success(request, _("The plan is at work again."))
        return plan_address(request)

    context = {
        "form": form,
        "title": _('Reopen "%(name)s"?') % {"name": found.name},
        "text": _("The goals that went into the archive with it come back."),
        "submit": _("Reopen"),
        "cancel_url": reverse("goals:versions", args=[request.workspace.slug]),
    }
    return submit(request, form, act) or page(request, "goals/act.html", context=context, status=form.status)


def _not_asked(request: MemberRequest, version: PlanVersion) -> HttpResponse | None:
    """Lead to the version whoever is not to answer, and say why; None for those who are."""
    try:
        signing.check_asked(version, request.member)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect(version_address(request, version))
    return None


def version_address(request: MemberRequest, version: PlanVersion) -> str:
    """Give the address of a version's page."""
    return reverse("goals:version", args=[request.workspace.slug, version.pk])
