"""The control row and the form of an exploration: what can be asked instead."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from reports import controls
from reports.controls import Controls, Menu, Option
from reports.explore.dimensions import EXPLORED, Dimension
from reports.explore.metrics import OF_GOALS, OF_VISITS
from reports.explore.question import MOST_COLUMNS, MOST_LEVELS, SEGMENT_NAMES, TOPS, Asked, Known
from reports.models import Exploration

OF_ONE_GOAL = ("conversions", "rate", "value")  # the columns that choosing a goal gives


def control_row(asked: Asked, known: Known, *, workspace: str) -> Controls:
    """Give the control row; `workspace` is its short name."""
    closed = replace(asked, opened=(), is_all=False)
    address = reverse("reports:explore-csv", args=[workspace])
    levels = [_level(closed, level) for level in range(min(len(asked.by) + 1, MOST_LEVELS))]
    tops = {top: _("%(n)s rows a level") % {"n": top} for top in TOPS}
    return Controls(
        choices=(
            _saved(asked, known.explorations),
            *levels,
            _columns(closed, known),
            *([_goals(closed, known)] if known.goals else []),
            controls.menu_of(closed, "top", str(asked.top), tops, ""),
        ),
        period=controls.period_menu(asked, has_plan=known.plan is not None),
        compare=None,
        more=controls.files(_("Download CSV"), _("Download XLSX"), address, asked.query()),
        dates=controls.date_form(asked),
    )


def _level(asked: Asked, level: int) -> Menu:
    """Let choose what rows are told apart by on a level; taking it away takes those below it, too."""
    now = asked.by[level] if level < len(asked.by) else None
    offered = {key: each for key, each in EXPLORED.items() if each == now or each not in asked.by}
    if now and now.key not in offered:
        offered = {now.key: now} | offered
    options = [
        Option(str(each.label), "?" + _with_level(asked, level, each).query(), is_current=each == now)
        for each in offered.values()
    ]
    without = Option(_("Nothing"), "?" + replace(asked, by=asked.by[:level]).query(), is_current=now is None)
    prefixes = (_("Rows"), _("then"), _("then"))
    label = str(now.label) if now else (_("Totals alone") if not level else _("then by"))
    return Menu(label, (without, *options), prefixes[level])


def _with_level(asked: Asked, level: int, dimension: Dimension) -> Asked:
    by = (*asked.by[:level], dimension, *asked.by[level + 1 :])
    return replace(asked, by=by)


def _columns(asked: Asked, known: Known) -> Menu:
    """Let choose the columns of visits and the workspace's own, each of them by itself; the last column stays."""
    options = []
    for key, label in [*_of_visits(), *_calculated(known)]:
        is_there = key in asked.metrics
        columns = tuple(each for each in asked.metrics if each != key) if is_there else (*asked.metrics, key)
        if 1 <= len(columns) <= MOST_COLUMNS:
            options.append(Option(label, "?" + _with_columns(asked, columns).query(), is_current=is_there))
    return Menu(_("Columns"), tuple(options))


def _of_visits() -> list[tuple[str, str]]:
    return [(key, str(each.label)) for key, each in OF_VISITS.items()]


def _calculated(known: Known) -> list[tuple[str, str]]:
    return [(each.key, each.name) for each in known.calculated.values()]


def _goals(asked: Asked, known: Known) -> Menu:
    """Let choose a goal, whose columns come after those of visits."""
    shown = {key.partition(":")[2] for key in asked.metrics if key.partition(":")[0] in OF_GOALS}
    others = tuple(key for key in asked.metrics if key.partition(":")[0] not in OF_GOALS)
    kept = others[: MOST_COLUMNS - len(OF_ONE_GOAL)]
    live = [goal for goal in known.goals.values() if goal.archived_at is None or goal.slug in shown]
    options = [
        Option(
            goal.name,
            "?" + _with_columns(asked, (*kept, *(f"{name}:{goal.slug}" for name in OF_ONE_GOAL))).query(),
            is_current=goal.slug in shown,
        )
        for goal in live
    ]
    without = Option(_("No goal"), "?" + _with_columns(asked, kept or ("sessions",)).query(), is_current=not shown)
    names = ", ".join(goal.name for goal in live if goal.slug in shown)
    return Menu(names or _("No goal"), (without, *options), _("Goal"))


def _with_columns(asked: Asked, columns: tuple[str, ...]) -> Asked:
    # What is no column any more sorts nothing.
    sort = asked.sort if asked.sort.partition("@")[0] in {*columns, "name"} else ""
    return replace(asked, metrics=columns, sort=sort)


def _saved(asked: Asked, explorations: Mapping[str, Exploration]) -> Menu:
    ranged = {name: value for name, value in asked.params().items() if name in {"period", "from", "to"}}
    is_plain = not asked.saved and not asked.is_changed
    options = (
        Option(_("Sessions by channel"), "?" + urlencode(ranged), is_current=is_plain),
        *(
            Option(each.name, "?" + urlencode({"saved": slug} | ranged), is_current=slug == asked.saved)
            for slug, each in explorations.items()
        ),
    )
    if asked.saved:
        name = explorations[asked.saved].name
        label = _("%(name)s, changed") % {"name": name} if asked.is_changed else name
    else:
        label = options[0].label if is_plain else _("Own question")
    return Menu(label, options, _("Question"))


def hidden(asked: Asked) -> list[tuple[str, str]]:
    """Give what the form sends along."""
    typed = {"by", "metrics", "where", "open", "sort", "order", *SEGMENT_NAMES}
    return [(name, value) for name, value in asked.params().items() if name not in typed]


def offered_conditions(known: Known) -> list[tuple[str, str]]:
    """Give the beginnings of conditions that the form offers, with what they mean."""
    plain = [(f"{key} is ", str(each.label)) for key, each in EXPLORED.items()]
    goals = [(f"goal is {slug}", goal.name) for slug, goal in known.goals.items() if goal.archived_at is None]
    groups = [(f"segment is {slug}", segment.name) for slug, segment in known.segments.items()]
    return [*plain, *goals, *groups]


def offered_columns(known: Known) -> list[tuple[str, str]]:
    """Give the keys of all columns, with what they are."""
    of_goals = [
        (f"{name}:{slug}", f"{goal.name}: {figure.label}")
        for slug, goal in known.goals.items()
        if goal.archived_at is None
        for name, figure in OF_GOALS.items()
    ]
    return [*_of_visits(), *_calculated(known), *of_goals]


def offered_levels() -> list[tuple[str, str]]:
    """Give the keys of all dimensions, with what they are."""
    return [(key, str(each.label)) for key, each in EXPLORED.items()]
