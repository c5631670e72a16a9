"""Reads the outline, ours and other people's: an objective, a macro goal, a micro goal, a KPI and a target in a line.

An empty cell means the same as above, as merged cells do, as long as nothing to the left of it starts anew.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from goals.columns import TABLES
from goals.conditions import Misstated, from_text
from goals.document import Document
from goals.models import Level, Measure, Per
from goals.sheets.book import EMPTY, Cell, Line, Sheet
from goals.sheets.entries import Entry
from goals.sheets.matching import Match, headings_of
from goals.sheets.words import AVERAGES, NOTHING, RATES, VALUES

LADDER: Final = ("objective", "macro", "micro", "kpi")  # each stands below the one before
# What of a goal the outline's fields say, by the columns of goals.
_OF_GOAL: Final = {
    "why": "rationale", "moment": "moment", "stage": "stage", "kind": "micro_kind", "department": "department",
    "owner": "owner",
}  # fmt: skip
_OF_OBJECTIVE: Final = {"why": "why", "department": "department", "owner": "owner"}
_EVENT: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
_AROUND: Final = re.compile(
    r"^(>=|≥|>|min\.?|minst|mindst|at least|nok|sek|dkk|eur|usd|gbp|kr\.?|€|\$|£)\s*"
    r"|\s*(kr\.?|,-|nok|sek|dkk|eur|usd|€)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Said:
    """One line, with what stands above it filled in."""

    line: Line
    cells: Mapping[str, Cell]
    ladder: dict[str, str]
    new: set[str] = field(default_factory=set)  # the rungs that the line itself fills

    def text(self, key: str) -> str:
        """Give the words of a field, "" where nothing is meant."""
        text = self.cells.get(key, EMPTY).text
        return "" if text.casefold() in NOTHING else text


def of_outline(sheet: Sheet, match: Match, before: Document) -> Iterable[Entry]:
    """Give what each line says of the rows that it is about."""
    shown = headings_of(sheet, match)
    named = {key: shown[column] for column, key in match.columns.items() if column < len(shown)}
    kpis = {kpi.name.casefold() for kpi in before.kpis}
    for said in _filled_down(sheet, match):
        for table, cells in _rows(said, before, kpis):
            headings = {column: named[key] for column, (key, _cell) in cells.items() if key in named}
            given = {column: cell for column, (_key, cell) in cells.items() if cell.text or cell.fault}
            yield Entry(table, (sheet.name, said.line.number), given, headings, is_whole=False)


def _filled_down(sheet: Sheet, match: Match) -> Iterable[_Said]:
    above = dict.fromkeys(LADDER, "")
    for line in sheet.lines:
        if line.number <= match.heading:
            continue
        cells = {key: line.cell(column) for column, key in match.columns.items()}
        if not any(cell.text or cell.fault for cell in cells.values()):
            continue
        said = _Said(line, _with_levels(cells), {})
        for rung in LADDER:
            cell = said.cells.get(rung, EMPTY)
            if cell.text or cell.fault:
                said.new.add(rung)
            is_same = not cell.text and not said.new
            said.ladder[rung] = above[rung] if is_same else said.text(rung)
        if not said.new and not said.text("target"):
            said.ladder["kpi"] = ""  # a note below a KPI is no second KPI
        above = said.ladder
        yield said


def _with_levels(cells: dict[str, Cell]) -> dict[str, Cell]:
    """Put what is called a goal with the macro or the micro goals, whichever it is."""
    if "goal" not in cells:
        return cells
    rest = {key: cell for key, cell in cells.items() if key != "goal"}
    level = cells.get("level", EMPTY).text.casefold()
    return {("micro" if level.startswith("mi") else "macro"): cells["goal"], **rest}


Keyed = dict[str, tuple[str, Cell]]  # by the table's column: the outline's field, and the cell


def _rows(said: _Said, before: Document, kpis: set[str]) -> Iterable[tuple[str, Keyed]]:
    ladder, goal = said.ladder, said.ladder["micro"] or said.ladder["macro"]
    if ladder["objective"]:
        more = {} if goal or ladder["kpi"] else _some(said, _OF_OBJECTIVE)
        yield "objectives", {"name": ("objective", Cell(ladder["objective"])), **more}
    if said.text("question"):
        yield "questions", _plain(said, objective="objective", text="question")
    if said.text("segment"):
        yield "segments", {"name": ("segment", said.cells["segment"])}
    for rung in ("macro", "micro"):
        if ladder[rung]:
            yield "goals", _goal(said, rung, before, is_told=rung == ("micro" if ladder["micro"] else "macro"))
    if ladder["kpi"]:
        yield "kpis", _kpi(said, goal, kpis)
    if said.text("target") and ladder["kpi"]:
        yield "targets", _target(said, before)
    elif said.text("target"):
        yield "kpis", {"name": ("kpi", EMPTY), "goal": ("macro", Cell(goal))}
    if goal and (said.text("event_name") or (said.text("where") and not ladder["kpi"])):
        spec = _some(said, {"event_name": "event_name"} | ({} if ladder["kpi"] else {"where": "place"}))
        yield "specs", {"goal": ("macro", Cell(goal)), **spec}


def _goal(said: _Said, rung: str, before: Document, *, is_told: bool) -> Keyed:
    ladder = said.ladder
    known = {row.name.casefold(): row for row in before.goals}.get(ladder[rung].casefold())
    supported = {row.name for row in before.goals if known and row.slug in known.supports}
    level = Level.MICRO if rung == "micro" else Level.MACRO
    found: Keyed = {"name": (rung, Cell(ladder[rung])), "level": (rung, Cell(level.value))}
    if ladder["objective"] and (is_told or known is None):
        found["objective"] = ("objective", Cell(ladder["objective"]))
    # A goal that supports several macro goals stands below one of them alone.
    if level is Level.MICRO and ladder["macro"] and ladder["macro"] not in supported:
        supports = TABLES["goals"].column("supports")
        found["supports"] = ("macro", Cell(supports.text((ladder["macro"],))))
    # What a line says beside a KPI below the same goal as above is said of the KPI.
    if is_told and (rung in said.new or "kpi" not in said.new):
        found |= _some(said, _OF_GOAL)
        if said.text("rules"):
            found |= _rules(said)
    return found


def _rules(said: _Said) -> Keyed:
    """Read what counts: our own rules, a path, an event's name; else the words stay words."""
    text = said.text("rules")
    parts = urlsplit(text) if text.startswith(("http://", "https://")) else None
    path = (parts.path or "/") if parts else text
    written = f"page {path}" if path.startswith("/") else f"event {text}" if _EVENT.fullmatch(text) else text
    try:
        from_text(written)
    except Misstated:
        return {} if said.text("moment") else {"moment": ("rules", Cell(text))}
    return {"rules": ("rules", Cell(written))}


