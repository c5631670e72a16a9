"""The tracking specification: what developers build, goal by goal, and its files."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goals import spec_files, specs
from goals.document import document_of
from goals.downloads import SPEC_FILES, download
from goals.event_names import hints_on
from goals.forms.specs import SpecForm, bound, rows_of, shown, typed_rows
from goals.models import Goal, Plan, Platform, Purpose, SpecState, TrackingSpec
from goals.snippets import consent_text, event_name, snippets_of
from goals.views.goals import PRESSED
from goals.views.plans import with_plan
from tracking.models import Kind, Source
from workspaces.access import MemberRequest, allow
from workspaces.forms import submit
from workspaces.pages import page
from workspaces.roles import Action

PLACEHOLDER: Final = "wk_YOUR_WRITE_KEY"


@allow(Action.SEE_REPORTS)
@require_GET
@with_plan
def listing(request: MemberRequest, plan: Plan) -> HttpResponse:
    """List the goals' tracking, those to build first."""
    asked = specs.Asked(**{name: request.GET.get(name, "")[:254] for name in ("state", "owner", "platform")})
    document = document_of(plan)
    owners = sorted({spec.owner for spec in document.specs} - {""})
    states = [("open", _("To build")), (specs.MISSING, _("Not specified")), *SpecState.choices]
    context = {
        "plan": plan,
        "sheets": [(sheet, event_name(sheet)) for sheet in specs.sheets_of(document, asked)],
        "asked": asked,
        "is_narrowed": asked != specs.Asked(),
        "states": states,
        "owners": owners,
        "platforms": Platform.choices,
        "purposes": Purpose.choices,
    }
    return page(request, "goals/specs.html", part="list", context=context)


@allow(Action.EXPORT)
@require_GET
@with_plan
def files(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Give the whole specification as a file (`?as=md`), or on one page to print."""
    wanted = request.GET.get("as")
    document = document_of(plan)
    if wanted is None:
        sheets = [_told(sheet) for sheet in specs.sheets_of(document)]
        return page(request, "goals/specs_print.html", context={"plan": plan, "sheets": sheets})
    if wanted not in SPEC_FILES:
        raise Http404
    kind, write = SPEC_FILES[wanted]
    return download(write(document), f"{plan.slug}-tracking.{wanted}", kind)


@allow(Action.SEE_REPORTS)
@require_GET
@with_plan
def spec(request: MemberRequest, plan: Plan, goal: str) -> HttpResponse:
    """Show one goal's tracking, with code to copy."""
    sheet = next((each for each in specs.sheets_of(document_of(plan)) if each.goal.slug == goal), None)
    if sheet is None:
        raise Http404
    source = _source(request)
    snippets = snippets_of(
        sheet,
        address=str(settings.BASE_URL).rstrip("/"),
        key=source.write_key if source else PLACEHOLDER,
        currency=request.workspace.currency,
    )
    context = _told(sheet) | {"plan": plan, "snippets": snippets, "source": source}
    return page(request, "goals/spec.html", context=context)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def spec_edit(request: MemberRequest, plan: Plan, goal: str) -> HttpResponse:
    """Write how a goal is to be tracked."""
    found = get_object_or_404(plan.goals.live().select_related("workspace"), slug=goal)
    saved = TrackingSpec.objects.filter(goal=found).select_related("owner__user").first()
    if any(name in request.POST for name in PRESSED):
        return _again(request, found, saved)
    rows = bound(request.POST) if request.method == "POST" else shown(rows_of(_parameters(saved)))
    form = SpecForm(request.POST or None, instance=saved, workspace=request.workspace, rows=rows)
    address = reverse("goals:spec", args=[request.workspace.slug, goal])

    def act() -> str:
        specs.write(found, form.draft, rows.drafts(), by=request.member, now=timezone.now())
        messages.success(request, _("How %(name)s is tracked was saved.") % {"name": found.name})
        return address

    return submit(request, form, act) or _form(request, found, form)


def _again(request: MemberRequest, goal: Goal, saved: TrackingSpec | None) -> HttpResponse:
    """Show the form as it was typed, with a row more or less."""
    typed = typed_rows(request.POST)
    if "add" in request.POST:
        typed.append({})
    elif request.POST.get("remove", "").isdecimal():
        typed = [row for place, row in enumerate(typed) if place != int(request.POST["remove"])]
    form = SpecForm(instance=saved, workspace=request.workspace, rows=shown(typed), initial=request.POST.dict())
    return _form(request, goal, form)


def _form(request: MemberRequest, goal: Goal, form: SpecForm) -> HttpResponse:
    context = {
        "form": form,
        "goal": goal,
        "cancel_url": reverse("goals:spec", args=[request.workspace.slug, goal.slug]),
        "hints": hints_on(str(form["event_name"].value() or "")),
    }
    return page(request, "goals/spec_edit.html", context=context, status=form.status)


def _parameters(saved: TrackingSpec | None) -> list[Any]:  # Parameter
    return list(saved.parameters.all()) if saved else []


def _told(sheet: specs.SpecSheet) -> dict[str, Any]:
    spec = sheet.spec
    name = event_name(sheet)
    hints = [(name, hint) for hint in hints_on(name)]
    hints += [(each.name, hint) for each in sheet.parameters for hint in hints_on(each.name)]
    labels = dict(SpecState.choices) | dict(Platform.choices)
    headings, *rows = spec_files.parameters_of(sheet) or [[]]
    return {
        "sheet": sheet,
        "event": name,
        "hints": hints,
        "consent": consent_text(spec.purpose) if spec else "",
        "facts": spec_files.facts_of(sheet),
        "state": labels.get(sheet.state, _("Not specified")),
        "headings": headings,
        "parameters": [list(zip(headings, row, strict=True)) for row in rows],
    }


def _source(request: MemberRequest) -> Source | None:
    """Give a source to send to: a key that may only write, and is public where a page carries it."""
    sources = request.workspace.sources.filter(closed_at=None).exclude(kind=Kind.IMPORT)
    return sources.order_by("pk").first() if request.may(Action.SEE_TRACKING) else None
