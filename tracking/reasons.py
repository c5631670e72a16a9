"""Every reason why an item was not counted, in words: what happened, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracking.event import DropReason as R
from tracking.event import Status, WarningCode
from tracking.imports import words


@dataclass(frozen=True, slots=True)
class Reason:
    """What happened, and what to do; nothing is to be done where `advice` is ""."""

    label: Promise | str
    advice: Promise | str = ""


OUTCOMES: Final[Mapping[str, Promise]] = {
    "accepted": _("Accepted"),
    "duplicate": _("Duplicate"),
    "rejected": _("Rejected"),
    "filtered": _("Filtered"),
    "limited": _("Limited"),
}
_MEND: Final = _("Mend it where the event is sent; what came meanwhile cannot be read.")
REASONS: Final[Mapping[str, Reason]] = {
    str(code): reason
    for code, reason in {
        Status.UNPLANNED: Reason(
            _("No plan knows the name"), _("Plan the event in the catalogue, or propose a goal for it.")
        ),
        WarningCode.SCHEMA_WARNING: Reason(
            _("Accepted, and not as agreed"), _("The catalogue shows which property is missing or of another type.")
        ),
        R.SCHEMA_VIOLATION: Reason(
            _("Held back: not as agreed"),
            _("Mend the tag or the specification; then take in what was held back."),
        ),
        "conflict": Reason(
            _("The same id with other content"), _("Give each event an id of its own; the first one counts.")
        ),
        "rate": Reason(_("More at once than a source may send"), _("Its sender was asked to send it again later.")),
        R.ORIGIN_NOT_ALLOWED: Reason(
            _("Sent from a page that may not"), _("Add the page's origin to the source's settings, if it is yours.")
        ),
        R.BODY_TOO_LARGE: Reason(_("The request is larger than 5 MB"), _("Send fewer events at once.")),
        R.INVALID_JSON: Reason(_("The request cannot be read: no valid JSON"), _MEND),
        R.INVALID_SHAPE: Reason(_("The request holds no event"), _MEND),
        R.TOO_DEEP: Reason(_("Nested more than 20 levels deep"), _MEND),
        R.TOO_MANY_EVENTS: Reason(_("More than 2,000 events in one request"), _("Send fewer events at once.")),
        R.NOT_AN_OBJECT: Reason(_("An item is no object"), _MEND),
        R.EVENT_TOO_LARGE: Reason(_("An event is larger than 32 KB"), _("Send fewer or shorter properties.")),
        R.DUPLICATE_KEY: Reason(_("A key stands twice in an event"), _MEND),
        R.NUMBER_NOT_FINITE: Reason(_("A number is infinite, or none"), _MEND),
        R.NAME_REQUIRED: Reason(_("The event has no name"), _MEND),
        R.NAME_TOO_LONG: Reason(_("The event's name has more than 128 characters"), _MEND),
        R.EVENT_ID_REQUIRED: Reason(
            _("A server sent an event without an id"), _("Send an event_id, so that a retry is not counted twice.")
        ),
        R.EVENT_ID_TOO_LONG: Reason(_("The event's id has more than 64 characters"), _MEND),
        R.FIELD_TYPE: Reason(_("A field is of another type"), _MEND),
        R.FIELD_TOO_LONG: Reason(_("An id is too long"), _MEND),
        R.AMOUNT_FORMAT: Reason(_("The value is no plain number"), _("Write 1234.50, without a thousands separator.")),
        R.AMOUNT_NEGATIVE: Reason(_("The value is negative and no refund"), _("Send what was given back as a refund.")),
        R.CURRENCY_REQUIRED: Reason(
            _("A value without a currency"), _("Send the currency, or set the source's own in its settings.")
        ),
        R.CURRENCY_UNKNOWN: Reason(_("No such currency"), _("Send an ISO 4217 code such as NOK.")),
        R.TIME_FORMAT: Reason(_("The time cannot be read"), _("Send ISO 8601, or seconds or milliseconds since 1970.")),
        R.TIME_IN_FUTURE: Reason(
            _("More than 5 minutes ahead of the server's clock"), _("Set the sender's clock, or send its sent_at.")
        ),
        R.TOO_OLD: Reason(_("More than 60 days old"), _("Import history as a file.")),
        R.BOT: Reason(_("A crawler or another program")),
        R.PREFETCH: Reason(_("A browser loaded the page ahead of a visit")),
        R.PREVIEW: Reason(_("A chat or mail program drew a link")),
        R.CONSENT_DENIED: Reason(_("The visitor refused analytics")),
        R.OWN_ADDRESS: Reason(_("From one of your own networks")),
        R.DO_NOT_TRACK: Reason(_("The browser says do not track")),
    }.items()
}


def reason_of(code: str) -> Reason:
    """Give the words of a code; files bring codes of their own, and leave nothing to be done here."""
    return REASONS.get(code) or Reason(words.reason(code))
