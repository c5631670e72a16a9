"""The first page after sign-in, the first workspace, one's own profile, and a form that sign-in interrupted."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from workspaces import founding, interrupted, scope
from workspaces.access import PersonRequest, signed_in
from workspaces.forms import sent, submit
from workspaces.forms.team import NewWorkspace, ProfileForm
from workspaces.models import Membership, User
from workspaces.pages import page

USUAL = {"nb": ("Europe/Oslo", "NOK"), "sv": ("Europe/Stockholm", "SEK"), "da": ("Europe/Copenhagen", "DKK")}


@signed_in
@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """Lead to the only workspace, let choose among several, or ask to make the first."""
    with scope.on_behalf_of(request.user.pk):
        members = list(_memberships(request.user))
    if not members:
        return redirect("workspaces:create")
    if len(members) == 1:
        return redirect(members[0].workspace)
    return page(request, "workspaces/home.html", context={"members": members})


@signed_in
@require_http_methods(["GET", "POST"])
def create(request: PersonRequest) -> HttpResponse:
    """Make a workspace; its maker owns it."""
    with scope.on_behalf_of(request.user.pk):
        is_first = not _memberships(request.user).exists()
    form = NewWorkspace(sent(request), initial=_usual(translation.get_language()))
    done = submit(request, form, lambda: founding.found(request.user, now=timezone.now(), **form.values))
    context = {"form": form, "is_first": is_first}
    return done or page(request, "workspaces/create.html", context=context, status=form.status)


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request: PersonRequest) -> HttpResponse:
    """Show and change one's own name and language."""
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(sent(request), instance=person)

    def act() -> str:
        person.save(update_fields=["name", "language"])
        # Told in the language that the next page will have.
        with translation.override(person.language or translation.get_language()):
            messages.success(request, _("Saved."))
        return reverse("workspaces:profile")

    return submit(request, form, act) or page(
        request, "workspaces/profile.html", context={"form": form}, status=form.status
    )


@signed_in
@require_GET
def resume(request: PersonRequest, key: str) -> HttpResponse:
    """Show what was about to be sent when the session had ended, to be sent now."""
    found = interrupted.kept(request, key)
    if found is None:
        raise Http404
    address, fields = found
    return page(request, "workspaces/resume.html", context={"address": address, "fields": fields})


def _usual(language: str | None) -> dict[str, str]:
    """Give what a reader of the language most likely wants for a workspace; all of it is theirs to change."""
    zone_name, currency = USUAL.get(language or "", USUAL["nb"])
    return {"zone_name": zone_name, "currency": currency, "language": language or "en"}


def _memberships(user: User) -> "QuerySet[Membership]":
    return user.memberships.select_related("workspace").order_by("workspace__name")
