"""Every status that a page shows, with its word, its icon and its tone: never one without the others."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Status:
    word: str | Promise
    icon: str  # of static/icons.svg
    tone: str  # good, warn, bad or none: a class of static/css/components/bullet.css


STATUSES: Final[dict[str, Status]] = {
    # of a target
    "ahead": Status(_("Ahead"), "check", "good"),
    "on_track": Status(_("On track"), "disc", "good"),
    "at_risk": Status(_("At risk"), "triangle", "warn"),
    "behind": Status(_("Behind"), "down", "bad"),
    "met": Status(_("Met"), "flag", "good"),
    "missed": Status(_("Missed"), "close", "bad"),
    "too_early": Status(_("Too early"), "early", "none"),
    "observed": Status(_("Observed"), "eye", "none"),
    "no_target": Status(_("No target"), "level", "none"),
    "no_data": Status(_("No data yet"), "early", "none"),
    "unmeasured": Status(_("Not measured"), "info", "none"),
    # of tracking
    "verified": Status(_("Verified"), "check", "good"),
    "undefined": Status(_("Not defined"), "edit", "none"),
    "waiting": Status(_("Waiting for the first hit"), "early", "warn"),
    "silent": Status(_("Silent"), "level", "warn"),
    "broken": Status(_("Broken"), "close", "bad"),
    "planned": Status(_("Planned"), "early", "none"),
    "unplanned": Status(_("Not in the plan"), "plus", "none"),
    # of alerts
    "watching": Status(_("Watching"), "eye", "none"),
    "fired": Status(_("Fired"), "triangle", "bad"),
    "paused": Status(_("Paused"), "level", "warn"),
    # of work
    "running": Status(_("Running"), "disc", "none"),
    "done": Status(_("Done"), "check", "good"),
    "failed": Status(_("Failed"), "close", "bad"),
    "draft": Status(_("Draft"), "edit", "none"),
    "approved": Status(_("Approved"), "check", "good"),
    "revoked": Status(_("Revoked"), "close", "none"),
    "expired": Status(_("Expired"), "early", "none"),
}
UNKNOWN: Final = Status(_("Unknown"), "info", "none")  # a status of a later version: said, not hidden
