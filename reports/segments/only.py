"""The parameter `only`: the persons of one saved segment alone count. Funnels, paths and cohorts have it."""

import re
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from reports import controls
from reports.asking import Reader
from reports.controls import Addressed, Menu
from reports.models import Segment

SLUG: Final = re.compile(r"[-\w]{1,120}")  # whether there is such a segment is said with the answer, which then is none


def read(reader: Reader) -> str:
    """Read the short name of a segment; "" for everybody."""
    value = reader.params.get("only", "")
    if not value or SLUG.fullmatch(value):
        return value
    reader.fault("only", value, _("Give the short name of a saved segment."))
    return ""


def menus(asked: Addressed, now: str, segments: Mapping[str, Segment]) -> tuple[Menu, ...]:
    """Let choose a segment; nothing where there is none, and none is named.

    now        the segment's short name; "" for everybody
    segments   by their short names
    """
    offered = {"": _("Everybody")} | {slug: each.name for slug, each in segments.items()}
    offered.setdefault(now, now)  # it names a segment that is gone
    return (controls.menu_of(asked, "only", now, offered, _("Only")),) if len(offered) > 1 else ()
