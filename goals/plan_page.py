"""The plan's page as rows of cells: what is asked to be shown, and what stands in each cell."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from goals import grid, kinds
from goals.grid import Field
from goals.models import Goal, Kpi, Objective, Plan, Question, Target, Tracked
from goals.outline import Line, outline

_SHOWN_AS: Final = {"name": "name", "target": "target", "until": "day"}
VIEWS: Final = ("outline", "tree", "departments")
LEVELS: Final = ("objective", "macro", "micro", "kpi")
TONES: Final = {
    Tracked.VERIFIED: "good", Tracked.WAITING: "warn", Tracked.SILENT: "warn", Tracked.BROKEN: "bad",
    Tracked.UNDEFINED: "none",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks to see: which columns, which rows, in which view; None and "" ask for all."""

    view: str = "outline"
    columns: str | None = None
    department: str = ""
    level: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """Read an address; what it can't mean asks for nothing."""
        view, level = query.get("view", ""), query.get("level", "")
        getlist = getattr(query, "getlist", None)
        chosen = ",".join(getlist("columns")) if getlist and "columns" in query else None
        return cls(
            view=view if view in VIEWS else "outline",
            columns=chosen,
            department=query.get("department", "")[:80],
            level=level if level in LEVELS else "",
        )

    def query(self, **changed: str | None) -> str:
        """Write the address's query with some of it changed; "?" asks for nothing."""
        now = {"view": self.view, "columns": self.columns, "department": self.department, "level": self.level} | changed
        kept = {name: value for name, value in now.items() if value or (name == "columns" and value is not None)}
        if kept.get("view") == "outline":
            del kept["view"]
        return f"?{urlencode(kept, safe=',')}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    show      how it is shown: name, days, now, target, counts, tracking, day or text
    text      its words
    typed     as it is typed, where that is something else than its words; None where it is not
    is_open   whether it can be written here
    """

    field: Field
    show: str
    text: str = ""
    typed: str | None = None
    is_open: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its line, its address on the page, what kind of row it is in a word, and its cells.

    span   how many columns its name takes: an objective's is long, and the columns beside it are not for objectives
    """

    line: Line
    id: str
    kind: str
    word: str
    has_below: bool
    cells: tuple[Cell, ...]
    span: int = 1

    @property
    def slug(self) -> str:
        """Give a goal's name in addresses, "" for other rows: goals alone have pages of figures."""
        return self.line.goal.slug if self.kind == "goal" and self.line.goal else ""

    @property
    def is_named(self) -> bool:
        """Say whether the row's name stands out."""
        return self.kind in {"goal", "objective"}

    @property
    def level(self) -> int:
        """Give the depth as screen readers count it."""
        return self.line.depth + 1


@dataclass(frozen=True, slots=True)
class Node:
    """A row of the tree with what hangs on it: a goal's KPIs stand in its own box."""

    row: SheetRow
    kpis: list[SheetRow]
    below: "list[Node]"


def sheet(plan: Plan, asked: Asked, *, today: date) -> list[SheetRow]:
    """Give the rows of the plan's page, from the top."""
    fields = grid.chosen(asked.columns)
    lines = list(_asked_for(outline(plan, today=today), asked))
    if asked.view == "departments":
        lines = list(_by_department(lines))
    deeper = [*(line.depth for line in lines[1:]), 0]
    return [_row(line, fields, today, has_below=depth > line.depth) for line, depth in zip(lines, deeper, strict=False)]


def sheet_row(line: Line, asked: Asked, *, today: date, has_below: bool) -> SheetRow:
    """Give one row alone."""
    return _row(line, grid.chosen(asked.columns), today, has_below=has_below)


def has_place(plan: Plan | None, asked: Asked) -> Callable[[Goal | Kpi], bool]:
    """Give what says whether a row is shown: one that is filtered out has no place for figures that come later."""
    if plan is None or not (asked.department or asked.level):
        return lambda _row: True
    shown = frozenset(kinds.address(line.row) for line in _asked_for(outline(plan), asked) if line.row)
    return lambda row: kinds.address(row) in shown


def tree(rows: Iterable[SheetRow]) -> list[Node]:
    """Give the rows as a tree, without questions; targets stay with their KPIs."""
    roots: list[Node] = []
    path: list[Node] = []
    for row in rows:
        if row.kind in {"question", "target"}:
            continue
        path = [node for node in path if node.row.line.depth < row.line.depth]
        if row.kind == "kpi" and path:
            path[-1].kpis.append(row)
            continue
        node = Node(row, [], [])
        (path[-1].below if path else roots).append(node)
        path.append(node)
    return roots


