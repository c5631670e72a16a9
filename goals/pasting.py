"""Rows copied from a spreadsheet, as text: which cells there are, and which column of the plan each column is.

Spreadsheets copy as lines of tab-parted cells; a cell with a line break or a quote in it stands in quotes.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import grid
from workspaces.refusal import Refusal

MOST_ROWS: Final = 200  # each runs through the verbs of forms; more are a file's, which is read in the background
MOST_COLUMNS: Final = 40
MOST_CHARS: Final = 400_000
LEFT_OUT: Final = ""  # a column that is none of ours

# What a pasted column can be, beside the columns of the page: the levels may have columns of their own.
LABELS: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "name": gettext_lazy("Name"),
        "level": gettext_lazy("Level"),
        "objective": gettext_lazy("Objective"),
        "macro": gettext_lazy("Macro goal"),
        "micro": gettext_lazy("Micro goal"),
        "kpi": gettext_lazy("KPI"),
        **{key: grid.FIELDS[key].label for key in ("target", "until", "baseline", "counts", "owner", "department")},
        **{key: grid.FIELDS[key].label for key in ("why", "stage", "kind")},
    }
)
# What else people head such columns with, in the languages of the interface.
ALSO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "goal, goals, title, mål, målnavn, navn, namn, mål/kpi, goal/kpi, goal or kpi",
        "level": "type, nivå, niveau, typ",
        "objective": "business objective, objectives, overordnet mål, forretningsmål, affärsmål, målsætning",
        "macro": "macro, makro, makromål, macro goals, macro conversion, makrokonvertering, makrokonvertering",
        "micro": "micro, mikro, mikromål, micro goals, micro conversion, mikrokonvertering, mikrokonvertering",
        "kpi": "kpis, kpi name, nøkkeltall, nyckeltal, nøgletal, metric",
        "target": "targets, target value, goal value, måltall, målverdi, målvärde, målværdi, destination",
        "until": "due, deadline, until, ends on, frist, innen, senest, til",
        "baseline": "utgangspunkt, utgångsläge, udgangspunkt, today's value",
        "counts": "event, event name, trigger, page, rule, rules, hendelse, händelse, hændelse, side, how tracked",
        "owner": "responsible, who, ansvarlig, ansvarig, eier, ejer, ägare",
        "department": "team, avdeling, avdelning, afdeling",
        "why": "reason, rationale, description, hvorfor, varför, begrunnelse, begrundelse, beskrivelse, beskrivning",
        "stage": "phase, journey stage, fase, fas, steg",
        "kind": "micro type, kind of micro goal, slag, art",
    }
)


class NothingToPaste(Refusal):
    """The text holds no rows, or more than one paste takes."""

    code = "nothing_to_paste"
    status = 400


@dataclass(frozen=True, slots=True)
class Block:
    """What was pasted: rows of cells, which column is which, and whether the first row is the head."""

    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    has_head: bool

    @property
    def body(self) -> tuple[tuple[str, ...], ...]:
        """Give the rows without their head."""
        return self.rows[1:] if self.has_head else self.rows

    def texts(self, row: Sequence[str]) -> dict[str, str]:
        """Give a row's texts by column, without what is empty or left out."""
        pairs = zip(self.columns, row, strict=False)
        return {column: text.strip() for column, text in pairs if column != LEFT_OUT and text.strip()}


def read(text: str, chosen: Sequence[str] = ()) -> Block:
    """Read pasted text; raise NothingToPaste where it holds no rows, or too many.

    chosen   which column is which, as somebody put it right; without it the head says so, else the order
    """
    if len(text) > MOST_CHARS:
        raise NothingToPaste(_("This is too long for one paste; import it as a file."))
    csv.field_size_limit(MOST_CHARS)
    found = csv.reader(io.StringIO(text.replace("\x00", "")), delimiter="\t")
    rows = [tuple(cell.strip() for cell in row) for row in found]
    rows = [row for row in rows if any(row)]
    if not rows:
        raise NothingToPaste(_("There are no rows in what was pasted. Copy some cells in your spreadsheet first."))
    if len(rows) > MOST_ROWS + 1:
        said = _("%(rows)s rows are too many for one paste; at most %(most)s fit. Import them as a file.")
        raise NothingToPaste(said % {"rows": len(rows), "most": MOST_ROWS})
    width = min(max(map(len, rows)), MOST_COLUMNS)
    whole = tuple((*row[:width], *("",) * (width - len(row))) for row in rows)
    named = _named(whole[0])
    columns = (
        tuple(key if key in LABELS else LEFT_OUT for key in chosen[:width]) if chosen else named or _in_order(width)
    )
    return Block(whole, (*columns, *(LEFT_OUT,) * (width - len(columns))), has_head=bool(named))


def _named(head: Sequence[str]) -> tuple[str, ...]:
    """Give the columns that a head row names, () where it is no head: two of ours, one of which names rows."""
    names = _names()
    found: list[str] = []
    for text in head:
        key = names.get(text.casefold().strip(" *:"), LEFT_OUT)
        found.append(LEFT_OUT if key in found else key)  # the first of two that are called alike
    known = {key for key in found if key}
    return tuple(found) if len(known) >= min(2, len(head)) and known & {"name", "macro", "micro", "kpi"} else ()


def _in_order(width: int) -> tuple[str, ...]:
    order = ("name", "target", "counts", "owner", "department", "why")
    return order[:width]


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    """Give our column for each word that may head it, the labels of every language first."""
    found: dict[str, str] = {}
    for code, _language in settings.LANGUAGES:
        with translation.override(code):
            for key, label in LABELS.items():
                found.setdefault(str(label).casefold(), key)
    for key, words in ALSO.items():
        for word in words.split(","):
            found.setdefault(word.strip(), key)
    return MappingProxyType(found)
