"""The whole tracking specification as a file: Markdown to read, CSV to count, JSON for programs."""

import json
import re
from typing import Final

from django.utils.translation import gettext as _

from goals.columns import TABLES
from goals.document import Document
from goals.sheets.csv_writing import csv_of
from goals.snippets import consent_text, event_name
from goals.specs import SpecSheet, sheets_of

_SIGNS: Final = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_SHOWN: Final = ("platform", "method", "place", "owner", "ticket", "evidence", "checked_on")


def as_json(document: Document) -> bytes:
    """Give every goal's specification, with its parameters below it."""
    sheets = [
        {
            "goal": sheet.goal.slug,
            "name": sheet.goal.name,
            "event": event_name(sheet),
            "spec": sheet.spec.as_json() if sheet.spec else None,
            "parameters": [parameter.as_json() for parameter in sheet.parameters],
        }
        for sheet in sheets_of(document)
    ]
    return json.dumps({"plan": document.plan.name, "specs": sheets}, indent=2, ensure_ascii=False).encode()


def as_csv(document: Document) -> bytes:
    """Give a line for each parameter, and one for each goal without any."""
    specs, parameters = TABLES["specs"], TABLES["parameters"]
    spec_columns = [column for column in specs.columns if column.key != "goal"]
    own = [column for column in parameters.columns if column.key != "goal"]
    lines = [[_("Goal"), *(str(each.label) for each in spec_columns), *(str(each.label) for each in own)]]
    for sheet in sheets_of(document):
        head = [each.text(each.of(sheet.spec)) if sheet.spec else "" for each in spec_columns]
        for parameter in sheet.parameters or (None,):
            tail = [each.text(each.of(parameter)) if parameter else "" for each in own]
            lines.append([sheet.goal.name, *head, *tail])
    return csv_of(lines)


def as_markdown(document: Document) -> bytes:
    """Give a chapter for each goal, for a ticket or a repository."""
    chapters = [f"# {_plain(document.plan.name)}", *(_chapter(sheet) for sheet in sheets_of(document))]
    return ("\n\n".join(chapters) + "\n").encode()


def facts_of(sheet: SpecSheet) -> list[tuple[str, str]]:
    """Give what is said of the tracking, label and text, without what nobody has said."""
    if sheet.spec is None:
        return []
    columns = [TABLES["specs"].column(key) for key in _SHOWN]
    texts = [(str(column.label), column.text(column.of(sheet.spec))) for column in columns]
    return [(label, text) for label, text in texts if text]


def parameters_of(sheet: SpecSheet) -> list[list[str]]:
    """Give the table of parameters as texts, its headings first; empty without any."""
    columns = [column for column in TABLES["parameters"].columns if column.key != "goal"]
    rows = [[column.text(column.of(parameter)) for column in columns] for parameter in sheet.parameters]
    return [[str(column.label) for column in columns], *rows] if rows else []


def _chapter(sheet: SpecSheet) -> str:
    lines = [f"## {_plain(sheet.goal.name)}", "", f"{_('Event')}: `{event_name(sheet).replace('`', '')}`", ""]
    if sheet.spec is None:
        return "\n".join([*lines, _("Nobody has said yet how this is tracked.")])
    if sheet.spec.about:
        lines += [_plain(sheet.spec.about), ""]
    state = TABLES["specs"].column("state")
    facts = [(str(state.label), state.text(sheet.spec.state)), *facts_of(sheet)]
    lines += [f"- {label}: {_plain(text)}" for label, text in facts]
    lines += ["", consent_text(sheet.spec.purpose)]
    table = [[_plain(cell) for cell in row] for row in parameters_of(sheet)]
    if table:
        table.insert(1, ["---"] * len(table[0]))
        lines += ["", *(f"| {' | '.join(row)} |" for row in table)]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Give the words without what Markdown would make of them."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))