def department_of(line: Line) -> str:
    """Give the department that a line belongs to."""
    row = line.kpi if line.kind == "target" else line.row
    own = getattr(row, "department", "")
    return own or (line.goal.department if line.goal else "") or ""


def departments(lines: Iterable[Line]) -> list[str]:
    """Give the departments that the lines name, in order."""
    return sorted({department_of(line) for line in lines} - {""}, key=str.casefold)


def _asked_for(lines: Sequence[Line], asked: Asked) -> Iterator[Line]:
    """Leave out lines that were not asked for, but for those that others stand under."""
    kept: set[int] = set()
    above: list[int] = []  # the places of the lines that the next one stands under, the outermost first
    for place, line in enumerate(lines):
        above = [each for each in above if lines[each].depth < line.depth]
        if _is_asked_for(line, asked):
            kept |= {place, *above}
        above.append(place)
    yield from (line for place, line in enumerate(lines) if place in kept)


def _by_department(lines: Sequence[Line]) -> Iterator[Line]:
    """Group goals and their KPIs by department; those of none come last."""
    wanted = [line for line in lines if line.goal]
    for department in [*departments(wanted), ""]:
        own = [line for line in wanted if department_of(line) == department]
        if own:
            yield Line("objective", 0, department or _("Without a department"))
        yield from (replace(line, depth={"kpi": 2, "target": 3}.get(line.kind, 1)) for line in own)


def _is_asked_for(line: Line, asked: Asked) -> bool:
    kind = "kpi" if line.kind == "target" else "objective" if line.kind == "question" else line.kind
    if asked.level and kind != asked.level:
        return False
    return not asked.department or department_of(line) == asked.department


def _row(line: Line, fields: Sequence[Field], today: date, *, has_below: bool) -> SheetRow:
    row = line.row
    if row is None:
        cells = tuple(_empty(line, each) for each in fields)
        return SheetRow(line, "none", "none", "", has_below, cells[:1], span=len(cells))
    cells = tuple(_cell(line, row, each, today) for each in fields)
    span = _span(cells) if isinstance(row, Objective | Question) else 1
    return SheetRow(
        line=line,
        id=kinds.address(row),
        kind=kinds.kind_of(row).key,
        word=_word(row),
        has_below=has_below,
        cells=(cells[0], *cells[span:]),
        span=span,
    )


def _span(cells: Sequence[Cell]) -> int:
    return next((place for place, cell in enumerate(cells) if place and (cell.is_open or cell.text)), len(cells))


def _empty(line: Line, field: Field) -> Cell:
    return Cell(field, "name", line.name) if field.key == "name" else Cell(field, "text")


def _word(row: Any) -> str:  # a row of the page
    match row:
        case Objective():
            return _("Objective")
        case Question():
            return _("Question")
        case Kpi():
            measured = row.metric.name if row.metric else f"{row.get_measure_display()} {row.get_per_display()}"
            return " · ".join(filter(None, (_("KPI"), measured.strip())))
        case Goal():
            return " · ".join(filter(None, (row.get_level_display(), row.get_micro_kind_display())))
    return _("Target")


def _cell(line: Line, row: Any, field: Field, today: date) -> Cell:  # a row of the page
    key = field.key
    if key == "tracking":
        return _tracking(row, field)
    if key == "now":
        return Cell(field, "now" if isinstance(row, Goal | Kpi) else "text")
    if not grid.is_open(row, key):
        return Cell(field, "days" if key == "name" and isinstance(row, Target) else "text")
    if key == "counts":
        typed = grid.text_of(row, key)
        return Cell(field, "counts", line.code or line.words, None if typed == line.code else typed, is_open=True)
    typed = grid.text_of(row, key, today=today)
    text = _shown(row, key, typed)
    show = _SHOWN_AS.get(key, "text") if typed else "text"
    return Cell(field, show, text, None if text == typed and show in {"text", "name"} else typed, is_open=True)


def _shown(row: Any, key: str, typed: str) -> str:  # a row of the page
    if key == "owner" and isinstance(row, Objective | Goal | Kpi):
        return str(row.owner.user) if row.owner else ""
    if key == "stage":
        return typed.partition(":")[0]  # "See: gets to know of it" stands on one line
    return typed


def _tracking(row: Any, field: Field) -> Cell:  # a row of the page
    if not isinstance(row, Goal):
        return Cell(field, "text")
    watch = getattr(row, "watch", None)
    state = Tracked(watch.state) if watch else None if row.rules.all() else Tracked.UNDEFINED
    if state is None:
        return Cell(field, "tracking", "")
    return Cell(field, "tracking", str(state.label), tone=TONES[state])
