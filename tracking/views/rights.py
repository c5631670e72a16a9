"""Privacy: a person looked up, handed over, erased; and how long events are kept. Ids travel in bodies alone."""

from typing import cast

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tracking import retention as keeping
from tracking.forms import PersonForm, RetentionForm
from tracking.models import Erasure
from tracking.rights import erasing, exporting, finding, places
from tracking.rights.finding import Found, NamesNobody
from tracking.rights.subject import Subject
from workspaces.access import MemberRequest, allow
from workspaces.forms import changes_of, sent, submit
from workspaces.pages import page
from workspaces.roles import Action

SHOWN = 50  # erasures in the list


@never_cache
@allow(Action.HANDLE_PERSONS)
@require_http_methods(["GET", "POST"])
def persons(request: MemberRequest) -> HttpResponse:
    """Ask who is meant, and say what is stored of them; changes nothing."""
    form = PersonForm(sent(request))
    return _page(request, form, _found(request, form))


@never_cache
@allow(Action.HANDLE_PERSONS)
@require_POST
def export(request: MemberRequest) -> HttpResponse:
    """Give all that is stored of a person as a zip."""
    form = PersonForm(request.POST)
    found = _found(request, form)
    if found is None:
        return _page(request, form)
    made = exporting.write(request.workspace.pk, *found, now=timezone.now())
    # A streaming answer is no HttpResponse to Django's types, and one to everything that handles it.
    return cast(HttpResponse, FileResponse(made, as_attachment=True, filename="person.zip"))


@never_cache
@allow(Action.HANDLE_PERSONS)
@require_POST
def erase(request: MemberRequest) -> HttpResponse:
    """Have a person erased."""
    form = PersonForm(request.POST)

    def act() -> Erasure:
        return erasing.order(request.workspace, **form.values, by=request.member, now=timezone.now())

    return submit(request, form, act) or _page(request, form)


@allow(Action.HANDLE_PERSONS)
@require_GET
def erasure(request: MemberRequest, erasure: int) -> HttpResponse:
    """Show how far an erasure is."""
    row = get_object_or_404(request.workspace.erasures.select_related("workspace"), pk=erasure)
    counts = [(label, row.removed.get(name, 0)) for name, label in places.LABELS.items()]
    return page(request, "tracking/erasure.html", part="state", context={"row": row, "counts": counts})


@allow(Action.HANDLE_PERSONS)
@require_http_methods(["GET", "POST"])
def retention(request: MemberRequest) -> HttpResponse:
    """Set how long events are kept, and say what that removes."""
    row = keeping.of(request.workspace)
    form = RetentionForm(sent(request), instance=row)

    def act() -> str:
        before, after = changes_of(form)
        return keeping.change(row, before=before, after=after, by=request.member, now=timezone.now())

    done = submit(request, form, act)
    context = {"form": form, "state": keeping.standing(request.workspace, now=timezone.now())}
    return done or page(request, "tracking/retention.html", context=context, status=form.status)


def _found(request: MemberRequest, form: PersonForm) -> tuple[Subject, Found] | None:
    """Give who is meant and what is stored of them; None where the form says why it is nobody."""
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        subject = finding.find(request.workspace.pk, **form.values)
    except NamesNobody as refusal:
        form.refuse(str(refusal), field=refusal.field)
        return None
    return subject, finding.count(request.workspace.pk, subject)


def _page(request: MemberRequest, form: PersonForm, found: tuple[Subject, Found] | None = None) -> HttpResponse:
    """Show the form, and what is stored of whom it names."""
    context = {"form": form, "erasures": request.workspace.erasures.select_related("workspace")[:SHOWN]}
    if found is not None:
        context |= {"subject": found[0], "found": found[1], "again": PersonForm(initial=form.values)}
    return page(request, "tracking/persons.html", context=context, status=form.status)
