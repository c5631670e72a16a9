"""Where a node of the paths leads: it becomes the next start, what everybody has to go through, or a funnel's step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from analysis.flows import MOST_STEPS
from goals.conditions import Misstated, parse, to_text
from reports.flows.answer import Node
from reports.flows.nodes import BOTH, EVENT, GOAL, PAGE
from reports.flows.question import Asked
from reports.funnels.question import SESSION, STEP_NAMES
from reports.models.funnel import LONGEST_STEP

ANY_PAGE = "event page_view"


@dataclass(frozen=True, slots=True)
class Ways:
    """Addresses, each "" where there is none.

    start     the same question from here
    through   of those alone who were here; with one more step where this is the last
    again     of everybody again, where this is what they go through
    funnel    the way to here as a funnel
    """

    start: str = ""
    through: str = ""
    again: str = ""
    funnel: str = ""
    is_last: bool = False


def ways(asked: Asked, step: int, node: Node, *, workspace: str) -> Ways:
    """Give where a node of a step leads; `workspace` is its short name."""
    if not node.text:
        return Ways()
    is_last = step == asked.steps < MOST_STEPS
    narrowed = asked.through(step, node.text)
    is_through = (step, node.text) in asked.via
    point = step_text(node.kind, node.name)
    start = asked.whole().query({"point": point})
    further = replace(narrowed, steps=asked.steps + 1) if is_last else narrowed
    rest = replace(asked, via=tuple(each for each in asked.via if each[0] < step))
    return Ways(
        start=f"?{start}" if point else "",
        through="" if is_through and not is_last else f"?{further.query()}",
        again=f"?{rest.query()}" if is_through else "",
        funnel=_funnel(asked, step, point, workspace) if point else "",
        is_last=is_last,
    )


def step_text(kind: str, name: str) -> str:
    """Write a node as steps of funnels are typed; "" where no step says it."""
    text = ""
    if kind == GOAL:
        text = "" if BOTH in name else f"goal {name}"
    elif kind == EVENT:
        text = _text([{"field": "name", "operator": "is", "value": name}])
    elif kind == PAGE:
        path = {"field": "path", "operator": "matches" if "*" in name else "is", "value": name}
        text = _text([{"field": "name", "operator": "is", "value": "page_view"}, path])
    return text if len(text) <= LONGEST_STEP else ""


def _text(rule: list[dict[str, str]]) -> str:
    try:
        return to_text(parse([rule]))
    except Misstated:
        return ""  # a page without a path, say


def _funnel(asked: Asked, step: int, point: str, workspace: str) -> str:
    own = [asked.point.text] if asked.point else []
    between = [step_text(*text.split(" ", 1)) for n, text in asked.via if n < step and " " in text]
    steps = [*own, *between, point]
    if len(steps) == 1:
        steps = [ANY_PAGE, point]
    return f"{reverse('reports:funnels', args=[workspace])}?{_query(asked, steps)}"


def _query(asked: Asked, steps: Sequence[str]) -> str:
    ordered = [each for each in (reversed(steps) if asked.is_backwards else steps) if each][: len(STEP_NAMES)]
    dates = {name: value for name, value in asked.params().items() if name in {"period", "from", "to"}}
    window = {"window": str(asked.window) if asked.window else SESSION}
    only = {"only": asked.only} if asked.only else {}
    return urlencode(dict(zip(STEP_NAMES, ordered, strict=False)) | window | only | dates)
