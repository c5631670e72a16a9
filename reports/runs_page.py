"""Runs as the page lists them: what each is, how far, why, and what may be done about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports import figures
from reports.asking import INVALID
from reports.attribution.learning import LABELS, LEARNED
from reports.controls import Menu, Option
from reports.models import UNDER_WAY, Run, RunKind, RunState
from reports.question import Fault
from reports.running import AGAIN

# What the list can be narrowed to, by the word in the address.
STATES: Final[Mapping[str, tuple[Promise, tuple[str, ...]]]] = {
    "": (gettext_lazy("All states"), ()),
    "now": (gettext_lazy("Under way"), UNDER_WAY),
    "bad": (gettext_lazy("Failed or cancelled"), (RunState.FAILED, RunState.CANCELLED)),
    "done": (gettext_lazy("Done"), (RunState.DONE,)),
}
KINDS: Final[Mapping[str, Promise | str]] = {
    "": gettext_lazy("All kinds"),
    **{kind.value: kind.label for kind in RunKind},
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which runs are listed: a key of KINDS, and one of STATES."""

    kind: str = ""
    state: str = ""

    def query(self, **changes: str) -> str:
        """Give the address's query of this filter, with changes."""
        chosen = {"kind": self.kind, "state": self.state} | changes
        return urlencode({name: value for name, value in chosen.items() if value})

    def of(self, rows: "QuerySet[Run]") -> "QuerySet[Run]":
        """Give those of the rows that it lets through."""
        if self.kind:
            rows = rows.filter(kind=self.kind)
        return rows.filter(state__in=STATES[self.state][1]) if self.state else rows

    def menus(self) -> tuple[Menu, Menu]:
        """Give the choices."""
        states = {key: label for key, (label, _states) in STATES.items()}
        return self._menu("kind", self.kind, KINDS, _("Kind")), self._menu("state", self.state, states, _("State"))

    def _menu(self, name: str, current: str, labels: Mapping[str, Promise | str], prefix: str) -> Menu:
        options = tuple(
            Option(str(label), f"?{self.query(**{name: key})}", is_current=key == current)
            for key, label in labels.items()
        )
        return Menu(str(labels[current]), options, prefix)


@dataclass(frozen=True, slots=True)
class Row:
    """One run in words.

    url        of its question or its goal; "" where it has neither
    state      what it does, or came to
    progress   "3 of 12 goals"; "" before that is known, and where it says nothing
    scope      days and persons; "" where none are known
    cost       how long, how often, and what it took of the processor
    """

    run: Run
    label: str
    url: str
    state: str
    progress: str
    scope: str
    cost: str
    may_start: bool


def read(given: Mapping[str, str]) -> tuple[Filter, tuple[Fault, ...]]:
    """Read the filter from an address, leniently; with what is wrong with it."""
    known = {"kind": KINDS, "state": STATES}
    faults = tuple(
        Fault(INVALID, name, given[name][:60], _("There is no such choice."))
        for name, choices in known.items()
        if given.get(name, "") not in choices
    )
    bad = {fault.field for fault in faults}
    return Filter(**{name: given.get(name, "") for name in known if name not in bad}), faults


def rows_of(runs: Iterable[Run], *, newest: frozenset[int], slug: str) -> list[Row]:
    """Give the rows of a page.

    runs     that reports.at_work has seen
    newest   ids of the last run of each kind: a pass that another one followed is not begun again
    slug     the workspace's
    """
    return [_row(run, newest, slug) for run in runs]


def newest_of(runs: "QuerySet[Run]") -> frozenset[int]:
    """Give the ids of the last run of each kind."""
    rows = runs.order_by("kind", "-created_at", "-pk").distinct("kind")
    return frozenset(rows.values_list("pk", flat=True))


def _row(run: Run, newest: frozenset[int], slug: str) -> Row:
    kind = RunKind(run.kind)
    is_last = kind == RunKind.MODEL or run.pk in newest
    return Row(
        run=run,
        label=_model(run) if kind == RunKind.MODEL else str(kind.label),
        url=_url(run, slug),
        state=_state(run),
        progress=UNITS[kind](run) if run.state == RunState.RUNNING and run.of else "",
        scope=" · ".join(_scope(run)),
        cost=" · ".join(_cost(run)),
        may_start=kind in AGAIN and run.has_ended_badly and is_last,
    )


def _state(run: Run) -> str:
    if run.is_under_way and run.cancel_asked_at is not None:
        return _("Is about to end")
    if run.is_interrupted:  # type: ignore[attr-defined]  # annotated by reports.at_work
        return _("Interrupted; the next try takes it up")
    return str(RunState(run.state).label)


def _model(run: Run) -> str:
    asked = str(run.asked.get("models", "")).split(",")
    return str(next((LABELS[model] for model in asked if model in LEARNED), ""))


def _url(run: Run, slug: str) -> str:
    if run.goal is None:
        return ""
    if run.kind == RunKind.MODEL:
        return f"{reverse('reports:attribution', args=[slug])}?{urlencode(run.asked)}"
    if run.kind == RunKind.EVIDENCE:
        return f"{reverse('reports:evidence', args=[slug])}?{urlencode({'goal': run.goal.slug})}"
    return reverse("reports:goal", args=[slug, run.goal.slug])


def _scope(run: Run) -> Iterable[str]:
    if run.since is not None and run.until is not None:
        yield figures.days(run.since, run.until)
    if run.persons is not None:
        words = ngettext("%(n)s person alone", "%(n)s persons alone", run.persons)
        yield words % {"n": figures.number(run.persons)}


def _cost(run: Run) -> Iterable[str]:
    if run.times > 1:
        yield ngettext("%(n)s time", "%(n)s times", run.times) % {"n": figures.number(run.times)}
    if run.took is not None:
        yield figures.duration(run.took)
    if run.cpu_seconds and not run.is_under_way:
        seconds = figures.number(run.cpu_seconds, 1)
        yield _("%(seconds)s s of the processor") % {"seconds": seconds}


def _counted(run: Run, words: str) -> str:
    numbers: dict[str, Any] = {"done": figures.number(run.done), "of": figures.number(run.of)}
    return words % numbers


def _goals(run: Run) -> str:
    return _counted(run, ngettext("%(done)s of %(of)s goal", "%(done)s of %(of)s goals", run.of))


def _days(run: Run) -> str:
    return _counted(run, ngettext("%(done)s of %(of)s day", "%(done)s of %(of)s days", run.of))


def _steps(run: Run) -> str:
    return _counted(run, ngettext("%(done)s of %(of)s step", "%(done)s of %(of)s steps", run.of))


UNITS: Final[Mapping[RunKind, Callable[[Run], str]]] = {
    RunKind.MODEL: _steps,
    RunKind.FILL: _goals,
    RunKind.DERIVATION: _days,
    RunKind.EVIDENCE: _steps,
}
