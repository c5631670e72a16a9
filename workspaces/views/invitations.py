"""Inviting, and coming in by an invitation."""

from typing import cast

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from workspaces import joining
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.forms.team import InviteForm
from workspaces.models import Invitation, User
from workspaces.pages import page
from workspaces.refusal import Refusal
from workspaces.roles import Action, Role, roles_to_give
from workspaces.views.team import open_invitations, people_of


@allow(Action.INVITE)
@require_POST
def invite(request: MemberRequest) -> HttpResponse:
    """Invite an address; a fault shows the members page with the form as it was typed."""
    form = InviteForm(request.POST, roles=roles_to_give(request.member.role))

    def act() -> str:
        typed = form.cleaned_data
        wish = joining.Wish(typed["email"], Role(typed["role"]), typed["department"])
        joining.invite(request.workspace, wish, by=request.member, invited_by=request.user, now=timezone.now())
        messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": typed["email"]})
        return reverse("workspaces:members", args=[request.workspace.slug])

    done = submit(request, form, act)
    return done or page(request, "workspaces/members.html", context=people_of(request, form), status=form.status)


@allow(Action.INVITE)
@require_POST
def send_again(request: MemberRequest, invitation: int) -> HttpResponse:
    """Mail a new link."""
    row = _find(request, invitation)
    try:
        joining.send_again(row, by=request.member, now=timezone.now())
        messages.success(request, _("A new link is on its way to %(email)s.") % {"email": row.email})
    except joining.NotOpen as refusal:
        messages.error(request, str(refusal))
    return redirect("workspaces:members", request.workspace.slug)


@allow(Action.INVITE)
@require_http_methods(["GET", "POST"])
def withdraw(request: MemberRequest, invitation: int) -> HttpResponse:
    """Ask, then close the invitation."""
    row = _find(request, invitation)
    form = Form(sent(request))

    def act() -> str:
        joining.withdraw(row, by=request.member, now=timezone.now())
        messages.success(request, _("The invitation of %(email)s was withdrawn.") % {"email": row.email})
        return reverse("workspaces:members", args=[request.workspace.slug])

    done = submit(request, form, act)
    context = {"form": form, "invitation": row}
    return done or page(request, "workspaces/invitation_withdraw.html", context=context, status=form.status)


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the invitation that the link leads to; let the signed-in accept it, and others sign in or up first."""
    invitation = joining.find(secret, now=timezone.now())
    if invitation is None:
        return page(request, "workspaces/join_closed.html", status=404)
    if request.method == "POST" and request.user.is_authenticated:
        return _accept(request, invitation)
    if not request.user.is_authenticated:
        # Whoever has the link reads the address: an account made now needs no second proof.
        get_adapter().stash_verified_email(request, invitation.email)
    has_account = User.objects.filter(email=invitation.email).exists()
    context = {"invitation": invitation, "has_account": has_account, "here": request.path}
    return page(request, "workspaces/join.html", context=context)


def _accept(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    try:
        joining.accept(invitation, user=cast(User, request.user), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("workspaces:home")
    messages.success(request, _("Welcome to %(workspace)s.") % {"workspace": invitation.workspace})
    return redirect(invitation.workspace)


def _find(request: MemberRequest, invitation: int) -> Invitation:
    return get_object_or_404(open_invitations(request).select_related("workspace"), pk=invitation)
