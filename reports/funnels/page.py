"""What the funnel page shows, from an answer: controls, steps, rows, facts. Values only; no HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from analysis.funnels import MOST_STEPS
from analysis.rates import Rate, rate
from reports import controls, figures
from reports.controls import INTERVAL_LABELS, Controls, Menu, Option
from reports.funnels.answer import Answer, SegmentFigures, StepFigures
from reports.funnels.leaving import NOTHING_MORE, PAGE, Next
from reports.funnels.question import SESSION, STEP_NAMES, WINDOW_CHOICES, Asked, Known
from reports.funnels.segments import SAVED, SEGMENTS, WHOLE
from reports.funnels.steps import of_goal
from reports.models import Funnel
from reports.models.funnel import StepOrder
from reports.question import AUTO
from reports.segments import only

MOST_NEXT = 50  # rows; what follows them is one row that counts them, and the file has all
WHOLE_LABEL: Promise = gettext_lazy("Everybody")


class Named(Protocol):
    """A goal as steps name it."""

    @property
    def slug(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One step as the page shows it; widths are of the bar, `beside` of the segment's."""

    figures: StepFigures
    width: str
    beside: int | None
    beside_width: str
    beside_rate: Rate | None
    drop_url: str
    is_open: bool

    @property
    def label(self) -> str:
        """Give the step's name."""
        return self.figures.step.label


@dataclass(frozen=True, slots=True)
class Edited:
    """One step in the form: what is typed, and the links that move it."""

    number: int
    name: str
    text: str
    up: str
    down: str
    without: str


@dataclass(frozen=True, slots=True)
class SegmentLine:
    row: SegmentFigures
    url: str
    is_beside: bool


@dataclass(frozen=True, slots=True)
class NextLine:
    label: str
    persons: int
    share: float
    is_code: bool = False


def control_row(asked: Asked, known: Known, *, workspace: str) -> Controls:
    """Give the control row; `workspace` is its short name."""
    closed = replace(asked, drop=0)
    slug, query = workspace, asked.query()
    windows = {str(days) if days else SESSION: window_label(days) for days in sorted({*WINDOW_CHOICES, asked.window})}
    groups = {slug: each.name for slug, each in known.segments.items()}
    segments = {WHOLE: str(WHOLE_LABEL), **{key: str(each.label) for key, each in SEGMENTS.items()}}
    segments |= {f"{SAVED}{slug}": name for slug, name in groups.items()}
    segments.setdefault(asked.by, asked.told_by)  # it names a segment that is gone
    whole = replace(closed, beside="")
    intervals = tuple(
        Option(str(label), "?" + asked.query({"interval": key}), is_current=key == _interval(asked))
        for key, label in INTERVAL_LABELS.items()
    )
    return Controls(
        choices=(
            _funnels(closed, known.funnels),
            controls.menu_of(closed, "order", asked.order, dict(StepOrder.choices), _("Order")),
            controls.menu_of(closed, "window", str(asked.window) if asked.window else SESSION, windows, _("Window")),
            controls.menu_of(whole, "by", asked.by, segments, _("Told apart by")),
            *only.menus(closed, asked.only, known.segments),
        ),
        period=controls.period_menu(closed, has_plan=known.plan is not None),
        compare=None,
        more=(
            *controls.files(_("Steps as CSV"), _("Steps as XLSX"), reverse("reports:funnel-csv", args=[slug]), query),
            *controls.files(_("Trend as CSV"), _("Trend as XLSX"), reverse("reports:funnel-trend", args=[slug]), query),
            *_next_file(asked, slug),
            *intervals,
        ),
        dates=controls.date_form(closed),
    )  # fmt: skip


def _next_file(asked: Asked, slug: str) -> tuple[Option, ...]:
    if not asked.drop:
        return ()
    address = reverse("reports:funnel-next", args=[slug])
    return controls.files(_("Next events as CSV"), _("Next events as XLSX"), address, asked.query())


def window_label(days: int) -> str:
    """Say within which time the steps lie."""
    if not days:
        return _("Within one session")
    return ngettext("Within %(n)s day", "Within %(n)s days", days) % {"n": days}


