"""Which report an address asks to share, to keep or to mail, its question fixed."""

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise

from reports.sharing.registry import REPORTS, inquire
from reports.sharing.shareable import Inquiry, NotThere
from workspaces.access import MemberRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """A report by its key, what it is called, and the question as it is fixed."""

    report: str
    label: Promise
    inquiry: Inquiry


def asked_of(request: MemberRequest) -> Asked:
    """Give what `?report=goal&goal=sale&…` names; raise Http404 for what is not there."""
    params = request.GET.dict()
    report = params.pop("report", "overview")
    try:
        inquiry = inquire(report, request.workspace, params, timezone.now())
    except NotThere as missing:
        raise Http404 from missing
    return Asked(report, REPORTS[report].label, inquiry)
