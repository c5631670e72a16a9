"""Sets a document as PDF: a template of typst, and what it says as JSON, which is never read as markup."""

import json
from pathlib import Path
from typing import Any

import typst
from django.utils.functional import Promise


def typeset(template: Path, told: dict[str, Any]) -> bytes:  # a JSON value, but for lazy texts
    """Set the document, fonts embedded, tagged for screen readers; the same bytes for the same words.

    told   what the template finds in sys.inputs.data
    """
    # The machine's own fonts would give another file on another machine; those that typst carries have every letter.
    made = typst.compile(
        template,
        root=template.parent,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(told, default=_text, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)  # noqa: S101  # one PDF; images alone come as lists
    return made


def _text(value: object) -> str:
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{value!r} has no place in a document")