def lines(answer: Answer) -> list[Line]:
    """Give the steps."""
    asked, beside = answer.asked, answer.beside
    found = []
    for step in answer.steps:
        place = step.number - 1
        is_open = asked.drop == place > 0
        url = replace(asked, drop=0 if is_open else place).query() + ("" if is_open else "#left")
        found.append(
            Line(
                figures=step,
                width=_width(step.persons, answer.entered),
                beside=beside.persons[place] if beside else None,
                beside_width=_width(beside.persons[place], beside.persons[0]) if beside else "",
                beside_rate=rate(beside.persons[place], beside.persons[0]) if beside else None,
                drop_url=f"?{url}" if step.lost else "",
                is_open=is_open,
            )
        )
    return found


def edited(asked: Asked) -> list[Edited]:
    """Give the rows of the form: the steps, and an empty one where there is room."""
    steps, found = asked.steps, []
    for place, step in enumerate(steps):
        up = (*steps[: place - 1], step, steps[place - 1], *steps[place + 1 :]) if place else ()
        down = (*steps[:place], steps[place + 1], step, *steps[place + 2 :]) if place + 1 < len(steps) else ()
        rest = (*steps[:place], *steps[place + 1 :])
        urls = ("?" + asked.with_steps(each).query() if len(each) > 1 else "" for each in (up, down, rest))
        found.append(Edited(place + 1, STEP_NAMES[place], step.text, *urls))
    while len(found) < MOST_STEPS and (len(found) < 2 or len(found) == len(steps)):
        found.append(Edited(len(found) + 1, STEP_NAMES[len(found)], "", "", "", ""))
    return found


def hidden(asked: Asked) -> list[tuple[str, str]]:
    """Give what the form sends along."""
    left_out = {*STEP_NAMES, "drop", "beside"}
    return [(name, value) for name, value in asked.params().items() if name not in left_out]


def offered(goals: Sequence[Named], names: Sequence[str]) -> list[tuple[str, str]]:
    """Give what the form offers for a step, with what it means."""
    of_goals = [(of_goal(goal), goal.name) for goal in goals]  # type: ignore[arg-type]  # its short name is all it takes
    return [*of_goals, ("page /*", _("any page")), *((f"event {name}", name) for name in names)]


def segment_lines(answer: Answer) -> list[SegmentLine]:
    """Give the segments, each with the link that puts it beside the whole."""
    asked = answer.asked
    return [
        SegmentLine(
            row, "?" + replace(asked, beside="" if row.key == asked.beside else row.key).query(),
            row.key == asked.beside,
        )
        for row in answer.segments
    ]  # fmt: skip


def next_lines(answer: Answer) -> list[NextLine]:
    """Give what those did next who left, most first; what is not listed is counted in a row of its own."""
    rows = answer.following or ()
    whole = sum(row.persons for row in rows)
    found = [NextLine(next_label(row), row.persons, row.persons / whole, row.kind != NOTHING_MORE) for row in rows]
    rest = rows[MOST_NEXT:]
    if not rest:
        return found
    others = sum(row.persons for row in rest)
    label = ngettext("%(n)s other thing", "%(n)s other things", len(rest)) % {"n": figures.number(len(rest))}
    return [*found[:MOST_NEXT], NextLine(label, others, others / whole)]


def next_label(row: Next) -> str:
    """Say what people did next."""
    if row.kind == NOTHING_MORE:
        return _("Nothing more")
    return (row.label or _("(a page without a path)")) if row.kind == PAGE else row.label


def left_title(answer: Answer) -> str:
    """Name those whose next events are shown."""
    return _("After %(step)s and no further") % {"step": answer.steps[answer.asked.drop - 1].step.label}


def _funnels(asked: Asked, funnels: Mapping[str, Funnel]) -> Menu:
    ranged = {name: value for name, value in asked.params().items() if name in {"period", "from", "to"}}
    options = (
        Option(_("The plan's funnel"), "?" + urlencode(ranged), is_current=not asked.funnel and not asked.is_own),
    )
    saved = (
        Option(each.name, "?" + urlencode({"funnel": slug} | ranged), is_current=slug == asked.funnel)
        for slug, each in funnels.items()
    )
    return Menu(_current(asked, funnels), (*options, *saved), _("Funnel"))


def _current(asked: Asked, funnels: Mapping[str, Funnel]) -> str:
    name = funnels[asked.funnel].name if asked.funnel else _("The plan's funnel")
    if not asked.is_own:
        return name
    return _("%(name)s, changed") % {"name": name} if asked.funnel else _("Own steps")


def _interval(asked: Asked) -> str:
    return AUTO if asked.is_auto else asked.interval


def _width(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}%" if whole else "0%"
