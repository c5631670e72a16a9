"""What the page of paths shows, from an answer: controls, picture, rows. Values only; no HTML."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from analysis.flows import MOST_STEPS
from reports import controls, figures
from reports.controls import Controls, Menu, Option
from reports.flows import drawing
from reports.flows.answer import LEFT, OTHERS, Answer, Column, Node
from reports.flows.leading import Ways, ways
from reports.flows.nodes import EVENT, MOST_DEPTH, PAGE, SHOWN
from reports.flows.question import (
    AFTER,
    APART,
    BEFORE,
    PERSONS,
    SESSIONS,
    TOGETHER,
    TOPS,
    USUAL,
    Asked,
    Known,
)
from reports.funnels.page import window_label
from reports.funnels.question import SESSION, WINDOW_CHOICES
from reports.models import Flow
from reports.segments import only

DIRECTIONS: Mapping[str, Promise] = {AFTER: gettext_lazy("What comes after"), BEFORE: gettext_lazy("What came before")}
UNITS: Mapping[str, Promise] = {SESSIONS: gettext_lazy("Sessions"), PERSONS: gettext_lazy("Persons")}
REPEATS: Mapping[str, Promise] = {
    TOGETHER: gettext_lazy("Repeats are one step"),
    APART: gettext_lazy("Each repeat is a step"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One node as the page shows it: in the picture and in the table."""

    node: Node
    label: str
    is_code: bool
    ways: Ways