def _kpi(said: _Said, goal: str, kpis: set[str]) -> Keyed:
    name = said.ladder["kpi"]
    found: Keyed = {"name": ("kpi", Cell(name)), "goal": ("macro", Cell(goal))}
    found |= _some(said, {"measure": "measure", "per": "per", "metric": "metric", "where": "data_source"})
    if "measure" not in found and name.casefold() not in kpis:
        measure = measure_of(name, said.cells.get("target", EMPTY).text)
        found["measure"] = ("kpi", Cell(measure.value))
        if measure is Measure.RATE and "per" not in found:
            found["per"] = ("kpi", Cell(Per.SESSIONS.value))
    if not said.new & {"macro", "micro"}:
        found |= _some(said, {"department": "department", "owner": "owner"})
    kpis.add(name.casefold())
    return found


def measure_of(name: str, target: str) -> Measure:
    """Tell what a KPI measures by its name and target."""
    words = name.casefold()
    if target.rstrip().endswith("%") or any(word in words for word in RATES):
        return Measure.RATE
    if any(word in words for word in AVERAGES):
        return Measure.AVERAGE
    return Measure.VALUE if any(word in words for word in VALUES) else Measure.COUNT


def _target(said: _Said, before: Document) -> Keyed:
    cell = said.cells["target"]
    value = cell if cell.is_number or cell.fault else Cell(_AROUND.sub("", _AROUND.sub("", cell.text)).strip())
    found: Keyed = {"kpi": ("kpi", Cell(said.ladder["kpi"])), "value": ("target", value)}
    for key, usual in (("starts_on", before.plan.starts_on), ("ends_on", before.plan.ends_on)):
        found[key] = (key, said.cells[key] if said.text(key) else Cell(usual))
    return found | _some(said, {"baseline": "baseline", "segment": "segment"})


def _plain(said: _Said, **columns: str) -> Keyed:
    return {
        column: (key, Cell(said.ladder[key]) if key in said.ladder else said.cells[key])
        for column, key in columns.items()
    }


def _some(said: _Said, columns: Mapping[str, str]) -> Keyed:
    """Give those cells that say something, by the columns of the table."""
    return {column: (key, said.cells[key]) for key, column in columns.items() if said.text(key) or _faulty(said, key)}


def _faulty(said: _Said, key: str) -> bool:
    return bool(said.cells.get(key, EMPTY).fault)
