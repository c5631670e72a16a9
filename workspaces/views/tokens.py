"""API tokens: made, shown once, revoked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from workspaces import tokens
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.forms.team import TokenForm
from workspaces.models import ApiToken
from workspaces.pages import page
from workspaces.roles import Action, Scope


@allow(Action.MANAGE_TOKENS)
@require_GET
def listing(request: MemberRequest) -> HttpResponse:
    """List the tokens, revoked and expired ones too."""
    rows = request.workspace.api_tokens.select_related("created_by")
    return page(request, "workspaces/tokens.html", context={"tokens": rows, "now": timezone.now()})


@allow(Action.MANAGE_TOKENS)
@require_http_methods(["GET", "POST"])
def create(request: MemberRequest) -> HttpResponse:
    """Make a token, and show its secret in the answer to the form and nowhere else."""
    form = TokenForm(sent(request))
    made: list[tuple[ApiToken, str]] = []

    def act() -> str:
        typed = form.cleaned_data
        scopes = [Scope(each) for each in typed["scopes"]]
        expires_at = typed["expires_on"]
        made.append(
            tokens.create(request.member, name=typed["name"], scopes=scopes, now=timezone.now(), expires_at=expires_at)
        )
        return reverse("workspaces:tokens", args=[request.workspace.slug])

    done = submit(request, form, act)
    if made:
        token, secret = made[0]
        return page(request, "workspaces/token_made.html", context={"token": token, "secret": secret})
    return done or page(request, "workspaces/token_new.html", context={"form": form}, status=form.status)


@allow(Action.MANAGE_TOKENS)
@require_http_methods(["GET", "POST"])
def revoke(request: MemberRequest, token: int) -> HttpResponse:
    """Ask, then close the token."""
    row = get_object_or_404(request.workspace.api_tokens.select_related("workspace"), pk=token, revoked_at=None)
    form = Form(sent(request))

    def act() -> str:
        tokens.revoke(row, by=request.member, now=timezone.now())
        messages.success(request, _("The token %(name)s was revoked.") % {"name": row.name})
        return reverse("workspaces:tokens", args=[request.workspace.slug])

    done = submit(request, form, act)
    context = {"form": form, "token": row}
    return done or page(request, "workspaces/token_revoke.html", context=context, status=form.status)
