"""One cell of the plan's page: written in place by the page's script, and without one on a page of its own."""

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from goals import editing, grid, kinds
from goals.editing import Clash
from goals.kinds import Row, RowGone
from goals.models import Goal, Plan, Target
from goals.views.plans import with_plan
from goals.views.showing import choices, plan_address, show_outline, show_row, today_of
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.refusal import Refusal
from workspaces.roles import Action


class CellForm(Form):
    """What was typed, and what stood there when the typing began."""

    value = forms.CharField(required=False, strip=False)
    before = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def plan_cell(request: MemberRequest, plan: Plan, row: str, field: str) -> HttpResponse:
    """Write one cell; for the page's script the answer is its row, its form with what was wrong, or both versions."""
    found = _found(plan, row, field)
    text = grid.text_of(found, field, today=today_of(request))
    form = CellForm(sent(request), initial={"value": text, "before": text})
    clashes: list[Clash] = []

    def act() -> str:
        text, seen, now = form.cleaned_data["value"], form.cleaned_data["before"], timezone.now()
        try:
            editing.write_cell(plan, found, field, text, seen=seen, member=request.member, now=now)
        except Clash as clash:
            clashes.append(clash)
            raise
        return plan_address(request) + f"#{row}"

    if request.htmx and form.is_bound and form.is_valid():
        try:
            act()
        except Refusal as refusal:
            form.refuse(str(refusal))
        else:
            return _answer(request, plan, found, field)
    done = None if request.htmx else submit(request, form, act)
    return done or _show(request, found, field, form, next(iter(clashes), None))


def _found(plan: Plan, written: str, field: str) -> Row:
    try:
        found = kinds.find(plan, written)
    except RowGone as refusal:
        raise Http404(str(refusal)) from None
    if field not in grid.FIELDS or not grid.is_open(found, field):
        raise Http404
    return found


def _answer(request: MemberRequest, plan: Plan, row: Row, field: str) -> HttpResponse:
    # A target begun or taken away brings or takes rows; everything else stays in its row.
    brings_rows = field == "target" and isinstance(row, Goal | Target)
    return show_outline(request, plan) if brings_rows else show_row(request, plan, row)


def _show(request: MemberRequest, row: Row, field: str, form: CellForm, clash: Clash | None) -> HttpResponse:
    context = {
        "form": form,
        "row_id": kinds.address(row),
        "field": grid.FIELDS[field],
        "editor": grid.editor(request.workspace, kinds.kind_of(row).key, field),
        "value": form["value"].value(),
        "before": clash.theirs if clash else form["before"].value(),
        "clash": clash,
        "fault": " ".join(fault.message for fault in form.summary) if form.is_bound else "",
        "name": editing.name_of(row),
        "action": request.path,
        "cancel_url": plan_address(request),
        "choices": {} if request.htmx else choices(request),
    }
    status = 409 if clash else form.status
    return page(request, "goals/plan_cell.html", part="cell", context=context, status=status)
