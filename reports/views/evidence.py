"""Evidence: which micro goals go along with a macro goal, which were forgotten, and what each is worth."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goals import defining
from goals.models import Goal, ValueRule
from reports import figures
from reports.abouts import about
from reports.asking import INVALID
from reports.evidence import design, exporting, keeping, showing
from reports.evidence import page as shown
from reports.evidence.answer import Answer, answer, macros_of
from reports.evidence.design import Asked
from reports.files import Table, file_of
from reports.question import Fault
from reports.sharing.offering import offered
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.roles import Action

CENTS = 10_000  # micros; a value is proposed to the hundredth, since more digits would pretend


@allow(Action.SEE_REPORTS)
@require_GET
def evidence(request: MemberRequest) -> HttpResponse:
    """Show the evidence of the address's macro goal."""
    goals = keeping.live_goals(request.workspace)
    if not macros_of(goals):
        return page(request, "reports/evidence.html", part="figures", context={"has_goals": bool(goals)})
    macro, asked, faults = _read(request, goals)
    result = answer(request.workspace, macro, goals, asked, now=timezone.now())
    context = _context(request, macro, goals, result) | {"faults": faults}
    return page(request, "reports/evidence.html", part="figures", context=context, status=400 if faults else 200)


@allow(Action.EXPORT)
@require_GET
def evidence_file(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the tables as a file."""
    workspace = request.workspace
    goals = keeping.live_goals(workspace)
    if not macros_of(goals):
        return file_of(Table("evidence"), kind)
    macro, asked, _faults = _read(request, goals)
    result = answer(workspace, macro, goals, asked, now=timezone.now())
    told = about(
        workspace, macro.name, path=reverse("reports:evidence", args=[workspace.slug]), params=asked.params(),
        method=shown.method(result, macro), made=result.provenance,
    )  # fmt: skip
    return file_of(Table(f"{macro.slug}-evidence", exporting.table_rows(result), told), kind)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def evidence_value(request: MemberRequest, goal: str) -> HttpResponse:
    """Make a micro goal's derived value its own, once it is confirmed."""
    goals = keeping.live_goals(request.workspace)
    if all(each.slug != goal for each in goals):
        raise Http404
    if not macros_of(goals):
        return redirect("reports:evidence", request.workspace.slug)
    macro, asked, _faults = _read(request, goals)
    result = answer(request.workspace, macro, goals, asked, now=timezone.now())
    found = next((pair for pair in result.edges if pair[0].slug == goal), None)
    if found is None or found[1].worth is None:  # not computed yet, or nothing to derive it from: the page says which
        return redirect(f"{reverse('reports:evidence', args=[request.workspace.slug])}?{asked.query()}")
    micro, worth = found[0], found[1].worth
    currency = result.found.currency if result.found else ""
    micros = round(worth.value / CENTS) * CENTS
    form = Form(sent(request))
    back = f"{reverse('reports:evidence', args=[request.workspace.slug])}?{asked.query()}"

    def act() -> str:
        draft = defining.draft_of(micro)
        definition = replace(draft.definition, value_rule=ValueRule.FIXED, value_micros=micros, currency=currency)
        defining.change_goal(micro, replace(draft, definition=definition), by=request.member, now=timezone.now())
        messages.success(request, _("%(name)s has its value; its past is being counted.") % {"name": micro.name})
        return back

    context = {
        "form": form,
        "goal": micro,
        "macro": macro,
        "worth": worth,
        "currency": currency,
        "days": asked.design.follow_days,
        "amount": figures.money(micros, currency, cents=True).exact,
        "interval": [figures.money(round(end), currency, cents=True).exact for end in (worth.low, worth.high)],
        "back": back,
    }
    done = submit(request, form, act)
    return done or page(request, "reports/evidence_value.html", context=context, status=form.status)


def _read(request: MemberRequest, goals: Sequence[Goal]) -> tuple[Goal, Asked, tuple[Fault, ...]]:
    """Find the macro goal, the first one by default, and read the question about it."""
    macros = macros_of(goals)
    named = request.GET.get("goal")
    macro = next((each for each in macros if each.slug == named), macros[0])
    asked, faults = design.read_leniently(request.GET.dict(), goal=macro.slug)
    if named and named != macro.slug:
        faults = (Fault(INVALID, "goal", named[:60], _("There is no such macro goal.")), *faults)
    return macro, asked, faults


def _context(request: MemberRequest, macro: Goal, goals: Sequence[Goal], result: Answer) -> dict[str, Any]:
    found, slug = result.found, request.workspace.slug
    named, others = shown.candidate_lines(found, macro, slug) if found else ([], [])
    row = shown.control_row(result.asked, macros_of(goals), csv_url=reverse("reports:evidence-csv", args=[slug]))
    return {
        **showing.context(macro, result),
        "has_goals": True,
        "controls": offered(request, row, "evidence", result.asked.params()),
        "views": shown.views(result.asked),
        "named": named,
        "others": others,
    }
