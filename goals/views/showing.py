"""What the plan's page and the answers to its acts are rendered from."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goals import grid, kinds, plan_page, undoing
from goals.banner import banner_of
from goals.hotkeys import HOTKEYS
from goals.kinds import Row
from goals.models import Plan
from goals.outline import line_of, outline
from goals.plan_page import Asked, SheetRow
from tracking.catalogue import seen_events, seen_pages
from workspaces.access import MemberRequest
from workspaces.pages import page
from workspaces.roles import Action
from workspaces.zones import day_of

LISTED: Final = 200  # offered names; more would slow the page, and the browser searches only what it has
WRITTEN_KINDS: Final = ("objective", "question", "goal", "kpi", "target")

# What a new row can be, by what goals.editing.add calls it.
ADDED: Final[dict[str, str | Promise]] = {
    "objective": _("Objective"), "question": _("Question"), "macro": _("Macro goal"), "micro": _("Micro goal"),
    "kpi": _("KPI"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """What can be done with the whole plan: shown as far as the page exists and the member may."""

    label: str | Promise
    url_name: str
    action: Action


ITEMS: Final = (
    Item(_("Name and dates"), "goals:plan-edit", Action.EDIT_PLAN),
    Item(_("Details, segments, reports"), "goals:plan-details", Action.SEE_REPORTS),
    Item(_("Request sign-off"), "goals:sign-off-new", Action.EDIT_PLAN),
    Item(_("Versions and differences"), "goals:versions", Action.SEE_REPORTS),
    Item(_("Paste rows from a spreadsheet"), "goals:plan-paste", Action.EDIT_PLAN),
    Item(_("Import a spreadsheet"), "goals:plan-file-new", Action.EDIT_PLAN),
    Item(_("Export as a spreadsheet"), "goals:plan-export", Action.EXPORT),
    Item(_("Tracking specification"), "goals:specs", Action.SEE_REPORTS),
    Item(_("Print"), "goals:plan-print", Action.SEE_REPORTS),
    Item(_("Copy to another workspace"), "goals:plan-copy", Action.EDIT_PLAN),
    Item(_("Archive this plan"), "goals:plan-archive", Action.EDIT_PLAN),
)


def today_of(request: MemberRequest) -> date:
    """Give the workspace's local day."""
    return day_of(timezone.now(), request.workspace.zone)


def plan_address(request: MemberRequest) -> str:
    """Give the address of the plan's page."""
    return reverse("goals:plan", args=[request.workspace.slug])


def page_context(request: MemberRequest, plan: Plan, asked: Asked) -> dict[str, Any]:  # whatever the template shows
    """Give all that the plan's page shows."""
    rows = plan_page.sheet(plan, asked, today=today_of(request))
    named = plan_page.departments(row.line for row in rows)
    everywhere = plan_page.departments(outline(plan)) if asked.department or asked.level else named
    context = outline_context(request, plan, asked, rows) | {
        "stage": plan.stage(today_of(request)),
        "menu": [(str(item.label), url) for item in ITEMS if (url := _url(request, item))],
        "propose_url": _first(request, "goals:proposal-new", "goals:preview"),
        "coverage_url": reverse("goals:coverage", args=[request.workspace.slug]) + asked.query(),
        "live_url": _live_url(request, asked, rows),
        "views": _views(asked),
        "tree": plan_page.tree(rows) if asked.view == "tree" else (),
        "banner": banner_of(plan, request.member, today=today_of(request)),
    }
    context |= _filter_context(asked, everywhere)
    if request.may(Action.EDIT_PLAN):
        context |= history_context(request, plan) | _writing_context(request)
    return context


def outline_context(
    request: MemberRequest, plan: Plan, asked: Asked, rows: list[SheetRow]
) -> dict[str, Any]:  # whatever the template shows
    """Give what the table alone shows."""
    return {
        "plan": plan,
        "asked": asked,
        "rows": rows,
        "fields": (fields := grid.chosen(asked.columns)),
        "shown_keys": [field.key for field in fields],
        "choosable": grid.CHOOSABLE,
        "base_url": plan_address(request),
        "goal_base": _reversed(request, "reports:goals"),  # a goal's page of figures stands below the list of goals
        "can_edit": request.may(Action.EDIT_PLAN),
    }


def history_context(request: MemberRequest, plan: Plan) -> dict[str, Any]:  # PlanEdits
    """Give what can be undone and done again."""
    return {
        "undo": undoing.next_undo(plan, request.member),
        "redo": undoing.next_redo(plan, request.member),
        "base_url": plan_address(request),
    }


