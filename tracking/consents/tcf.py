"""What a TC string grants of our purposes: the IAB's purposes read as ours."""

from tracking.consent import PURPOSES
from tracking.consents.statement import Signal, Statement
from tracking.consents.tcf_string import NotTcf, TcString, read

# Version 2.3 of the framework: a string made from this day on is valid only with the vendors that were shown.
DISCLOSED_SINCE_US = 1_772_236_800_000_000  # 28 February 2026

# Ours is granted where the visitor consented to all of these. That of ads is how Google reads the string for its own
# consent mode. A tag of the site's own is no vendor of the list, so its purposes count and no vendor's consent.
NEEDED = {
    "analytics": {1, 8},  # store on the device, measure content
    "ads": {1},
    "ad_user_data": {1, 7},  # measure ads
    "ad_personalization": {3, 4},  # profiles for ads, and ads chosen by them
    "personalization": {5, 6},  # profiles for content, and content chosen by them
}


def of_string(text: str, *, at_us: int) -> Statement:
    """Read the consent of a TC string; one that is invalid or not understood grants nothing.

    at_us  when it was sent, for a string that does not tell its own time, or tells one that is still to come
    """
    try:
        string = read(text)
    except NotTcf:
        return Statement(signal=Signal.TCF, at_us=at_us, answers=dict.fromkeys(PURPOSES, False))
    answers = {purpose: is_valid(string) and needed <= string.purposes for purpose, needed in NEEDED.items()}
    return Statement(signal=Signal.TCF, at_us=min(string.updated_us, at_us), answers=answers)


def is_valid(string: TcString) -> bool:
    """Tell whether the string may be relied on: it names the vendors that were shown, where it must."""
    return string.disclosed is not None or string.created_us < DISCLOSED_SINCE_US


def permits_vendor(string: TcString, vendor: int) -> bool:
    """Tell whether the visitor, having been shown the vendor of the IAB's list, consented to it."""
    shown = string.disclosed is None or vendor in string.disclosed
    return is_valid(string) and shown and vendor in string.vendors
