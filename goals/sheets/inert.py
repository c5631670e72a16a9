"""Texts that no spreadsheet program takes for a formula, and that read back as they were.

CSV has no types: a cell that starts with one of the signs is run by Excel, LibreOffice and Google Sheets. It gets an
apostrophe in front; a text that looks as if it had got one gets another, so that reading knows what to take away.
"""

import re
from typing import Final

SIGNS: Final = "=+-@\t\r\n|%"
_GUARDED: Final = re.compile(rf"'*[{re.escape(SIGNS)}]")
_WITHOUT: Final = re.compile(rf"'+[{re.escape(SIGNS)}]")


def inert(text: str) -> str:
    """Give the text as a CSV file may hold it."""
    return f"'{text}" if _GUARDED.match(text) else text


def meant(text: str) -> str:
    """Give the text that `inert` was given; a text that it never touched stays."""
    return text[1:] if _WITHOUT.match(text) else text