def asked_of(request: MemberRequest) -> Asked:
    """Give what the page shows from which an act was sent."""
    if not request.htmx:
        return Asked.of(request.GET)
    return Asked.of(QueryDict(urlsplit(request.htmx.current_url or "").query))


def show_row(request: MemberRequest, plan: Plan, row: Row) -> HttpResponse:
    """Answer an act that changed one row."""
    asked, found = asked_of(request), kinds.find(plan, kinds.address(row))
    line = line_of(found, today=today_of(request))
    shown = plan_page.sheet_row(line, asked, today=today_of(request), has_below="folds" in request.POST)
    context = outline_context(request, plan, asked, []) | history_context(request, plan) | {"row": shown}
    return page(request, "goals/plan_answer.html", context=context)


def show_outline(request: MemberRequest, plan: Plan, focus: Row | None = None) -> HttpResponse:
    """Answer an act that moved rows: the whole outline, and which row wants the focus."""
    if not request.htmx:
        return redirect(plan_address(request) + (f"#{kinds.address(focus)}" if focus else ""))
    asked = asked_of(request)
    rows = plan_page.sheet(plan, asked, today=today_of(request))
    context = outline_context(request, plan, asked, rows) | history_context(request, plan)
    context |= {"focus": kinds.address(focus) if focus else "", "live_url": _live_url(request, asked, rows)}
    return page(request, "goals/plan_answer.html", context=context)


def show_refusal(request: MemberRequest, text: str, status: int) -> HttpResponse:
    """Answer an act that was refused with a message."""
    return page(request, "goals/plan_refused.html", context={"text": text}, status=status)


def editors(request: MemberRequest) -> list[tuple[str, str, grid.Editor]]:
    """Give how each kind of cell is typed into: the kind of row, the field's key, the editor."""
    found = ((kind, key, grid.editor(request.workspace, kind, key)) for kind in WRITTEN_KINDS for key in grid.FIELDS)
    return [(kind, key, editor) for kind, key, editor in found if editor is not None]


def choices(request: MemberRequest) -> dict[str, list[str]]:
    """Give what texts are offered, by the id of their list."""
    rows = request.workspace
    events, pages = seen_events(rows.pk, limit=LISTED), seen_pages(rows.pk, limit=LISTED)
    named = rows.memberships.exclude(department="").values_list("department", flat=True)
    return {
        "seen-events": [each.text for each in (*events, *pages)],
        "departments": sorted(set(named), key=str.casefold),
    }


def _writing_context(request: MemberRequest) -> dict[str, Any]:  # whatever the template shows
    keys = {combination: key.act for key in HOTKEYS for combination in key.combinations}
    words = {kind: str(label) for kind, label in ADDED.items()}
    return {
        "editors": editors(request), "choices": choices(request), "hotkeys": HOTKEYS, "keys": keys, "added": words,
    }  # fmt: skip


def _filter_context(asked: Asked, departments: list[str]) -> dict[str, Any]:  # options of menus
    levels = dict(zip(plan_page.LEVELS, (_("Objectives"), _("Macro goals"), _("Micro goals"), _("KPIs")), strict=True))
    return {
        "departments": departments,
        "department_options": [{"label": each, "url": asked.query(department=each)} for each in departments],
        "level_options": [{"label": label, "url": asked.query(level=level)} for level, label in levels.items()],
        "level_label": levels.get(asked.level, ""),
        "no_department": asked.query(department=""),
        "no_level": asked.query(level=""),
    }


def _views(asked: Asked) -> list[dict[str, Any]]:
    labels = {"outline": _("Outline"), "tree": _("Tree"), "departments": _("By department")}
    return [
        {"label": label, "url": asked.query(view=view), "is_current": view == asked.view}
        for view, label in labels.items()
    ]


def _url(request: MemberRequest, item: Item) -> str | None:
    return _reversed(request, item.url_name) if request.may(item.action) else None


def _first(request: MemberRequest, *names: str) -> str | None:
    return next((url for name in names if (url := _reversed(request, name))), None)


def _reversed(request: MemberRequest, name: str) -> str | None:
    """Give the address, None while nobody has written its page."""
    try:
        return reverse(name, args=[request.workspace.slug])
    except NoReverseMatch:
        return None


def _live_url(request: MemberRequest, asked: Asked, rows: list[SheetRow]) -> str | None:
    # The figures are a higher storey's; the page knows their address, and does without where there is none.
    url = _reversed(request, "reports:live-figures") if any(row.line.goal for row in rows) else None
    return url + asked.query() if url else None
