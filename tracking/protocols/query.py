"""Query strings, and bodies that are written like one, as names and values."""

import re
from urllib.parse import unquote_plus

import msgspec

_BROKEN = re.compile("[\x00\ud800-\udfff]")  # what PostgreSQL and UTF-8 have no room for


class Said(msgspec.Struct, frozen=True):
    """What a query string says, the first value of each name; `is_mended` where characters were replaced."""

    fields: dict[str, str]
    is_mended: bool = False


def read_query(text: str) -> Said:
    """Read a query string as WSGI gives it: of whatever is sent, something is read, and nothing fails."""
    return read_form(text.encode("latin-1", "replace"))


def read_form(raw: bytes) -> Said:
    """Read one line of a form's body; bytes that are no UTF-8, and NUL, become U+FFFD."""
    text = raw.decode("utf-8", "replace")
    found: dict[str, str] = {}
    for pair in text.split("&"):
        name, _, value = pair.partition("=")
        if name:
            found.setdefault(unquote_plus(name), unquote_plus(value))
    mended = {_BROKEN.sub("\ufffd", name): _BROKEN.sub("\ufffd", value) for name, value in found.items()}
    return Said(mended, is_mended=mended != found)
