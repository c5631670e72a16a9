"""Who changed what, newest first."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action
from workspaces.sentences import choices_of, tell

ON_A_PAGE = 50


@allow(Action.SEE_AUDIT)
@require_GET
def trail(request: MemberRequest) -> HttpResponse:
    """Show the entries that the chosen person and act leave over."""
    entries = request.workspace.audit_entries
    who, act = request.GET.get("who", ""), request.GET.get("act", "")
    chosen = entries.filter(**{name: value for name, value in (("actor_name", who), ("act", act)) if value})
    shown = Paginator(chosen, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "sentences": [tell(entry) for entry in shown],
        "shown": shown,
        "who": who,
        "act": act,
        "people": entries.order_by("actor_name").values_list("actor_name", flat=True).distinct(),
        "acts": choices_of(entries.order_by("act").values_list("act", flat=True).distinct()),
        "query": urlencode({"who": who, "act": act}) + "&" if who or act else "",
    }
    return page(request, "workspaces/audit.html", part="entries", context=context)
