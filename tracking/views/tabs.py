"""The pages of one source, as tabs above each of them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from tracking.models import Source

Tab = dict[str, object]  # label, url, is_current: as components/tabs.html takes them


def tabs_of(source: Source, current: str) -> list[Tab]:
    """Give the source's pages; `current` is the short name of the one that is shown."""
    named = {
        "source": _("Set-up"),
        "source-live": _("Live"),
        "source-health": _("Health"),
        "source-rejected": _("Rejected"),
    }
    if source.imported_days.exists():
        named["source-history"] = _("History")
    return [
        {
            "label": label,
            "url": reverse(f"tracking:{name}", args=[source.workspace.slug, source.slug]),
            "is_current": name == current,
        }
        for name, label in named.items()
    ]
