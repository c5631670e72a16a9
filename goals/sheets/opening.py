"""Opens what somebody sent, by what it is and not by what it is called, as a Book."""

import posixpath
import re
from typing import Final

from django.utils.translation import gettext as _

from goals.sheets import limits
from goals.sheets.book import Book, Counter
from goals.sheets.csv_reading import read_csv
from goals.sheets.unpacking import Archive, opened
from goals.sheets.xlsx_reading import WORKBOOK, read_workbook

_ZIP: Final = b"PK"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel's format of before 2007, and every workbook with a password
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_PDF: Final = b"%PDF"
_NUMBER: Final = re.compile(r"^\d+-")  # of our own members: 04-goals.csv
_HIDDEN: Final = ("__MACOSX/", ".")


def read_file(name: str, content: bytes) -> Book:
    """Read the file; raise UnsupportedFile, FileTooLarge, DamagedFile.

    name   as it was called where it came from; a sheet of CSV is called after it
    """
    if len(content) > limits.MOST_BYTES:
        text = _("The file has more than %(most)s MB; leave out what is no plan.")
        raise limits.FileTooLarge(text % {"most": limits.MOST_BYTES // 10**6})
    if not content.strip():
        raise limits.DamagedFile(_("The file is empty."))
    _refuse_others(content)
    if content.startswith(_ZIP):
        with opened(content) as archive:
            return _packed(archive)
    sheet, encoding, delimiter = read_csv(_stem(name), content, Counter())
    return Book("csv", (sheet,), encoding, delimiter)


def _refuse_others(content: bytes) -> None:
    if content.startswith(_OLE):
        if _LOCKED in content:
            raise limits.UnsupportedFile(_("The file has a password. Save it without one, then send it again."))
        raise limits.UnsupportedFile(
            _("This is an Excel file of before 2007 (.xls). Save it as .xlsx, then send it again.")
        )
    if content.startswith(_PDF):
        raise limits.UnsupportedFile(_("This is a PDF. Send the spreadsheet that it was made from."))


def _packed(archive: Archive) -> Book:
    names = archive.names
    lower = {name.lower() for name in names}
    if WORKBOOK in lower or "[content_types].xml" in lower or "mimetype" in lower:
        return read_workbook(archive)
    wanted = [name for name in names if not posixpath.basename(name).startswith(".") and not name.startswith(_HIDDEN)]
    strange = [name for name in wanted if not name.lower().endswith(".csv")]
    if strange or not wanted:
        text = _("The archive may hold CSV files alone; it holds %(name)s.")
        raise limits.UnsupportedFile(text % {"name": strange[0][:80] if strange else _("nothing")})
    counter, sheets, found = Counter(), [], ("", "")
    for name in sorted(wanted):
        sheet, *found_here = read_csv(_stem(name), archive.read(name), counter)
        found = (found_here[0], found_here[1])
        sheets.append(sheet)
    return Book("zip", tuple(sheets), *found)


def _stem(name: str) -> str:
    base = posixpath.basename(name.replace("\\", "/"))
    return _NUMBER.sub("", posixpath.splitext(base)[0])[:80]
