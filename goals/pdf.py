"""A version of the plan as a PDF: the same bytes for the same version, language and release."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from goals.models import PlanVersion, SignOff
from goals.sheet import sheet_of
from goals.signing import content_of
from goals.typesetting import typeset
from workspaces.languages import short_day

TEMPLATE: Final = Path(__file__).parent / "typeset" / "plan.typ"


def pdf_of(version: PlanVersion, answers: Sequence[SignOff]) -> bytes:
    """Set the version with its sign-offs in the reader's language, on A4, fonts embedded, tagged for screen readers."""
    return typeset(TEMPLATE, _told(version, answers))


def _told(version: PlanVersion, answers: Sequence[SignOff]) -> dict[str, Any]:  # a JSON value, but for lazy texts
    workspace = version.workspace
    sheet = sheet_of(content_of(version), workspace=workspace)
    number = _("Version %(n)s") % {"n": version.number}
    return {
        "language": (get_language() or "en").partition("-")[0],
        "title": sheet.name,
        "subtitle": f"{workspace.name} · {number} · {version.get_state_display()}",
        "footer": f"{sheet.name} · {number}",
        "facts": [asdict(fact) for fact in sheet.facts],
        "sections": [asdict(section) for section in sheet.sections],
        "sign_off": _sign_off(version, answers),
    }


def _sign_off(version: PlanVersion, answers: Sequence[SignOff]) -> dict[str, Any]:  # as _told
    asked = {"person": version.made_by, "when": _moment(version.made_at, version)}
    told = [
        {
            "name": answer.name,
            "answer": answer.get_answer_display(),
            "at": _moment(answer.answered_at, version) if answer.answered_at else "",
            "reason": answer.reason,
        }
        for answer in answers
    ]
    return {
        "title": _("Sign-off"),
        "text": " ".join(filter(None, [_("Asked for by %(person)s, %(when)s.") % asked, version.note])),
        "heads": [_("Name"), _("Answer"), _("When")],
        "answers": told,
    }


def _moment(moment: Any, version: PlanVersion) -> str:  # a datetime; django-stubs knows it as Any
    local = localtime(moment, version.workspace.zone)
    return f"{short_day(local.date())} {local:%H:%M}"
