"""The plan on paper: a page to print, and a version as a PDF."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from goals import signing
from goals.document import document_of
from goals.models import Plan, VersionState
from goals.naming import slug_of
from goals.pdf import pdf_of
from goals.sheet import sheet_of
from goals.views.plans import with_plan
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action


@allow(Action.SEE_REPORTS)
@require_GET
@with_plan
def plan_print(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Show the plan as it is now on one page, with who signed its newest version."""
    settled = (VersionState.APPROVED, VersionState.IN_REVIEW)
    version = plan.versions.filter(state__in=settled).first()
    document = document_of(plan)
    context = {
        "sheet": sheet_of(document, workspace=request.workspace),
        "version": version,
        "answers": list(version.sign_offs.order_by("pk")) if version else [],
        "is_current": version is not None and signing.content_of(version) == document,
    }
    return page(request, "goals/plan_print.html", context=context)


@allow(Action.SEE_REPORTS)
@require_GET
def version_pdf(request: MemberRequest, version: int) -> HttpResponse:
    """Give a version as a file to keep and to send."""
    found = get_object_or_404(request.workspace.plan_versions.select_related("plan", "workspace"), pk=version)
    made = pdf_of(found, list(found.sign_offs.order_by("pk")))
    name = f"{slug_of(found.plan.name)}-v{found.number}.pdf"
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
