"""What speaks against the name of an event or a parameter: hints for whoever names it, never refusals."""

import re
from typing import Final

from django.utils.translation import gettext as _

MOST_CHARS: Final = 40  # of GA4; names that are longer are cut or dropped there
_SNAKE: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# Names that GA4 keeps for itself, by its list of reserved event names; events of these names are dropped there.
RESERVED: Final = frozenset({
    "ad_activeview", "ad_click", "ad_exposure", "ad_impression", "ad_query", "ad_reward", "adunit_exposure",
    "app_background", "app_clear_data", "app_exception", "app_install", "app_remove", "app_store_refund",
    "app_store_subscription_cancel", "app_store_subscription_convert", "app_store_subscription_renew",
    "app_uninstall", "app_update", "app_upgrade", "dynamic_link_app_open", "dynamic_link_app_update",
    "dynamic_link_first_open", "error", "firebase_campaign", "firebase_in_app_message_action",
    "firebase_in_app_message_dismiss", "firebase_in_app_message_impression", "first_open", "first_visit",
    "in_app_purchase", "notification_dismiss", "notification_foreground", "notification_open",
    "notification_receive", "notification_send", "os_update", "session_start", "session_start_with_rollout",
    "user_engagement",
})  # fmt: skip
PREFIXES: Final = ("ga_", "google_", "firebase_", "gtag.")


def hints_on(name: str) -> list[str]:
    """Say what may go wrong with a name; nothing of a good one, and nothing of none."""
    if not name:
        return []
    found = []
    if not _SNAKE.fullmatch(name):
        found.append(_("Write it in small letters with underscores, such as newsletter_signup: case counts."))
    if len(name) > MOST_CHARS:
        found.append(_("It has %(length)s characters; Google Analytics takes %(most)s.") % {
            "length": len(name), "most": MOST_CHARS,
        })  # fmt: skip
    if name in RESERVED or name.startswith(PREFIXES):
        found.append(_("Google Analytics keeps this name for itself and drops events that are called so."))
    return found
