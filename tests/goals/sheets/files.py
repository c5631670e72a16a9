"""Files for tests of imports, good ones and such as people should not have sent."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

DMMM: list[list[Any]] = [  # Kaushik's five steps, with merged cells as they are read: empty below the first
    ["Objective", "Goal", "KPI", "Target", "Segment"],
    ["Sell more shoes", "Order", "Orders", 400, "New visitors"],
    ["", "", "Order rate", "3.4 %", ""],
    ["", "Newsletter", "Sign-ups", 1200, ""],
]
NORWEGIAN: list[list[Any]] = [
    ["Mål", "Makromål", "Mikromål", "KPI", "Måltall", "Ansvarlig", "Avdeling", "Hvorfor", "Verktøy/Hvor spores"],
    ["Selge mer", "Kjøp", "", "Konverteringsgrad", "3,4 %", "kari@example.com", "Nettbutikk", "Det lever vi av", "GA4"],
    ["", "", "Nyhetsbrev", "Påmeldinger", "1 200", "", "Marked", "Kommer tilbake", "Mailchimp"],
    ["", "", "Størrelsesguide", "", "", "", "Marked", "Finner riktig sko", ""],
]


def xlsx(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    """Make a workbook of sheets of rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def csv(rows: Sequence[Sequence[Any]], *, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    return "\n".join(delimiter.join(f'"{cell}"' if cell else "" for cell in row) for row in rows).encode(encoding)


def packed(members: dict[str, bytes | str], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make a ZIP of members."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def workbook(sheet: str, **more: str) -> bytes:
    """Make a workbook whose one sheet has this XML."""
    namespace = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    sheets = '<sheets><sheet name="Goals" r:id="r1"/></sheets>'
    target = f'<Relationship Id="r1" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/>'
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook {namespace} xmlns:r="{relation}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{rels}">{target}</Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {namespace}><sheetData>{sheet}</sheetData></worksheet>",
    }
    return packed(members | {f"xl/{name.replace('_', '.')}": content for name, content in more.items()})


def row(number: int, *cells: str) -> str:
    """Write a row of inline texts."""
    inside = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f'<row r="{number}">{inside}</row>'
