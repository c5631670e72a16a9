"""A scheduled report as a PDF: the mail's sentences, drawing and tables on A4."""

from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from goals.typesetting import typeset
from reports import figures
from reports.mailed.edition import Edition
from reports.mailed.tables import Table

TEMPLATE: Final = Path(__file__).parent / "typeset" / "report.typ"


def pdf_of(edition: Edition) -> bytes:
    """Set the edition in the language at work, which is its own."""
    return typeset(TEMPLATE, told_of(edition))


def told_of(edition: Edition) -> dict[str, Any]:  # a JSON value
    """Give what stands on the paper, as JSON."""
    schedule, record, workspace = edition.schedule, edition.record, edition.schedule.workspace
    through = record.computed_through
    stamp = _("Computed through %(moment)s") % {"moment": figures.moment(through, workspace.zone)} if through else ""
    picture = edition.picture
    return {
        "language": edition.language.partition("-")[0],
        "title": record.title,
        "subtitle": " · ".join(filter(None, [workspace.name, schedule.title, stamp])),
        "footer": f"{workspace.name} · {schedule.title}",
        "sentences": list(record.sentences),
        "picture": {"svg": picture.svg(), "alt": picture.alt, "title": picture.title} if picture else None,
        "tables": [_table(table) for table in edition.tables],
        "method": {
            "title": _("How is this computed?"),
            "facts": [{"term": fact.term, "words": fact.words} for fact in edition.method],
        },
    }


def _table(table: Table) -> dict[str, Any]:  # a JSON value
    return {
        "title": table.title,
        "numbers": [cell.is_number for cell in table.head],
        "head": [cell.text for cell in table.head],
        "rows": [[cell.text for cell in row] for row in table.rows],
        "notes": list(table.notes),
    }
