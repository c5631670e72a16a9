"""Of which kinds notices are, how each reaches people who chose nothing else, and when the daily mail goes."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workspaces.zones import clock_time, day_of

DIGEST_AT: Final = time(7)  # on the workspace's clock: to be read at the day's start


class Mail(models.TextChoices):
    """When a notice goes out by mail."""

    OFF = "off", _("no mail")
    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day")


@dataclass(frozen=True, slots=True)
class Choice:
    """How notices of one kind reach one person."""

    in_product: bool
    mail: Mail

    @property
    def is_nothing(self) -> bool:
        """Say whether the person does not want to hear of it at all."""
        return not self.in_product and self.mail == Mail.OFF


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice, as the settings page shows it."""

    key: str
    label: Promise
    explanation: Promise
    default: Choice


_AT_ONCE: Final = Choice(in_product=True, mail=Mail.AT_ONCE)
_DAILY: Final = Choice(in_product=True, mail=Mail.DAILY)
_QUIET: Final = Choice(in_product=True, mail=Mail.OFF)

# What waits for the person, or concerns them by name, is mailed at once; what goes on without them comes once a day.
KINDS: Final[dict[str, Kind]] = {
    kind.key: kind
    for kind in (
        Kind("mention", _("Mentions"), _("Somebody names you in a comment."), _AT_ONCE),
        Kind("comment", _("Comments"), _("Somebody comments on what you wrote or take part in."), _DAILY),
        Kind("proposal_submitted", _("Proposals to decide"), _("A proposal waits for your decision."), _AT_ONCE),
        Kind(
            "proposal_answered",
            _("Answers to your proposals"),
            _("Yours was approved or declined, or needs more information."),
            _AT_ONCE,
        ),
        Kind("task_assigned", _("Tasks"), _("Somebody gives you a task, such as to set up tracking."), _AT_ONCE),
        Kind("sign_off_requested", _("Sign-offs to give"), _("A plan waits for your signature."), _AT_ONCE),
        Kind("sign_off_done", _("Sign-offs given"), _("Somebody signed, or sent back, a plan of yours."), _DAILY),
        Kind(
            "report_paused",
            _("Reports by mail that stop"),
            _("A scheduled report of yours is mailed no more."),
            _AT_ONCE,
        ),
        Kind("alert_fired", _("Alerts"), _("What an alert that you hear of watches for has come."), _AT_ONCE),
        Kind("alert_over", _("Alerts that are over"), _("What an alert told you of is over."), _QUIET),
        Kind("file_ready", _("Spreadsheets"), _("A big spreadsheet of yours was checked or taken in."), _QUIET),
        Kind("tracking_broken", _("Tracking breaks"), _("A goal of yours receives no more events."), _AT_ONCE),
        Kind("tracking_healed", _("Tracking heals"), _("Events of a goal of yours arrive again."), _QUIET),
        Kind(
            "source_broken",
            _("Sources in trouble"),
            _("A source falls silent, or much of what it sends is rejected."),
            _AT_ONCE,
        ),
        Kind("source_healed", _("Sources heal"), _("A source that was in trouble sends as it should again."), _QUIET),
    )
}


def next_digest(zone: ZoneInfo, *, now: datetime) -> datetime:
    """Give when the next daily mail goes out."""
    today = day_of(now, zone)
    at = clock_time(today, DIGEST_AT, zone)
    return at if at > now else clock_time(today + timedelta(days=1), DIGEST_AT, zone)
