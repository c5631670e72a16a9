"""The views of one goal: its figures, what each segment did of it, and the paths that lead to it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from goals.models import Goal

FIGURES, SEGMENTS = "figures", "segments"
Tab = dict[str, object]  # label, url, is_current: as components/tabs.html takes them


def tabs(workspace: str, goal: Goal, days: Mapping[str, str], *, current: str) -> list[Tab]:
    """Give the tabs.

    workspace   its short name
    days        the range as parameters, which each view keeps
    """
    names, query = [workspace, goal.slug], urlencode(days)
    figures, segments = (f"{reverse(f'reports:{name}', args=names)}?{query}" for name in ("goal", "goal-segments"))
    before = urlencode({"point": f"goal {goal.slug}", "direction": "before", **days})
    paths = f"{reverse('reports:paths', args=names[:1])}?{before}"
    return [
        {"label": _("Figures"), "url": figures, "is_current": current == FIGURES},
        {"label": _("Segments"), "url": segments, "is_current": current == SEGMENTS},
        {"label": _("Paths"), "url": paths, "is_current": False},
    ]
