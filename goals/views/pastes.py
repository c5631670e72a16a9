"""Rows pasted from a spreadsheet: what they would become, then written as one act."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from goals import kinds, pasted, pasting
from goals.kinds import Row, RowGone
from goals.models import Plan
from goals.pasted import Outcome
from goals.pasting import Block, NothingToPaste
from goals.views.plans import with_plan
from goals.views.showing import plan_address, show_outline
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.refusal import Refusal
from workspaces.roles import Action


class Otherwise(Refusal):
    """The rows would become something else than the preview said."""

    code = "preview_outdated"


class PasteForm(Form):
    text = forms.CharField(
        label=gettext_lazy("Rows"),
        widget=forms.Textarea,
        strip=False,
        help_text=gettext_lazy("Copy cells in Excel, Google Sheets or LibreOffice and paste them here."),
    )
    at = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def plan_paste(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Show what pasted rows would become; with `write` pressed, write those that can be read."""
    form = PasteForm(sent(request), initial={"at": request.GET.get("at", "")})
    if not form.is_bound or not form.is_valid():
        return _show(request, form)
    try:
        block = pasting.read(form.cleaned_data["text"], request.POST.getlist("column"))
    except NothingToPaste as refusal:
        form.refuse(str(refusal), field="text")
        return _show(request, form)
    at = _row_at(plan, form.cleaned_data["at"])
    if "write" not in request.POST:
        return _preview(request, plan, form, block, at)

    def act() -> str:
        return _write(request, plan, form, block, at)

    if not request.htmx:
        return submit(request, form, act) or _preview(request, plan, form, block, at)
    try:
        act()
    except Refusal as refusal:
        form.refuse(str(refusal))
        return _preview(request, plan, form, block, at)
    return show_outline(request, plan)


def _write(request: MemberRequest, plan: Plan, form: PasteForm, block: Block, at: Row | None) -> str:
    with transaction.atomic():
        outcomes, _edit = pasted.paste(plan, block, at=at, member=request.member, now=timezone.now())
        if _told(outcomes) != form.cleaned_data["seen"]:
            raise Otherwise(_("The plan was changed meanwhile, and nothing was written. Look at the rows once more."))
    taken = sum(outcome.verdict in {pasted.NEW, pasted.CHANGED} for outcome in outcomes)
    left = sum(outcome.verdict == pasted.REJECTED for outcome in outcomes)
    said = ngettext("%(count)s row was written.", "%(count)s rows were written.", taken) % {"count": taken}
    if left:
        said += " " + ngettext("%(count)s was left out.", "%(count)s were left out.", left) % {"count": left}
    messages.success(request, said)
    return plan_address(request)


def _preview(request: MemberRequest, plan: Plan, form: PasteForm, block: Block, at: Row | None) -> HttpResponse:
    outcomes = pasted.preview(plan, block, at=at, member=request.member, now=timezone.now())
    tallies = {verdict: sum(each.verdict == verdict for each in outcomes) for verdict in _WORDS}
    context = {
        "form": form,
        "outcomes": [_shown(outcome, block) for outcome in outcomes],
        "heads": [
            {"chosen": key, "own": block.rows[0][place] if block.has_head else ""}
            for place, key in enumerate(block.columns)
        ],
        "labels": pasting.LABELS,
        "tallies": [(verdict, word, tallies[verdict]) for verdict, word in _WORDS.items() if tallies[verdict]],
        "writable": tallies[pasted.NEW] + tallies[pasted.CHANGED],
        "seen": _told(outcomes),
        "cancel_url": plan_address(request),
        "action": request.path,
    }
    return page(request, "goals/plan_paste.html", part="preview", context=context, status=form.status)


_WORDS = {
    pasted.NEW: gettext_lazy("new"),
    pasted.CHANGED: gettext_lazy("changed"),
    pasted.SAME: gettext_lazy("as it is"),
    pasted.REJECTED: gettext_lazy("left out"),
}


def _show(request: MemberRequest, form: PasteForm) -> HttpResponse:
    context = {"form": form, "cancel_url": plan_address(request), "action": request.path}
    return page(request, "goals/plan_paste.html", part="preview", context=context, status=form.status)


def _shown(outcome: Outcome, block: Block) -> dict[str, Any]:  # whatever the template shows
    cells = [
        {"text": text, "reason": outcome.reasons.get(key, "") if key else ""}
        for text, key in zip(outcome.cells, block.columns, strict=True)
    ]
    placed = {key for key in outcome.reasons if key and key in block.columns}
    other = " ".join(reason for key, reason in outcome.reasons.items() if key not in placed)
    return {"outcome": outcome, "cells": cells, "verdict": _WORDS[outcome.verdict], "other": other}


def _told(outcomes: Sequence[Outcome]) -> str:
    """Give a short sign of what the rows would become: the same sign, the same becoming."""
    told = "|".join(f"{outcome.number}{outcome.verdict}{sorted(outcome.reasons)}" for outcome in outcomes)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _row_at(plan: Plan, written: str) -> Row | None:
    try:
        return kinds.find(plan, written) if written else None
    except RowGone:
        return None
