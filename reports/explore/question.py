"""What is asked of visits, as one frozen value read from the address and printed back into it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from types import MappingProxyType
from urllib.parse import quote, unquote

from django.utils.translation import gettext as _

from goals.models import Goal
from reports.asking import Reader, leniently
from reports.explore.conditions import BadCondition, Condition, joined, read_all
from reports.explore.dimensions import EXPLORED, Dimension, dimension_of
from reports.explore.metrics import CALCULATED, OF_GOALS, OF_VISITS
from reports.models import CalculatedMetric, Exploration, Segment
from reports.periods import Span
from reports.question import BadQuestion, Defaults, Fault
from reports.ranged import Ranged

MOST_LEVELS, MOST_COLUMNS, MOST_SEGMENTS, MOST_CONDITIONS, MOST_OPEN = 3, 8, 3, 10, 50
TOPS = ("5", "10", "20", "50", "100")
UP, DOWN = "up", "down"
NAME = "name"  # sorts by what rows are called
ALL = "*"  # opens every row that is shown; of a value it would be written as %2A
SEGMENT_NAMES = tuple(f"segment{n}" for n in range(1, MOST_SEGMENTS + 1))
USUAL: Mapping[str, str] = MappingProxyType(
    {
        "by": "channel", "metrics": "visitors,sessions,pages,bounce,duration", "where": "",
        "top": "10", "sort": "", "order": DOWN,
    } | dict.fromkeys(SEGMENT_NAMES, "")
)  # fmt: skip
NAMES = ("saved", *USUAL, "open", "period", "from", "to")
Path = tuple[str, ...]  # the values of a row, one a level


@dataclass(frozen=True, slots=True)
class Known:
    """What a workspace has that a question can name.

    goals         by their short names, with their rules
    explorations  the saved ones by their short names
    segments      the saved groups of persons by their short names
    calculated    the workspace's own metrics by their short names
    sites         names of sources by their short names
    """

    today: date
    plan: Span | None
    goals: Mapping[str, Goal]
    explorations: Mapping[str, Exploration]
    segments: Mapping[str, Segment]
    calculated: Mapping[str, CalculatedMetric]
    sites: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked(Ranged):
    """Columns by rows, over one range of local days.

    saved      the short name of the saved question it began as; "" for none
    usual      what each parameter is where the address says nothing: the saved question's, or the page's
    by         0 to 3 dimensions, the outermost first
    metrics    1 to 8 keys of columns
    where      what all visits have to be
    segments   up to three sorts of visits that stand side by side; each all of its conditions
    top        so many rows of each level are shown; all others are one
    sort       a metric's key, with @n the one of segment n; "name"; or "" for what fits the dimension
    opened     rows whose next level is shown; `is_all` for every one
    """

    saved: str
    usual: Mapping[str, str]
    by: tuple[Dimension, ...]
    metrics: tuple[str, ...]
    where: tuple[Condition, ...]
    segments: tuple[tuple[Condition, ...], ...]
    top: int
    sort: str
    order: str
    opened: tuple[Path, ...]
    is_all: bool
    period: str
    since: date
    until: date

    @property
    def is_changed(self) -> bool:
        """Say whether it is another question than the one that was saved, or than the page's."""
        return self.kept() != dict(self.usual)

    @property
    def goals(self) -> tuple[str, ...]:
        """Give the short names of all goals that it names itself, each once."""
        columns = (key.partition(":")[2] for key in self.metrics if not key.startswith(f"{CALCULATED}:"))
        asked = (value for each in self.conditions if each.is_of_goal for value in each.values)
        return tuple(dict.fromkeys(slug for slug in (*columns, *asked) if slug))

    @property
    def calculated(self) -> tuple[str, ...]:
        """Give the short names of the workspace's own metrics among its columns."""
        return tuple(key.partition(":")[2] for key in self.metrics if key.startswith(f"{CALCULATED}:"))

    @property
    def groups(self) -> tuple[str, ...]:
        """Give the short names of all saved segments that its conditions name, each once."""
        return tuple(dict.fromkeys(slug for each in self.conditions if each.is_of_segment for slug in each.values))

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Give all conditions, those of segments last."""
        return (*self.where, *(each for segment in self.segments for each in segment))

    def kept(self) -> dict[str, str]:
        """Give what is saved of it: all but the dates and the opened rows."""
        segments = [joined(each) for each in self.segments] + [""] * (MOST_SEGMENTS - len(self.segments))
        return {
            "by": ",".join(each.key for each in self.by) or "none",
            "metrics": ",".join(self.metrics),
            "where": joined(self.where),
            "top": str(self.top),
            "sort": self.sort,
            "order": self.order,
            **dict(zip(SEGMENT_NAMES, segments, strict=True)),
        }

    def params(self) -> dict[str, str]:
        """Print the question as the address's parameters; `read` reads the same question from them."""
        return {
            **({"saved": self.saved} if self.saved else {}),
            **{name: value for name, value in self.kept().items() if value != self.usual[name]},
            **({"open": ALL if self.is_all else written(self.opened)} if self.is_all or self.opened else {}),
            **self.days,
        }

    def turned(self, path: Path) -> "Asked":
        """Open a closed row, or close an open one with all that is below it."""
        if path in self.opened:
            return replace(self, opened=tuple(each for each in self.opened if each[: len(path)] != path))
        return replace(self, opened=(*self.opened, path))


