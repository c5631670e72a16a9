"""Design: which days decide who did a micro goal, which are followed, and how far back; read from the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import urlencode

from reports.asking import Reader, leniently
from reports.question import BadQuestion, Fault

# The choices are few, because each is computed from the events and kept.
LANDMARKS: Final = (1, 7)  # days after the first visit that decide who did the micro goal
FOLLOWS: Final = (7, 14, 30, 60)  # days after the landmark in which the macro goal counts
PASTS: Final = (90, 180, 365)
RAW, STRATIFIED = "raw", "stratified"
VIEWS: Final = (STRATIFIED, RAW)
NAMES: Final = ("goal", "landmark", "follow", "past", "view")


@dataclass(frozen=True, slots=True)
class Design:
    """How a macro goal's evidence is gathered.

    landmark_days   of LANDMARKS
    follow_days     of FOLLOWS
    past_days       of PASTS: whole local days before the day up to which figures are computed
    """

    landmark_days: int = 1
    follow_days: int = 30
    past_days: int = 180


@dataclass(frozen=True, slots=True)
class Asked:
    """One macro goal's evidence.

    goal   the macro goal's slug
    view   which ratios the drawing shows: stratified or raw
    """

    goal: str
    design: Design = Design()
    view: str = STRATIFIED

    def params(self) -> dict[str, str]:
        """Print the question as the address's parameters; `read` reads the same question from them."""
        return {
            "goal": self.goal,
            "landmark": str(self.design.landmark_days),
            "follow": str(self.design.follow_days),
            "past": str(self.design.past_days),
            "view": self.view,
        }

    def query(self, changes: Mapping[str, str] | None = None) -> str:
        """Print the address's query, with some parameters changed."""
        return urlencode({**self.params(), **(changes or {})})

    def seen(self, view: str) -> "Asked":
        """Give the same in another view."""
        return replace(self, view=view)


def read(params: Mapping[str, str], *, goal: str, strict: bool = False) -> Asked:
    """Read the question about a macro goal.

    strict   refuse parameters that mean nothing here
    raises   BadQuestion with every fault at once
    """
    reader, usual = Reader(params), Design()
    if strict:
        reader.refuse_unknown(NAMES)
    asked = Asked(
        goal=goal,
        design=Design(
            landmark_days=_days(reader, "landmark", LANDMARKS, usual.landmark_days),
            follow_days=_days(reader, "follow", FOLLOWS, usual.follow_days),
            past_days=_days(reader, "past", PASTS, usual.past_days),
        ),
        view=reader.choice("view", VIEWS, STRATIFIED),
    )
    if reader.faults:
        raise BadQuestion(tuple(reader.faults))
    return asked


def read_leniently(params: Mapping[str, str], *, goal: str) -> tuple[Asked, tuple[Fault, ...]]:
    """Read what can be read, for a page: bad parameters fall back to their defaults and are named."""
    return leniently(partial(read, goal=goal), params)


def _days(reader: Reader, name: str, offered: tuple[int, ...], usual: int) -> int:
    return int(reader.choice(name, [str(days) for days in offered], str(usual)))
