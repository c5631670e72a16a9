"""The worker's side of data-driven models: one run, from the lake to the result that its row keeps."""

import time
from datetime import datetime
from typing import Any, Final, cast

from django.utils.translation import gettext as _

from analysis.arrays import Floats
from analysis.attribution.bootstrap import Shares
from analysis.attribution.credit import NONE
from analysis.attribution.credited import NO_CONVERSION, NO_TOUCH
from analysis.attribution.learning import Given, Learned, learn, transformed
from analysis.attribution.shapley import NO_FAILURE
from analysis.attribution.steps import written
from analysis.attribution.transforms import TRANSFORMS
from goals.models import Goal
from reports import publishing, running
from reports.answer import READY, provenance_of, state_of
from reports.asked import defaults_of
from reports.attribution import question
from reports.attribution.blocks import Stored, stored_of
from reports.attribution.gathering import Walked, gather
from reports.attribution.question import Asked
from reports.models import Run, RunState
from reports.question import BadQuestion
from workspaces import scope
from workspaces.languages import speaking

MOST_KEYS: Final = 300  # each is solved for in every draw; a landing page has thousands, and few journeys each
MOST_SECONDS: Final = 20 * 60  # a worker has others to serve
NOTES: Final = {None: "", NO_TOUCH: "no_touch", NO_CONVERSION: "no_conversion", NO_FAILURE: "no_failure"}


class TooMuch(Exception):
    """The question asks for more than a worker gives; the message says so to whoever asked."""


def work(workspace_id: int, run_id: int, *, now: datetime) -> None:
    """Compute the run, unless somebody else does or did."""
    with running.taken(workspace_id, run_id, now=now) as run:
        if run is None:
            return
        with speaking(run.by.user if run.by else None, run.workspace):
            try:
                result = _computed(run, now)
            # The analysis refuses with ValueError what it can't do; an older version may have asked what is gone.
            except (TooMuch, ValueError, BadQuestion) as fault:
                running.end(run, RunState.FAILED, fault=str(fault))
            else:
                running.end(run, RunState.DONE, result=result)


def _computed(run: Run, now: datetime) -> dict[str, Any]:
    asked, stored = _question(run, now)
    run.of = 1
    watch = _Watch(running.Line(run))
    walked = gather(stored, asked, at_each=watch.step)
    if len(walked.names) > MOST_KEYS:
        words = _(
            "The paths have %(keys)s values; data-driven models take up to %(most)s. Ask for a coarser breakdown."
        )
        raise TooMuch(words % {"keys": len(walked.names), "most": MOST_KEYS})
    model, settings = asked.learned[0], asked.learning
    run.of = watch.line.done + settings.draws + 2
    steps, skipped = _given(asked, walked)
    gathered = transformed(walked.gathered, steps)
    found = learn(
        gathered, model, settings.parameters(model), draws=settings.draws, seed=settings.seed, at_each=watch.step
    )
    return _result(walked, found) | {"skipped": skipped}


def _question(run: Run, now: datetime) -> tuple[Asked, Stored]:
    goal = cast(Goal, run.goal)  # a constraint sees to it
    with scope.in_workspace(run.workspace_id):
        asked = question.read(run.asked, defaults_of(run.workspace, goal, now=now))
    published = publishing.read(run.workspace_id, [goal.pk], since=asked.since, until=asked.until)
    if state_of(published, goal) != READY:
        raise TooMuch(_("The goal's figures are being computed; ask again when they are there."))
    run.version = provenance_of(published, goal, asked.span).data_version
    return asked, stored_of(published, goal)


class _Watch:
    """Tells of each step, and ends what takes too long."""

    def __init__(self, line: running.Line) -> None:
        self.line = line
        self._until = time.monotonic() + MOST_SECONDS

    def step(self) -> None:
        self.line.step()
        if time.monotonic() > self._until:
            words = _(
                "It takes more than %(minutes)s minutes. Ask for fewer draws, a shorter range or a coarser breakdown."
            )
            raise TooMuch(words % {"minutes": MOST_SECONDS // 60})


def _given(asked: Asked, walked: Walked) -> tuple[list[Given], list[str]]:
    """Give the transforms with their keys' codes, and in text those whose key no path has."""
    steps: list[Given] = []
    skipped = []
    for step in asked.learning.steps:
        name, given = step
        if TRANSFORMS[name].takes != "key":
            steps.append((name, None if given is None else int(given)))
        elif given in walked.names:
            steps.append((name, walked.names.index(str(given))))
        else:
            skipped += written([step])
    return steps, skipped


def _result(walked: Walked, found: Learned) -> dict[str, Any]:
    gathered = walked.gathered
    shares = found.intervals.conversions if found.intervals else None
    totals = (gathered.paths.conversions.sum(), gathered.paths.value.sum(), gathered.value_net.sum())
    return {
        "keys": [*walked.names, NONE],
        "conversions": _numbers(found.credited.conversions),
        "value": _numbers(found.credited.value),
        "value_net": _numbers(found.value_net),
        "low": _ends(shares)[0],
        "high": _ends(shares)[1],
        "error": [] if found.error is None else _numbers(found.error),
        "totals": [round(each) for each in totals],
        "journeys": round(gathered.paths.journeys.sum()),
        "unconverted": walked.unconverted,
        "persons": walked.persons,
        "draws": found.intervals.replicates if found.intervals else 0,
        "permutations": found.permutations,
        "note": NOTES[found.credited.note],
        "negative": [walked.names[key] for key in found.negative],
    }


def _ends(shares: Shares | None) -> tuple[list[float], list[float]]:
    return ([], []) if shares is None else (_numbers(shares.low), _numbers(shares.high))


def _numbers(column: Floats) -> list[float]:
    numbers: list[float] = column.tolist()
    return numbers
