"""What is asked of paths, as one frozen value read from the address and printed back into it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from types import MappingProxyType

from django.utils.translation import gettext as _

from analysis.flows import MOST_STEPS
from goals.models import Goal
from reports.asking import INVALID, Reader, leniently
from reports.flows.nodes import KINDS, MOST_DEPTH, SHOWN, Folders
from reports.funnels.question import LONGEST_WINDOW, SESSION
from reports.funnels.steps import BadStep, Step
from reports.funnels.steps import read as read_step
from reports.models import Flow, Segment
from reports.periods import Span
from reports.question import BadQuestion, Defaults, Fault
from reports.ranged import Ranged
from reports.segments import only
from reports.segments.saved import NONE, Saved, saved_of

DIRECTIONS = AFTER, BEFORE = ("after", "before")
UNITS = SESSIONS, PERSONS = ("sessions", "persons")
TOGETHER, APART = "together", "apart"
TOPS = (5, 10, 20, 50)
MOST_PATTERNS = 20
USUAL: Mapping[str, str] = MappingProxyType(
    {
        "point": "", "direction": AFTER, "show": "pages", "steps": "4", "window": SESSION, "per": SESSIONS,
        "repeats": TOGETHER, "depth": "0", "folders": "", "top": "10", "only": "",
    }
)  # fmt: skip
VIAS = tuple(f"via{n}" for n in range(1, MOST_STEPS + 1))
NAMES = ("saved", *USUAL, *VIAS, "period", "from", "to")
_FOLDER = re.compile(r"/[^\s,]*")


@dataclass(frozen=True, slots=True)
class Known:
    """What a workspace has that a question can name.

    goals     by their short names, with their rules
    flows     the saved ones by their short names
    segments  the saved groups of persons by their short names
    """

    today: date
    plan: Span | None
    goals: Mapping[str, Goal]
    flows: Mapping[str, Flow]
    segments: Mapping[str, Segment]


@dataclass(frozen=True, slots=True)
class Asked(Ranged):
    """Paths from a point, or to it, over one range of local days in which the point lies.

    saved       the short name of the saved question it began as; "" for none
    usual       what each parameter is where the address says nothing: the saved question's, or the page's
    point       an event, page or goal; None for the beginning of a visit, or its end
    direction   after or before
    show        a key of SHOWN
    window      days to follow, to the second; 0: within the visit
    per         what counts: sessions or persons
    collapse    repeats of the same in a row are one step
    top         so many of a step are shown; all others are one
    via         of some steps what has to be there: (step, "page /cart")
    only        the short name of the saved segment whose persons alone count; "" for everybody
    groups      the saved segment that it names, read
    """

    saved: str
    usual: Mapping[str, str]
    point: Step | None
    direction: str
    show: str
    steps: int
    window: int
    per: str
    collapse: bool
    folders: Folders
    top: int
    via: tuple[tuple[int, str], ...]
    period: str
    since: date
    until: date
    only: str = ""
    groups: Saved = NONE

    @property
    def is_backwards(self) -> bool:
        """Say whether what came before is asked for."""
        return self.direction == BEFORE

    @property
    def is_changed(self) -> bool:
        """Say whether it is another question than the one that was saved, or than the page's."""
        return self.kept() != dict(self.usual)

    def kept(self) -> dict[str, str]:
        """Give what is saved of it: all but the dates and what was clicked open."""
        return {
            "point": self.point.text if self.point else "",
            "direction": self.direction,
            "show": self.show,
            "steps": str(self.steps),
            "window": str(self.window) if self.window else SESSION,
            "per": self.per,
            "repeats": TOGETHER if self.collapse else APART,
            "depth": str(self.folders.depth),
            "folders": ", ".join(self.folders.patterns),
            "top": str(self.top),
            "only": self.only,
        }

    def params(self) -> dict[str, str]:
        """Print the question as the address's parameters; `read` reads the same question from them."""
        return {
            **({"saved": self.saved} if self.saved else {}),
            **{name: value for name, value in self.kept().items() if value != self.usual[name]},
            **self.days,
            **{f"via{step}": text for step, text in self.via},
        }

    def through(self, step: int, text: str) -> "Asked":
        """Ask of those alone who were there at a step; nobody's later steps are left open."""
        via = (*((n, kept) for n, kept in self.via if n < step), (step, text))
        return replace(self, via=via)

    def whole(self) -> "Asked":
        """Ask of everybody again."""
        return replace(self, via=())


