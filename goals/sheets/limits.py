"""How much of a file is read, and what is said of one that is not."""

from typing import Final

from django.utils.translation import gettext as _

from workspaces.refusal import Refusal

MOST_BYTES: Final = 20_000_000  # as uploaded
MOST_UNPACKED: Final = 200_000_000
MOST_MEMBERS: Final = 100
MOST_ROWS: Final = 200_000  # of a file, without those that say nothing
MOST_COLUMNS: Final = 200
MOST_CELLS: Final = 500_000  # that say something: what 512 MB of memory hold while they are compared
MOST_RATIO: Final = 200  # unpacked to packed; a sheet of empty, styled rows has about 100
MOST_CHARS: Final = 32_767  # of a cell, as Excel has it


class UnsupportedFile(Refusal):
    """The file is of a kind that is not read; the text says which to save it as."""

    code = "unsupported_file"
    field = "file"
    status = 415


class FileTooLarge(Refusal):
    """The file is larger than what is read."""

    code = "file_too_large"
    field = "file"
    status = 413


class DamagedFile(Refusal):
    """The file is cut off, or not what it says it is."""

    code = "damaged_file"
    field = "file"
    status = 400


def too_many_rows() -> FileTooLarge:
    """Say how many rows are read."""
    return FileTooLarge(_("The file has more than %(most)s rows; leave out what is no plan.") % {"most": MOST_ROWS})


def too_many_columns(sheet: str) -> FileTooLarge:
    """Say how many columns are read."""
    text = _('The sheet "%(sheet)s" has more than %(most)s columns; leave out what is no plan.')
    return FileTooLarge(text % {"sheet": sheet, "most": MOST_COLUMNS})


def too_many_cells() -> FileTooLarge:
    """Say how many cells are read."""
    return FileTooLarge(_("The file has more than %(most)s filled cells; split it.") % {"most": MOST_CELLS})


def damaged() -> DamagedFile:
    """Say that the file can't be read to its end."""
    return DamagedFile(_("The file is damaged or cut off; open it, save it anew and send that."))


def unpacks_too_large() -> FileTooLarge:
    """Say that the file is small only because it is packed."""
    return FileTooLarge(_("The file has more than %(most)s MB unpacked; split it.") % {"most": MOST_UNPACKED // 10**6})
