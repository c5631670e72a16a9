"""What is asked of a funnel, as one frozen value read from the address and printed back into it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from django.utils.translation import gettext as _

from analysis.funnels import FEWEST_STEPS, MOST_STEPS
from goals.models import Goal
from reports import periods
from reports.asking import INVALID, Reader, leniently
from reports.funnels.segments import SAVED, SEGMENTS, WHOLE
from reports.funnels.steps import BadStep, Step
from reports.funnels.steps import read as read_step
from reports.models import Funnel, Segment
from reports.models.funnel import StepOrder
from reports.periods import Span
from reports.question import AUTO, INTERVALS, BadQuestion, Defaults, Fault
from reports.ranged import Ranged
from reports.segments import only
from reports.segments.saved import NONE, Saved, saved_of

STEP_NAMES = tuple(f"step{n}" for n in range(1, MOST_STEPS + 1))
NAMES = ("funnel", *STEP_NAMES, "order", "window", "period", "from", "to", "by", "only", "beside", "interval", "drop")
SESSION = "session"
DEFAULT_WINDOW = 14  # days; a fortnight holds most purchases and is read in one go
WINDOW_CHOICES = (0, 1, 7, 14, 30, 60, 90)  # days that the page offers; 0 is one session
LONGEST_WINDOW = 90


@dataclass(frozen=True, slots=True)
class Known:
    """What a workspace has that a question can name.

    goals     by their short names, with their rules
    funnels   the saved ones by their short names
    segments  the saved groups of persons by their short names
    usual     the steps where the address gives none: those of the plan; () where it has none
    """

    today: date
    plan: Span | None
    goals: Mapping[str, Goal]
    funnels: Mapping[str, Funnel]
    segments: Mapping[str, Segment]
    usual: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked(Ranged):
    """A way of steps, over one range of local days in which the first step lies.

    funnel     the short name of the saved funnel it began as; "" for none
    is_own     its steps stand in the address: they are nobody's but the asker's
    window     days from the first step to the last, to the second; 0: all in one session
    by         a key of SEGMENTS, or a saved segment; beside: one of its values, drawn beside the whole; "" for none
    only       the short name of the saved segment whose persons alone count; "" for everybody
    groups     the saved segments that it names, read
    drop       the step after which people left whose next events are shown; 0 for none
    """

    funnel: str
    steps: tuple[Step, ...]
    is_own: bool
    order: str
    window: int
    period: str
    since: date
    until: date
    by: str
    beside: str
    interval: str
    is_auto: bool
    drop: int
    only: str = ""
    groups: Saved = NONE

    @property
    def told_by(self) -> str:
        """Give the short name of the saved segment that persons are told apart by; "" for none."""
        return self.by.removeprefix(SAVED) if self.by.startswith(SAVED) else ""

    def params(self) -> dict[str, str]:
        """Print the question as the address's parameters; `read` reads the same question from them."""
        steps = dict(zip(STEP_NAMES, (step.text for step in self.steps), strict=False))
        return {
            **({"funnel": self.funnel} if self.funnel else {}),
            **(steps if self.is_own else {}),
            "order": self.order,
            "window": str(self.window) if self.window else SESSION,
            **self.days,
            "by": self.by,
            **({"only": self.only} if self.only else {}),
            **({"beside": self.beside} if self.beside else {}),
            "interval": AUTO if self.is_auto else self.interval,
            **({"drop": str(self.drop)} if self.drop else {}),
        }

    def with_steps(self, steps: tuple[Step, ...]) -> "Asked":
        """Ask the same of other steps."""
        return replace(self, steps=steps, is_own=True, drop=0)


def read(params: Mapping[str, str], known: Known, *, strict: bool = False) -> Asked:
    """Read the question; what the parameters leave out is taken from the saved funnel, or else from the plan.

    strict   refuse parameters that mean nothing here
    raises   BadQuestion with every fault at once
    """
    reader = Reader(params)
    if strict:
        reader.refuse_unknown(NAMES)
    period, span = reader.span(_defaults(known))
    slug = reader.choice("funnel", ("", *known.funnels), "")
    saved = known.funnels.get(slug)
    own = tuple(name for name in STEP_NAMES if params.get(name, "").strip())
    texts = {name: params[name] for name in own} or dict(
        zip(STEP_NAMES, saved.steps if saved else known.usual, strict=False)
    )
    steps, faults = _steps(texts, known)
    interval = reader.choice("interval", (AUTO, *INTERVALS), AUTO)
    by, persons = _by(reader), only.read(reader)
    named = [slug for slug in dict.fromkeys((by.removeprefix(SAVED) if by.startswith(SAVED) else "", persons)) if slug]
    asked = Asked(
        funnel=slug,
        steps=steps,
        is_own=bool(own),
        order=reader.choice("order", StepOrder.values, saved.step_order if saved else StepOrder.SEQUENTIAL),
        window=_window(reader, saved.window_days if saved else DEFAULT_WINDOW),
        period=period,
        since=span.since,
        until=span.until,
        by=by,
        beside=params.get("beside", "")[:200] if by != WHOLE else "",
        interval=periods.fitting_interval(span) if interval == AUTO else interval,
        is_auto=interval == AUTO,
        drop=int(reader.choice("drop", [str(n) for n in range(max(len(steps), 1))], "0")),
        only=persons,
        groups=saved_of(named, known.segments, known.goals),
    )
    if found := (*reader.faults, *faults):
        raise BadQuestion(found)
    return asked


def read_leniently(params: Mapping[str, str], known: Known) -> tuple[Asked, tuple[Fault, ...]]:
    """Read what can be read, for a page: bad parameters fall back to their defaults and are named."""
    reads = partial(read, known=known)
    try:
        return reads(params), ()
    except BadQuestion as refusal:
        faults = refusal.faults
    try:
        return leniently(reads, params)[0], faults
    except BadQuestion:
        # Without its bad steps too little was left, or a saved funnel names a goal that is gone.
        rest = {name: value for name, value in params.items() if name not in {"funnel", *STEP_NAMES}}
        return leniently(reads, rest)[0], faults


def _defaults(known: Known) -> Defaults:
    return Defaults("", known.today, known.plan, "", 0, 0, 0)


def _steps(texts: Mapping[str, str], known: Known) -> tuple[tuple[Step, ...], list[Fault]]:
    steps, faults = [], []
    for name, text in texts.items():
        try:
            steps.append(read_step(text, known.goals))
        except BadStep as refusal:
            faults.append(Fault(INVALID, name, text[:60], str(refusal)))
    if texts and not faults and len(steps) < FEWEST_STEPS:
        message = _("A funnel has at least %(fewest)s steps.") % {"fewest": FEWEST_STEPS}
        faults.append(Fault("too_few_steps", next(iter(texts)), "", message))
    return tuple(steps), faults


def _by(reader: Reader) -> str:
    value = reader.params.get("by", WHOLE)
    if value.startswith(SAVED) and only.SLUG.fullmatch(value.removeprefix(SAVED)):
        return value  # whether there is such a segment is said with the answer, which then is none
    return reader.choice("by", (WHOLE, *SEGMENTS, f"{SAVED}NAME"), WHOLE)


def _window(reader: Reader, default: int) -> int:
    value = reader.params.get("window")
    if value is None:
        return default
    if value == SESSION:
        return 0
    days = int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 0
    if 1 <= days <= LONGEST_WINDOW:
        return days
    reader.fault("window", value, _("Give session, or a whole number of days from 1 to 90."))
    return default