def read(params: Mapping[str, str], known: Known, *, strict: bool = False) -> Asked:
    """Read the question; what the parameters leave out is taken from the saved question, or else the page's own.

    strict   refuse parameters that mean nothing here
    raises   BadQuestion with every fault at once
    """
    reader = Reader(params)
    if strict:
        reader.refuse_unknown(NAMES)
    period, span = reader.span(Defaults("", known.today, known.plan, "", 0, 0, 0))
    slug = reader.choice("saved", ("", *known.flows), "")
    usual = {**USUAL, **(known.flows[slug].params if slug else {})}
    reader = _over(reader, {name: usual[name] for name in USUAL})
    persons = only.read(reader)
    steps = int(reader.choice("steps", [str(n) for n in range(1, MOST_STEPS + 1)], USUAL["steps"]))
    asked = Asked(
        saved=slug,
        usual=usual,
        point=_point(reader, known),
        direction=reader.choice("direction", DIRECTIONS, AFTER),
        show=reader.choice("show", SHOWN, USUAL["show"]),
        steps=steps,
        window=_window(reader),
        per=reader.choice("per", UNITS, SESSIONS),
        collapse=reader.choice("repeats", (TOGETHER, APART), TOGETHER) == TOGETHER,
        folders=Folders(
            _patterns(reader), int(reader.choice("depth", [str(n) for n in range(MOST_DEPTH + 1)], USUAL["depth"]))
        ),
        top=int(reader.choice("top", [str(n) for n in TOPS], USUAL["top"])),
        via=tuple(_via(reader, steps)),
        period=period,
        since=span.since,
        until=span.until,
        only=persons,
        groups=saved_of([persons] if persons else [], known.segments, known.goals),
    )
    if reader.faults:
        raise BadQuestion(tuple(reader.faults))
    return asked


def read_leniently(params: Mapping[str, str], known: Known) -> tuple[Asked, tuple[Fault, ...]]:
    """Read what can be read, for a page: bad parameters fall back to their defaults and are named."""
    reads = partial(read, known=known)
    try:
        return leniently(reads, params)
    except BadQuestion as refusal:
        # A saved question names a goal that is gone, or what is left no longer fits together.
        rest = {name: params[name] for name in ("period", "from", "to") if name in params}
        return leniently(reads, rest)[0], refusal.faults


def _over(reader: Reader, usual: Mapping[str, str]) -> Reader:
    """Give a reader of the parameters over the usual ones, with the faults so far."""
    whole = Reader({**usual, **reader.params})
    whole.faults = reader.faults
    return whole


def _point(reader: Reader, known: Known) -> Step | None:
    text = reader.params["point"]
    if not text.strip():
        return None
    try:
        return read_step(text, known.goals)
    except BadStep as refusal:
        reader.fault("point", text, str(refusal), code=INVALID)
    return None


def _window(reader: Reader) -> int:
    value = reader.params["window"]
    if value == SESSION:
        return 0
    days = int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 0
    if not 1 <= days <= LONGEST_WINDOW:
        reader.fault("window", value, _("Give session, or a whole number of days from 1 to 90."))
    return days


def _patterns(reader: Reader) -> tuple[str, ...]:
    text = reader.params["folders"]
    patterns = tuple(dict.fromkeys(part for part in re.split(r"[\s,]+", text) if part))
    for pattern in patterns:
        if not _FOLDER.fullmatch(pattern) or "*" not in pattern:
            reader.fault("folders", pattern, _("Give patterns such as /products/*, with a comma between them."))
    if len(patterns) > MOST_PATTERNS:
        reader.fault("folders", text, _("Give at most %(most)s patterns.") % {"most": MOST_PATTERNS})
    return patterns


def _via(reader: Reader, steps: int) -> Iterable[tuple[int, str]]:
    for number, name in enumerate(VIAS, 1):
        text = reader.params.get(name, "")
        if not text:
            continue
        kind, _blank, rest = text.partition(" ")
        if kind not in KINDS or (not rest and kind != KINDS[0]):
            reader.fault(name, text, _("Give what the step shows, such as: page /cart."))
        elif number > steps:
            reader.fault(name, text, _("There are %(steps)s steps.") % {"steps": steps})
        else:
            yield number, text
