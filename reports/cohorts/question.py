"""What is asked of cohorts, as one frozen value read from the address and printed back into it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from types import MappingProxyType

from django.utils.translation import gettext as _

from goals.models import Goal
from reports.asking import Reader, leniently
from reports.models import CohortTable, Segment
from reports.periods import Span
from reports.question import INTERVALS, BadQuestion, Defaults, Fault
from reports.ranged import Ranged
from reports.segments import only
from reports.segments.saved import NONE, Saved, saved_of

SEEN, BACK, GOAL = "seen", "back", "goal:"  # a goal's short name comes after the last
COUNTS = WITHIN, UP_TO = ("within", "up_to")
CHOICES = IN, OUT = ("in", "out")
MOST_LATER = 30  # periods after a cohort's own; a month of days, and more weeks or months than anybody reads in a row
MOST_COHORTS = 120  # rows; two years of weeks are fewer
LONGEST_CHANNEL = 200  # letters
USUAL: Mapping[str, str] = MappingProxyType(
    {
        "first": SEEN, "did": BACK, "every": "week", "later": "12", "count": WITHIN, "only": "", "channel": "",
        "cookieless": IN,
    }
)  # fmt: skip
NAMES = ("saved", *USUAL, "period", "from", "to")
WITHOUT_PLAN = "91d"  # a quarter; in four weeks there are too few weeks to compare


@dataclass(frozen=True, slots=True)
class Known:
    """What a workspace has that a question can name.

    goals     by their short names, with their rules
    cohorts   the saved questions by their short names
    segments  the saved groups of persons by their short names
    """

    today: date
    plan: Span | None
    goals: Mapping[str, Goal]
    cohorts: Mapping[str, CohortTable]
    segments: Mapping[str, Segment]


@dataclass(frozen=True, slots=True)
class Asked(Ranged):
    """Cohorts of persons who first did something on the local days of a range.

    saved        the short name of the saved question it began as; "" for none
    usual        what each parameter is where the address says nothing: the saved question's, or the page's
    first        what makes a person one of a cohort: SEEN, or GOAL and a short name
    did          what is counted of them later: BACK, or GOAL and a short name
    every        how long a period is: day, week or month
    later        so many periods after a cohort's own are counted
    count        WITHIN each period by itself, or UP_TO its end
    only         the short name of the saved segment whose persons alone count; "" for everybody
    channel      of the persons' first sessions; "" for any
    is_lasting   visitors of one day are left out
    groups       the saved segment that it names, read
    """

    saved: str
    usual: Mapping[str, str]
    first: str
    did: str
    every: str
    later: int
    count: str
    only: str
    channel: str
    is_lasting: bool
    period: str
    since: date
    until: date
    groups: Saved = NONE

    @property
    def first_goal(self) -> str:
        """Give the short name of the goal that makes cohorts; "" for those first seen."""
        return _goal_of(self.first)

    @property
    def did_goal(self) -> str:
        """Give the short name of the goal that is counted; "" for coming back."""
        return _goal_of(self.did)

    @property
    def goals(self) -> tuple[str, ...]:
        """Give the short names of all goals that it names itself, each once."""
        return tuple(dict.fromkeys(slug for slug in (self.first_goal, self.did_goal) if slug))

    @property
    def is_cumulative(self) -> bool:
        """Say whether each period holds those before it, too."""
        return self.count == UP_TO

    @property
    def is_changed(self) -> bool:
        """Say whether it is another question than the one that was saved, or than the page's."""
        return self.kept() != dict(self.usual)

    def kept(self) -> dict[str, str]:
        """Give what is saved of it: all but the dates."""
        return {
            "first": self.first,
            "did": self.did,
            "every": self.every,
            "later": str(self.later),
            "count": self.count,
            "only": self.only,
            "channel": self.channel,
            "cookieless": OUT if self.is_lasting else IN,
        }

    def params(self) -> dict[str, str]:
        """Print the question as the address's parameters; `read` reads the same question from them."""
        return {
            **({"saved": self.saved} if self.saved else {}),
            **{name: value for name, value in self.kept().items() if value != self.usual[name]},
            **self.days,
        }

    def lasting(self, *, is_lasting: bool) -> "Asked":
        """Ask the same with visitors of one day or without them."""
        return replace(self, is_lasting=is_lasting)


def read(params: Mapping[str, str], known: Known, *, strict: bool = False) -> Asked:
    """Read the question; what the parameters leave out is taken from the saved question, or else the page's own.

    strict   refuse parameters that mean nothing here
    raises   BadQuestion with every fault at once
    """
    reader = Reader(params)
    if strict:
        reader.refuse_unknown(NAMES)
    period, span = _span(reader, known)
    slug = reader.choice("saved", ("", *known.cohorts), "")
    kept = known.cohorts[slug].params if slug else {}
    usual = {name: kept.get(name, USUAL[name]) for name in USUAL}
    over = Reader({**usual, **params})
    over.faults = reader.faults
    persons = only.read(over)
    asked = Asked(
        saved=slug,
        usual=usual,
        first=over.choice("first", _deeds(SEEN, known.goals), SEEN),
        did=over.choice("did", _deeds(BACK, known.goals), BACK),
        every=_every(over, span),
        later=int(over.choice("later", [str(n) for n in range(1, MOST_LATER + 1)], USUAL["later"])),
        count=over.choice("count", COUNTS, WITHIN),
        only=persons,
        channel=over.params["channel"][:LONGEST_CHANNEL],
        is_lasting=over.choice("cookieless", CHOICES, IN) == OUT,
        period=period,
        since=span.since,
        until=span.until,
        groups=saved_of([persons] if persons else [], known.segments, known.goals),
    )
    if over.faults:
        raise BadQuestion(tuple(over.faults))
    return asked


def read_leniently(params: Mapping[str, str], known: Known) -> tuple[Asked, tuple[Fault, ...]]:
    """Read what can be read, for a page: bad parameters fall back to their defaults and are named."""
    reads = partial(read, known=known)
    try:
        return leniently(reads, params)
    except BadQuestion as refusal:
        # A saved question names a goal that is gone, or asks for days of a range that is too long for them.
        return reads({}), refusal.faults


def of_goal(slug: str) -> str:
    """Write that a goal was reached."""
    return f"{GOAL}{slug}"


def _goal_of(deed: str) -> str:
    return deed.removeprefix(GOAL) if deed.startswith(GOAL) else ""


def _deeds(plain: str, goals: Collection[str]) -> tuple[str, ...]:
    return (plain, *map(of_goal, goals))


def _span(reader: Reader, known: Known) -> tuple[str, Span]:
    defaults = Defaults("", known.today, known.plan, "", 0, 0, 0)
    if known.plan or {"period", "from", "to"} & reader.params.keys():
        return reader.span(defaults)
    return Reader({"period": WITHOUT_PLAN}).span(defaults)


def _every(reader: Reader, span: Span) -> str:
    every = reader.choice("every", INTERVALS, USUAL["every"])
    if every == "day" and span.days > MOST_COHORTS:
        message = _("The range has %(days)s days; give week or month, or at most %(most)s days.")
        reader.fault("every", every, message % {"days": span.days, "most": MOST_COHORTS})
    return every