@dataclass(frozen=True, slots=True)
class Group:
    """The nodes of one step."""

    column: Column
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One bar of the picture with its label."""

    bar: drawing.Bar
    label: str
    full: str
    figure: str
    url: str
    tone: str

    @property
    def text_x(self) -> float:
        """Give where its label begins."""
        return self.bar.x + drawing.BAR + 6


@dataclass(frozen=True, slots=True)
class DrawnBand:
    outline: str
    full: str
    tone: str


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: float
    heads: tuple[tuple[int, str], ...]
    bars: tuple[Drawn, ...]
    bands: tuple[DrawnBand, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of the form: its options are value, label, and whether it is the current one."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]


def control_row(asked: Asked, known: Known, *, workspace: str) -> Controls:
    """Give the control row; `workspace` is its short name."""
    query, whole = asked.query(), asked.whole()
    steps_url, moves_url = (reverse(f"reports:{name}", args=[workspace]) for name in ("paths-csv", "path-moves"))
    windows = {str(days) if days else SESSION: window_label(days) for days in sorted({*WINDOW_CHOICES, asked.window})}
    steps = {str(n): steps_label(n) for n in range(1, MOST_STEPS + 1)}
    return Controls(
        choices=(
            _saved(asked, known.flows),
            controls.menu_of(whole, "direction", asked.direction, DIRECTIONS, ""),
            controls.menu_of(whole, "show", asked.show, SHOWN, _("Steps are")),
            controls.menu_of(whole, "steps", str(asked.steps), steps, ""),
            controls.menu_of(whole, "window", str(asked.window) if asked.window else SESSION, windows, ""),
            controls.menu_of(whole, "per", asked.per, UNITS, _("Counted")),
            *only.menus(whole, asked.only, known.segments),
        ),
        period=controls.period_menu(asked, has_plan=known.plan is not None),
        compare=None,
        more=(
            *controls.files(_("Steps as CSV"), _("Steps as XLSX"), steps_url, query),
            *controls.files(_("Moves as CSV"), _("Moves as XLSX"), moves_url, query),
        ),
        dates=controls.date_form(asked),
    )


def steps_label(count: int) -> str:
    """Say how many steps are shown."""
    return ngettext("%(n)s step", "%(n)s steps", count) % {"n": count}


def units(asked: Asked, count: int) -> str:
    """Say so many visits or persons."""
    shown = figures.number(count)
    if asked.per == PERSONS:
        return ngettext("%(n)s person", "%(n)s persons", count) % {"n": shown}
    return ngettext("%(n)s session", "%(n)s sessions", count) % {"n": shown}


def point_label(asked: Asked) -> str:
    """Name where the paths begin, or end."""
    if asked.point:
        return asked.point.label
    return _("The visit ends") if asked.is_backwards else _("The visit begins")


def label_of(node: Node, asked: Asked) -> str:
    """Say what people read for a node."""
    if node.kind == OTHERS:
        return ngettext("%(n)s other", "%(n)s others", node.kinds) % {"n": figures.number(node.kinds)}
    if node.kind == LEFT:
        return _("Nothing before") if asked.is_backwards else _("Nothing more")
    return node.label or (_("(a page without a path)") if node.kind == PAGE else "")


def groups(answer: Answer, *, workspace: str) -> list[Group]:
    """Give the rows of the table, step by step."""
    asked = answer.asked
    return [
        Group(
            column,
            step_title(asked, column.number),
            tuple(
                Line(
                    node,
                    label_of(node, asked),
                    node.kind in {PAGE, EVENT},
                    ways(asked, column.number, node, workspace=workspace),
                )
                for node in column.nodes
            ),
        )
        for column in answer.columns
    ]


def step_title(asked: Asked, number: int) -> str:
    """Name a column."""
    if asked.is_backwards:
        return ngettext("%(n)s step before", "%(n)s steps before", number) % {"n": number}
    return _("Step %(n)s") % {"n": number}


def picture(answer: Answer, shown: list[Group]) -> Picture:
    """Give the picture; each bar leads where the row of the table does."""
    asked, laid = answer.asked, drawing.picture(answer)
    point = point_label(asked)
    titles = [_("End") if asked.is_backwards else _("Start"), *(group.title for group in shown)]
    bars = []
    for bar in laid.bars:
        if not bar.column:
            bars.append(Drawn(bar, drawing.shortened(point), point, units(asked, answer.narrowed), "", "point"))
            continue
        line = shown[bar.column - 1].lines[bar.place]
        url = line.ways.through or line.ways.again
        figure = f"{figures.number(line.node.count)} · {figures.percent(line.node.share).text}"
        tone = line.node.kind if line.node.kind in {LEFT, OTHERS} else ""
        bars.append(Drawn(bar, drawing.shortened(line.label), line.label, figure, url, tone))
    heads = tuple(zip(laid.heads, titles, strict=True))
    bands = tuple(_band(answer, band, shown, point) for band in laid.bands)
    return Picture(laid.width, laid.height, heads, tuple(bars), bands)


def _band(answer: Answer, band: drawing.Band, shown: list[Group], point: str) -> DrawnBand:
    here = shown[band.column - 1].lines[band.link.here]
    before = shown[band.column - 2].lines[band.link.before].label if band.column > 1 else point
    ends = (here.label, before) if answer.asked.is_backwards else (before, here.label)
    full = f"{ends[0]} → {ends[1]}: {units(answer.asked, band.link.count)}"
    return DrawnBand(band.outline, full, LEFT if here.node.kind == LEFT else "")


def hidden(asked: Asked) -> list[tuple[str, str]]:
    """Give what the form sends along."""
    typed = {"point", "folders", "depth", "repeats", "top"}
    return [(name, value) for name, value in asked.whole().params().items() if name not in typed]


def form_choices(asked: Asked) -> list[Choice]:
    """Give what the form lets choose."""
    folders = {n: ngettext("First %(n)s folder", "First %(n)s folders", n) % {"n": n} for n in range(1, MOST_DEPTH + 1)}
    depths = {0: _("Whole path"), **folders}
    tops = {n: _("%(n)s most frequent") % {"n": n} for n in TOPS}
    kept = asked.kept()
    repeats = {key: str(label) for key, label in REPEATS.items()}
    return [
        Choice(name, label, tuple((str(key), words, str(key) == kept[name]) for key, words in offered.items()))
        for name, label, offered in (
            ("depth", _("Pages"), depths),
            ("repeats", _("Repeats"), repeats),
            ("top", _("Of each step"), tops),
        )
    ]


def _saved(asked: Asked, flows: Mapping[str, Flow]) -> Menu:
    ranged = {name: value for name, value in asked.params().items() if name in {"period", "from", "to"}}
    is_plain = not asked.saved and not asked.is_changed
    options = (
        Option(_("From the beginning of visits"), "?" + urlencode(ranged), is_current=is_plain),
        Option(
            _("To the end of visits"), "?" + urlencode({"direction": BEFORE} | ranged),
            is_current=not asked.saved and asked.kept() == {**USUAL, "direction": BEFORE},
        ),
        *(
            Option(each.name, "?" + urlencode({"saved": slug} | ranged), is_current=slug == asked.saved)
            for slug, each in flows.items()
        ),
    )  # fmt: skip
    return Menu(_current(asked, flows, options), options, _("Paths"))


def _current(asked: Asked, flows: Mapping[str, Flow], options: tuple[Option, ...]) -> str:
    if asked.saved:
        name = flows[asked.saved].name
        return _("%(name)s, changed") % {"name": name} if asked.is_changed else name
    return next((option.label for option in options if option.is_current), _("Own question"))


def again(asked: Asked) -> str:
    """Give the address of the same question about everybody."""
    return "?" + replace(asked, via=()).query()
