"""A scheduled report as a mail: text and HTML with the figures in them, a drawing, and files for who wants some."""

from dataclasses import dataclass
from email.mime.image import MIMEImage
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from reports.files import FORMATS, XLSX
from reports.files import Table as File
from reports.mailed import paper
from reports.mailed.edition import Edition
from reports.mailed.readers import Reader, reader_of
from reports.mailed.tables import as_lines
from reports.models import Delivery
from workspaces.languages import long_day
from workspaces.zones import day_of

DRAWING: Final = "trend"  # what the HTML calls the drawing
PDF: Final = "application/pdf"


class Letter(EmailMultiAlternatives):
    """A mail whose parts may belong together."""

    mixed_subtype = "mixed"  # Django's own name for what holds the words and what goes along


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What goes along with the words: the drawing, and files of name, content and type. The same for every reader."""

    drawing: bytes | None
    files: tuple[tuple[str, bytes, str], ...]


def enclosed_in(edition: Edition) -> Enclosed:
    """Draw and write what the schedule asks for, in the edition's language."""
    schedule, record, files = edition.schedule, edition.record, []
    name = slugify(schedule.title) or "report"
    with translation.override(edition.language):
        if schedule.with_xlsx:
            made = FORMATS[XLSX]
            for number, sheet in enumerate(record.sheets, start=1):
                content = made.write(File(name, sheet.rows, record.method))
                assert isinstance(content, bytes)  # noqa: S101  # a workbook is no text
                files.append((f"{name}-{slugify(sheet.title) or number}.{XLSX}", content, made.content_type))
        if schedule.with_pdf:
            files.append((f"{name}.pdf", paper.pdf_of(edition), PDF))
    return Enclosed(edition.picture.png() if edition.picture else None, tuple(files))


def letter_to(delivery: Delivery, edition: Edition, enclosed: Enclosed) -> Letter:
    """Write the mail; the same delivery always gives the same Message-ID."""
    reader = reader_of(delivery)
    with translation.override(edition.language):
        context = _context(delivery, edition, reader)
        mail = Letter(
            # A title with a line break would end the header.
            " ".join(context["subject"].split()),
            render_to_string("reports/mails/report.txt", context),
            to=[reader.email],
            headers=_headers(delivery, reader),
        )
        mail.attach_alternative(render_to_string("reports/mails/report.html", context), "text/html")
    if enclosed.drawing is not None:
        _draw(mail, enclosed.drawing, is_alone=not enclosed.files)
    for name, content, kind in enclosed.files:
        mail.attach(name, content, kind)
    return mail


def _context(delivery: Delivery, edition: Edition, reader: Reader) -> dict[str, Any]:  # whatever the templates show
    schedule, workspace = edition.schedule, edition.schedule.workspace
    day = long_day(day_of(delivery.due_at, workspace.zone))
    words = _("Test: %(title)s, %(day)s") if delivery.tester_id else _("%(title)s, %(day)s")
    return {
        "subject": words % {"title": schedule.title, "day": day},
        "edition": edition,
        "schedule": schedule,
        "workspace": workspace,
        "title": edition.record.title,
        "tables": [(table, as_lines(table)) for table in edition.tables],
        "picture": edition.picture,
        "drawing": DRAWING,
        "link": edition.address if reader.person is not None else "",  # others could not open it
        "leave_url": reader.leave_url,
    }


def _headers(delivery: Delivery, reader: Reader) -> dict[str, str]:
    due = f"{delivery.due_at:%Y%m%dT%H%M%S%f}"
    to = f"{delivery.recipient_id}" if delivery.recipient_id else f"test.{delivery.tester_id}"
    headers = {
        # Mail programs show one of two with one Message-ID: a worker that dies before it noted a mail repeats it.
        "Message-ID": f"<report.{delivery.schedule_id}.{due}.{to}@{urlsplit(settings.BASE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: answering machines stay silent
    }
    if reader.leave_url:
        headers["List-Unsubscribe"] = f"<{reader.leave_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return headers


def _draw(mail: Letter, drawing: bytes, *, is_alone: bool) -> None:
    """Put the drawing where the HTML finds it by its Content-ID."""
    image = MIMEImage(drawing)
    image["Content-ID"] = f"<{DRAWING}>"
    image["Content-Disposition"] = "inline"
    mail.attach(image)
    if is_alone:
        mail.mixed_subtype = "related"  # beside files it stays "mixed": programs would hide those of a related part
