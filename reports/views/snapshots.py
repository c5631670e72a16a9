"""Snapshots: listed, taken, read, held against today, signed, taken away."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reports import files
from reports.models import Snapshot
from reports.sharing.registry import REPORTS
from reports.sharing.shareable import NotThere
from reports.snapshots import showing, taking
from reports.snapshots.forms import SignForm, SnapshotForm
from reports.snapshots.record import Record, fingerprint, from_text
from reports.snapshots.recording import NothingYet
from reports.views.frozen import asked_of
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.roles import Action

A_PAGE = 50
TODAY = "today"  # the parameter that asks for what differs


@allow(Action.SEE_REPORTS)
@require_GET
def snapshots(request: MemberRequest) -> HttpResponse:
    """List the snapshots, the newest first."""
    rows = request.workspace.snapshots.defer("content").annotate(signed=Count("sign_offs")).order_by("-taken_at", "-pk")
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    listed = [{"row": row, "label": REPORTS[row.report].label} for row in shown.object_list if row.report in REPORTS]
    return page(request, "reports/snapshots.html", context={"rows": listed, "page": shown})


@allow(Action.SHARE)
@require_http_methods(["GET", "POST"])
def snapshot_new(request: MemberRequest) -> HttpResponse:
    """Keep the report of the address as it is now."""
    asked = asked_of(request)
    form = SnapshotForm(sent(request), initial={"language": request.workspace.language})

    def act() -> Snapshot:
        return taking.take(asked.report, asked.inquiry.kept, **form.values, by=request.member, now=timezone.now())

    done = submit(request, form, act)
    context = {"form": form, "inquiry": asked.inquiry, "label": asked.label}
    return done or page(request, "reports/snapshot_new.html", context=context, status=form.status)


@allow(Action.SEE_REPORTS)
@require_GET
def snapshot(request: MemberRequest, snapshot: int) -> HttpResponse:
    """Show a snapshot; with `?today=1` beside what its question gives today."""
    return _page(request, _find(request, snapshot), SignForm())


@allow(Action.SEE_REPORTS)
@require_http_methods(["GET", "POST"])
def snapshot_sign(request: MemberRequest, snapshot: int) -> HttpResponse:
    """Put the reader's name under a snapshot."""
    row, form = _find(request, snapshot), SignForm(sent(request))

    def act() -> Snapshot:
        taking.sign(row, comment=form.values["comment"], by=request.member, now=timezone.now())
        messages.success(request, _("Your name stands under it."))
        return row

    return submit(request, form, act) or _page(request, row, form)


@allow(Action.SHARE)
@require_http_methods(["GET", "POST"])
def snapshot_remove(request: MemberRequest, snapshot: int) -> HttpResponse:
    """Ask, then take a snapshot away that nobody has signed."""
    row, form = _find(request, snapshot), Form(sent(request))

    def act() -> str:
        taking.remove(row, by=request.member, now=timezone.now())
        messages.success(request, _("%(name)s is gone.") % {"name": row.name})
        return reverse("reports:snapshots", args=[request.workspace.slug])

    done = submit(request, form, act)
    context = {"form": form, "snapshot": row}
    return done or page(request, "reports/snapshot_remove.html", context=context, status=form.status)


@allow(Action.EXPORT)
@require_GET
def snapshot_file(request: MemberRequest, snapshot: int, number: int, kind: str) -> HttpResponse:
    """Give one of a snapshot's tables as a file, as it was kept."""
    row = _find(request, snapshot)
    kept = from_text(row.content)
    if not 1 <= number <= len(kept.sheets):
        raise Http404
    sheet = kept.sheets[number - 1]
    name = f"{slugify(row.name) or 'snapshot'}-{slugify(sheet.title) or number}"
    return files.file_of(files.Table(name, sheet.rows, kept.method), kind)


def _page(request: MemberRequest, row: Snapshot, form: SignForm) -> HttpResponse:
    kept, workspace = from_text(row.content), request.workspace
    again, why_not = _again(request, row, kept)
    signed = list(row.sign_offs.all())
    context = {
        "snapshot": row,
        "record": kept,
        "label": REPORTS[row.report].label,
        "tables": showing.tables(kept, again, language=row.language),
        "is_compared": again is not None,
        "why_not": why_not,
        "fingerprint": fingerprint(row.content),
        "signed": signed,
        "form": None if any(each.member_id == request.member.pk for each in signed) else form,
        "sign_url": reverse("reports:snapshot-sign", args=[workspace.slug, row.pk]),
    }
    return page(request, "reports/snapshot.html", context=context, status=form.status)


def _again(request: MemberRequest, row: Snapshot, kept: Record) -> tuple[Record | None, str]:
    """Give today's record where the address asks for it, or why there is none."""
    if not request.GET.get(TODAY):
        return None, ""
    try:
        return showing.today(request.workspace, row, kept, now=timezone.now()), ""
    except NotThere:
        return None, _("What it was about is no longer there.")
    except NothingYet as reason:
        return None, str(reason)


def _find(request: MemberRequest, snapshot: int) -> Snapshot:
    rows = request.workspace.snapshots.filter(report__in=REPORTS).prefetch_related("sign_offs")
    found: Snapshot = get_object_or_404(rows, pk=snapshot)
    return found
