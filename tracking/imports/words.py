"""What a run through a file found, in words: for pages and for the command line."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracking.access_log import LeftOutReason
from tracking.conversions.matching import Missed
from tracking.event import DropReason, WarningCode

# By the code; one that is missing here is shown as it is.
REASONS: Mapping[str, Promise] = {
    LeftOutReason.MALFORMED: gettext_lazy("not in combined format"),
    LeftOutReason.TIME_IN_FUTURE: gettext_lazy("time in the future"),
    LeftOutReason.NOT_GET: gettext_lazy("not a GET request"),
    LeftOutReason.ERROR: gettext_lazy("answered with an error"),
    LeftOutReason.REDIRECT: gettext_lazy("redirects"),
    LeftOutReason.BOT: gettext_lazy("bots and programs"),
    LeftOutReason.ASSET: gettext_lazy("pictures, styles and scripts"),
    LeftOutReason.FEED: gettext_lazy("feeds"),
    LeftOutReason.PIECE: gettext_lazy("further pieces of a download"),
    DropReason.NAME_REQUIRED: gettext_lazy("no name"),
    DropReason.NAME_TOO_LONG: gettext_lazy("name too long"),
    DropReason.EVENT_ID_REQUIRED: gettext_lazy("no event id"),
    DropReason.EVENT_ID_TOO_LONG: gettext_lazy("event id too long"),
    DropReason.FIELD_TYPE: gettext_lazy("value of the wrong kind"),
    DropReason.FIELD_TOO_LONG: gettext_lazy("value too long"),
    DropReason.AMOUNT_FORMAT: gettext_lazy("not an amount"),
    DropReason.AMOUNT_NEGATIVE: gettext_lazy("negative amount without refund"),
    DropReason.CURRENCY_REQUIRED: gettext_lazy("amount without currency"),
    DropReason.CURRENCY_UNKNOWN: gettext_lazy("unknown currency"),
    DropReason.TIME_FORMAT: gettext_lazy("not a time"),
    DropReason.TOO_OLD: gettext_lazy("too old"),
    DropReason.TOO_DEEP: gettext_lazy("nested too deep"),
    DropReason.INVALID_JSON: gettext_lazy("not JSON"),
    DropReason.DUPLICATE_KEY: gettext_lazy("a key twice in one object"),
    DropReason.NUMBER_NOT_FINITE: gettext_lazy("not a finite number"),
    DropReason.NOT_AN_OBJECT: gettext_lazy("not an object"),
    DropReason.ERASED: gettext_lazy("of people who were erased"),
    "row_length": gettext_lazy("more or fewer cells than columns"),
    "day_apart": gettext_lazy("a day's rows stand apart"),
    "not_one_day": gettext_lazy("covers several days"),
    Missed.NOTHING: gettext_lazy("nothing that says whose it is"),
    Missed.EMAIL: gettext_lazy("only an e-mail address, and hashes of those are not stored here"),
    Missed.CLICK: gettext_lazy("click not seen"),
    Missed.EARLY: gettext_lazy("happened before its click"),
    Missed.TRANSACTION: gettext_lazy("transaction not seen"),
    Missed.USER: gettext_lazy("user not seen"),
    "total_row": gettext_lazy("sums of other rows"),
    "footer": gettext_lazy("lines beside the table"),
}

NOTES: Mapping[str, Promise] = {
    WarningCode.CHARACTERS_REPLACED: gettext_lazy("characters that cannot be stored were replaced"),
    WarningCode.NUMBER_AS_TEXT: gettext_lazy("a number too long to be exact was kept as text"),
    WarningCode.PROPERTIES_LEFT_OUT: gettext_lazy("properties above the limit were left out"),
    WarningCode.UNKNOWN_FIELDS_LEFT_OUT: gettext_lazy("fields that events do not have were left out"),
    WarningCode.FIELDS_LEFT_OUT: gettext_lazy("fields that could not be read were left out"),
    WarningCode.ITEMS_LEFT_OUT: gettext_lazy("items above the limit were left out"),
    WarningCode.AMOUNT_ROUNDED: gettext_lazy("amounts were rounded to millionths"),
    WarningCode.TIME_WITHOUT_ZONE: gettext_lazy("times had no zone"),
    WarningCode.CLOCK_CORRECTED: gettext_lazy("times were corrected"),
}


def reason(code: str) -> str:
    """Give a reason's words."""
    return str(REASONS.get(code, code.replace("_", " ")))


def reasons(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Give the reasons in words with their rows, most first."""
    return [(reason(code), rows) for code, rows in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]


def notes(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Give the notes in words with how many rows they are on, most first."""
    found = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [(str(NOTES.get(code, code.replace("_", " "))), rows) for code, rows in found]


def layout(encoding: str | None, delimiter: str | None, *, has_decimal_comma: bool | None) -> str:
    """Say how a CSV file is written."""
    between = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs"), "|": _("bars")}.get(delimiter or "", delimiter)
    decimal = _("decimal comma") if has_decimal_comma else _("decimal point")
    return ", ".join(each for each in (encoding, between, decimal) if each)
