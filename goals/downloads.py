"""The files that a plan and its tracking specification are given as, and how a file is answered."""

from collections.abc import Callable
from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from goals import spec_files
from goals.document import Document
from goals.sheets.csv_writing import outline_csv, tables_zip
from goals.sheets.xlsx_writing import workbook_of

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
Writers = dict[str, tuple[str, Callable[[Document], bytes]]]  # by the file's ending: its kind, and what writes it

PLAN_FILES: Final[Writers] = {
    "xlsx": (XLSX, workbook_of),
    "csv": (CSV, outline_csv),
    "zip": ("application/zip", tables_zip),
}
SPEC_FILES: Final[Writers] = {
    "md": ("text/markdown; charset=utf-8", spec_files.as_markdown),
    "csv": (CSV, spec_files.as_csv),
    "json": ("application/json", spec_files.as_json),
}


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """Answer with a file to keep."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=kind, headers=headers)
