"""What is done with a whole row of the plan's page: added, moved, taken out; and what was done, undone."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from goals import arranging, editing, kinds, undoing
from goals.kinds import Row, RowGone
from goals.models import Goal, Kpi, Plan, PlanEdit, Target
from goals.views.plans import with_plan
from goals.views.showing import ADDED, plan_address, show_outline, show_refusal
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.refusal import Refusal
from workspaces.roles import Action

REMOVE = "remove"
ACTS: dict[str, str | Promise] = {
    "in": gettext_lazy("One level in"),
    "out": gettext_lazy("One level out"),
    "up": gettext_lazy("Move up"),
    "down": gettext_lazy("Move down"),
}
# What can be added at a row of each kind.
FITTING = {
    "objective": ("macro", "question", "objective"),
    "question": ("question", "macro"),
    "goal": ("micro", "kpi", "macro"),
    "kpi": ("kpi", "micro"),
    "target": (),
}


class AddForm(Form):
    """A new row's name, what it is, and the row at which it goes in."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=300)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ADDED.items(), widget=forms.HiddenInput)
    at = forms.CharField(required=False, widget=forms.HiddenInput)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def plan_row(request: MemberRequest, plan: Plan, row: str) -> HttpResponse:
    """Show what can be done with a row; move it or take it out."""
    found = _found(plan, row)
    if request.method == "POST":
        return _act(request, plan, found, request.POST.get("act", ""))
    slug = request.workspace.slug
    name = editing.name_of(found)
    context = {
        "name": name,
        "title": name,
        "row_id": row,
        "acts": ACTS if isinstance(found, Goal) else {} if isinstance(found, Target) else _straight(),
        "adds": [(kind, ADDED[kind]) for kind in FITTING[kinds.kind_of(found).key]],
        "add_url": reverse("goals:plan-add", args=[slug]),
        "form_url": _form_url(slug, found),
        "copy_url": reverse("goals:goal-copy", args=[slug, found.slug]) if isinstance(found, Goal) else "",
        "target_url": reverse("goals:target-new", args=[slug, found.slug]) if isinstance(found, Kpi) else "",
        "remove": _("Archive") if isinstance(found, Goal | Kpi) else _("Remove"),
        "action": request.path,
        "cancel_url": plan_address(request),
    }
    return page(request, "goals/plan_row_menu.html", part="menu", context=context)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def plan_add(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Add a row by its name alone; the rest is written into its cells."""
    asked = {name: request.GET[name] for name in ("kind", "at") if name in request.GET}
    form = AddForm(sent(request), initial={"kind": "macro", **asked})
    made: list[Row] = []

    def act() -> str:
        given = form.cleaned_data
        at = kinds.find(plan, given["at"]) if given["at"] else None
        now = timezone.now()
        row, _edit = editing.add(plan, given["kind"], given["name"], at=at, member=request.member, now=now)
        made.append(row)
        return plan_address(request) + f"#{kinds.address(row)}"

    if request.htmx and form.is_bound:
        try:
            if form.is_valid():
                act()
                return show_outline(request, plan, made[0])
        except Refusal as refusal:
            return show_refusal(request, str(refusal), 422)
        return show_refusal(request, " ".join(fault.message for fault in form.summary), 422)
    kind = str(form["kind"].value())
    title = _("New: %(kind)s") % {"kind": ADDED.get(kind, ADDED["macro"])}
    context = {"form": form, "title": title, "cancel_url": plan_address(request)}
    return submit(request, form, act) or page(request, "goals/form.html", context=context, status=form.status)


@allow(Action.EDIT_PLAN)
@require_POST
@with_plan
def plan_undo(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Take the member's last act back, or do it again."""
    is_redo = request.POST.get("act") == "redo"
    try:
        edit = (undoing.redo if is_redo else undoing.undo)(plan, request.member, now=timezone.now())
    except Refusal as refusal:
        return _refused(request, refusal)
    said = _("Done again: %(label)s") if is_redo else _("Undone: %(label)s")
    messages.success(request, said % {"label": edit.label})
    return show_outline(request, plan, _first_row(plan, edit))


def _found(plan: Plan, written: str) -> Row:
    try:
        return kinds.find(plan, written)
    except RowGone as refusal:
        raise Http404(str(refusal)) from None


def _act(request: MemberRequest, plan: Plan, row: Row, act: str) -> HttpResponse:
    member, now = request.member, timezone.now()
    try:
        if act == REMOVE:
            edit = editing.take_out(plan, row, member=member, now=now)
        elif act in arranging.MOVES:
            edit = editing.move(plan, row, act, member=member, now=now)
        else:
            return show_refusal(request, _("This can't be done with a row."), 400)
    except Refusal as refusal:
        return _refused(request, refusal)
    if act == REMOVE and edit is not None:
        messages.success(request, _("Done: %(label)s. Undo brings it back.") % {"label": edit.label})
        return show_outline(request, plan)
    return show_outline(request, plan, row)


def _refused(request: MemberRequest, refusal: Refusal) -> HttpResponse:
    if request.htmx:
        return show_refusal(request, str(refusal), 422)
    messages.error(request, str(refusal))
    return redirect(plan_address(request))


def _straight() -> dict[str, str | Promise]:
    return {act: label for act, label in ACTS.items() if act in {"up", "down"}}


def _form_url(slug: str, row: Row) -> str:
    names = {"objective": "objective-edit", "goal": "goal-edit", "kpi": "kpi-edit", "target": "target-edit"}
    name = names.get(kinds.kind_of(row).key)
    if name is None:
        return ""
    return reverse(f"goals:{name}", args=[slug, row.slug if isinstance(row, Goal | Kpi) else row.pk])


def _first_row(plan: Plan, edit: PlanEdit) -> Row | None:
    for step in edit.steps:
        try:
            return kinds.find(plan, step["row"])
        except RowGone:
            continue
    return None
