"""Finds workspace and member for a request: `@allow(Action.EDIT_PLAN)` for pages, `Allow` for the API."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Protocol, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from workspaces import changes, scope
from workspaces.interrupted import sign_in_first
from workspaces.models import Membership, User, Workspace
from workspaces.roles import MAY, SCOPE_MAY, Action, Role, Scope
from workspaces.tokens import Bearer


class MemberRequest(HttpRequest):
    """A request of somebody who belongs to the workspace it is about."""

    user: User
    workspace: Workspace
    member: Membership
    htmx: HtmxDetails

    def may(self, action: Action) -> bool:
        """Say whether the member may do this; `allow` puts the answer on the real request."""
        raise NotImplementedError("only requests that passed `allow` know their member")


type_of_view = Callable[Concatenate[MemberRequest, ...], HttpResponse]


def allow(action: Action) -> Callable[[type_of_view], Callable[..., HttpResponse]]:
    """Let members whose role may do the action through, inside their workspace's rows.

    The address names the workspace: `w/<slug:workspace>/…`. Without sign-in the answer leads there; an outsider
    gets 404, as if there were no such workspace; a member whose role may not gets 403.
    """

    def decorate(view: type_of_view) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, workspace: str, **kwargs: Any) -> HttpResponse:  # the address's own parts
            if not request.user.is_authenticated:
                return sign_in_first(request)
            member = membership(request.user, workspace)
            if member is None:
                raise Http404
            if not may(member, action):
                raise PermissionDenied(action.label)
            if request.method not in changes.READ:
                changes.note(member.workspace_id)
            response = view(_admit(request, member), **kwargs)
            response.headers.setdefault("Cache-Control", "private, no-store")  # ASVS 14.3.2: not kept on the disk
            return response

        guarded.action = action  # type: ignore[attr-defined]  # read by the table test of addresses and roles
        return guarded

    return decorate


def admit_to(request: HttpRequest, slug: str, action: Action) -> Membership | None:
    """Let a member in as `allow` does, for the rest of the running transaction; None for whom it turns away."""
    member = membership(request.user, slug) if request.user.is_authenticated else None
    if member is None or not may(member, action):
        return None
    return _admit(request, member).member


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails


def signed_in(view: Callable[Concatenate[PersonRequest, ...], HttpResponse]) -> Callable[..., HttpResponse]:
    """Let everybody through who is signed in: for pages outside of workspaces."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:  # the address's own parts
        if not request.user.is_authenticated:
            return sign_in_first(request)
        response = view(cast(PersonRequest, request), **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    guarded.signed_in = True  # type: ignore[attr-defined]  # read by the table test of addresses and roles
    return guarded


def may(member: Membership, action: Action) -> bool:
    """Say whether the member's role may do the action."""
    return action in MAY[Role(member.role)]


def membership(user: User, slug: str) -> Membership | None:
    """Give the person's membership in the workspace, None for an outsider."""
    with scope.on_behalf_of(user.pk):
        return Membership.objects.select_related("workspace", "user").filter(user=user, workspace__slug=slug).first()


def _admit(request: HttpRequest, member: Membership) -> MemberRequest:
    scope.enter(member.workspace_id)
    admitted = cast(MemberRequest, request)
    admitted.workspace = member.workspace
    admitted.member = member
    admitted.may = lambda action: may(member, action)  # type: ignore[method-assign]
    return admitted


class ActingView(Protocol):
    """An API view: it names the action of each method that it answers."""

    actions: dict[str, Action]


class Allow(BasePermission):
    """Let an API token through whose scopes cover the action of the view's method."""

    def has_permission(self, request: Request, view: Any) -> bool:  # DRF's own signature
        """Refuse an unnamed method, too: what no action is written for, nobody may do.

        Every token may ask with OPTIONS for the methods; raises MethodNotAllowed for one that is not answered.
        """
        if not isinstance(request.auth, Bearer):
            return False
        if request.method == "OPTIONS":
            return True
        action = cast(ActingView, view).actions.get("GET" if request.method == "HEAD" else str(request.method))
        if action is None:
            raise MethodNotAllowed(str(request.method))
        if request.method not in changes.READ:
            changes.note(request.auth.workspace.pk)
        return any(action in SCOPE_MAY[Scope(each)] for each in request.auth.token.scopes)