def written(paths: Collection[Path]) -> str:
    """Write opened rows for an address: values with / between levels, rows with a comma between them."""
    return ",".join("/".join(quote(key, safe="() ") for key in path) for path in paths)


def read(params: Mapping[str, str], known: Known, *, strict: bool = False) -> Asked:
    """Read the question; what the parameters leave out is taken from the saved question, or else the page's own.

    strict   refuse parameters that mean nothing here
    raises   BadQuestion with every fault at once
    """
    reader = Reader(params)
    if strict:
        reader.refuse_unknown(NAMES)
    period, span = reader.span(Defaults("", known.today, known.plan, "", 0, 0, 0))
    slug = reader.choice("saved", ("", *known.explorations), "")
    kept = known.explorations[slug].params if slug else {}
    usual = {name: kept.get(name, USUAL[name]) for name in USUAL}
    whole = Reader({**usual, **params})
    whole.faults = reader.faults
    metrics, segments = _metrics(whole, known), _segments(whole, known.goals)
    by = _by(whole)
    opened = whole.params.get("open", "")
    asked = Asked(
        saved=slug,
        usual=usual,
        by=by,
        metrics=metrics,
        where=_conditions(whole, "where", known.goals),
        segments=segments,
        top=int(whole.choice("top", TOPS, USUAL["top"])),
        sort=whole.choice("sort", sorts(metrics, len(segments)), ""),
        order=whole.choice("order", (UP, DOWN), DOWN),
        opened=() if opened == ALL else _opened(whole, opened, len(by)),
        is_all=opened == ALL,
        period=period,
        since=span.since,
        until=span.until,
    )
    if whole.faults:
        raise BadQuestion(tuple(whole.faults))
    return asked


def read_leniently(params: Mapping[str, str], known: Known) -> tuple[Asked, tuple[Fault, ...]]:
    """Read what can be read, for a page: bad parameters fall back to their defaults and are named."""
    reads = partial(read, known=known)
    try:
        return reads(params), ()
    except BadQuestion as refusal:
        faults = refusal.faults
    # What is left may no longer fit together: a sort by a column that is gone; or a saved question names what is gone.
    for kept in (None, ("by", "metrics", "period", "from", "to"), ("period", "from", "to"), ()):
        rest = params if kept is None else {name: params[name] for name in kept if name in params}
        try:
            return leniently(reads, rest)[0], faults
        except BadQuestion:
            continue
    raise BadQuestion(faults)


def sorts(metrics: Collection[str], segments: int) -> tuple[str, ...]:
    """Give what rows can be sorted by."""
    return ("", NAME, *metrics, *(f"{key}@{n}" for key in metrics for n in range(1, segments + 1)))


def _by(reader: Reader) -> tuple[Dimension, ...]:
    text = reader.params["by"]
    keys = [] if text == "none" else [part for part in text.split(",") if part]
    found = []
    for key in dict.fromkeys(keys):
        dimension = dimension_of(key)
        if dimension is None:
            known = ", ".join(EXPLORED)
            reader.fault("by", key, _("Give none, or up to three of %(known)s, or property:NAME.") % {"known": known})
        else:
            found.append(dimension)
    if len(keys) > MOST_LEVELS:
        reader.fault("by", text, _("Rows have at most %(most)s levels.") % {"most": MOST_LEVELS})
    return tuple(found)


def _metrics(reader: Reader, known: Known) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(part for part in reader.params["metrics"].split(",") if part))
    for key in keys:
        name, _colon, slug = key.partition(":")
        is_known = slug in (known.calculated if name == CALCULATED else known.goals if name in OF_GOALS else ())
        if key not in OF_VISITS and not is_known:
            names = ", ".join([*OF_VISITS, *(f"{each}:GOAL" for each in OF_GOALS), f"{CALCULATED}:METRIC"])
            message = _("Give some of %(known)s, with the short name of a goal for GOAL, of a metric for METRIC.")
            reader.fault("metrics", key, message % {"known": names})
    if not 1 <= len(keys) <= MOST_COLUMNS:
        reader.fault("metrics", str(len(keys)), _("Give 1 to %(most)s columns.") % {"most": MOST_COLUMNS})
    return keys


def _segments(reader: Reader, goals: Collection[str]) -> tuple[tuple[Condition, ...], ...]:
    found = (_conditions(reader, name, goals) for name in SEGMENT_NAMES)
    return tuple(each for each in found if each)


def _conditions(reader: Reader, name: str, goals: Collection[str]) -> tuple[Condition, ...]:
    text = reader.params[name]
    if not text.strip():
        return ()
    try:
        found = read_all(text, goals)
    except BadCondition as refusal:
        reader.fault(name, text, str(refusal))
        return ()
    if len(found) > MOST_CONDITIONS:
        reader.fault(name, text, _("Give at most %(most)s conditions.") % {"most": MOST_CONDITIONS})
    return found


def _opened(reader: Reader, text: str, levels: int) -> tuple[Path, ...]:
    paths = tuple(dict.fromkeys(tuple(map(unquote, part.split("/"))) for part in text.split(",") if part))
    if len(paths) > MOST_OPEN:
        reader.fault("open", text, _("At most %(most)s rows can be open at once.") % {"most": MOST_OPEN})
    return tuple(each for each in paths if len(each) < levels)
