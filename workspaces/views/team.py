"""The workspace's settings and members."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from workspaces import founding, members
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, changes_of, sent, submit
from workspaces.forms.team import InviteForm, MemberForm, WorkspaceSettings
from workspaces.models import Invitation, Membership, Workspace
from workspaces.pages import page
from workspaces.roles import Action, Role, roles_to_give


@allow(Action.MANAGE_WORKSPACE)
@require_http_methods(["GET", "POST"])
def settings(request: MemberRequest) -> HttpResponse:
    """Show and change name, zone, currency and default windows."""
    row = Workspace.objects.get(pk=request.workspace.pk)  # its own copy: the form writes into it before it is checked
    form = WorkspaceSettings(sent(request), instance=row)

    def act() -> str:
        before, after = changes_of(form)
        founding.change(row, before=before, after=after, by=request.member, now=timezone.now())
        messages.success(request, _("The settings were saved."))
        return reverse("workspaces:settings", args=[row.slug])

    done = submit(request, form, act)
    return done or page(request, "workspaces/settings.html", context={"form": form}, status=form.status)


@allow(Action.SEE_REPORTS)
@require_GET
def people(request: MemberRequest) -> HttpResponse:
    """List the members and, for those who may invite, the open invitations."""
    form = InviteForm(roles=roles_to_give(request.member.role))
    return page(request, "workspaces/members.html", context=people_of(request, form))


def people_of(request: MemberRequest, form: InviteForm) -> dict[str, object]:
    """Give what the members page shows."""
    may_invite = request.may(Action.INVITE)
    return {
        "members": request.workspace.memberships.select_related("user").order_by("user__name", "user__email"),
        "may_manage": request.may(Action.MANAGE_MEMBERS),
        "invitations": open_invitations(request).select_related("invited_by") if may_invite else (),
        "form": form if may_invite else None,
        "now": timezone.now(),
    }


def open_invitations(request: MemberRequest) -> QuerySet[Invitation]:
    """Give the invitations that the member may send again or withdraw: those that could be theirs."""
    given = roles_to_give(request.member.role)
    return request.workspace.invitations.filter(accepted_at=None, withdrawn_at=None, role__in=given)


@allow(Action.MANAGE_MEMBERS)
@require_http_methods(["GET", "POST"])
def member(request: MemberRequest, member: int) -> HttpResponse:
    """Change a member's role and department."""
    row = get_object_or_404(request.workspace.memberships.select_related("user", "workspace"), pk=member)
    form = MemberForm(sent(request), initial={"role": row.role, "department": row.department})

    def act() -> str:
        role, department = Role(form.cleaned_data["role"]), form.cleaned_data["department"]
        members.change(row, role=role, department=department, by=request.member, now=timezone.now())
        messages.success(request, _("%(person)s was saved.") % {"person": row.user})
        return _people_page(request)

    done = submit(request, form, act)
    return done or page(request, "workspaces/member.html", context={"form": form, "row": row}, status=form.status)


@allow(Action.MANAGE_MEMBERS)
@require_http_methods(["GET", "POST"])
def remove(request: MemberRequest, member: int) -> HttpResponse:
    """Ask, then take the member out."""
    row = get_object_or_404(request.workspace.memberships.select_related("user", "workspace"), pk=member)
    return _remove(request, row, after=_people_page(request))


@allow(Action.SEE_REPORTS)
@require_http_methods(["GET", "POST"])
def leave(request: MemberRequest) -> HttpResponse:
    """Ask, then take oneself out."""
    return _remove(request, request.member, after=reverse("workspaces:home"))


def _remove(request: MemberRequest, row: Membership, *, after: str) -> HttpResponse:
    form = Form(sent(request))

    def act() -> str:
        person = str(row.user)
        members.remove(row, by=request.member, now=timezone.now())
        messages.success(request, _("%(person)s is no longer a member.") % {"person": person})
        return after

    context = {"form": form, "row": row, "is_self": row.pk == request.member.pk, "tokens": members.live_tokens_of(row)}
    done = submit(request, form, act)
    return done or page(request, "workspaces/member_remove.html", context=context, status=form.status)


def _people_page(request: MemberRequest) -> str:
    return reverse("workspaces:members", args=[request.workspace.slug])
