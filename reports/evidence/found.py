"""Found: what a macro goal's evidence came to, as one frozen value that is kept as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from analysis.evidence.grading import Evidence, Grade
from analysis.evidence.ratios import Ratio
from analysis.evidence.worth import Worth
from analysis.rates import Rate, rate

Json = dict[str, Any]  # what json can write
PAGE: Final = "page"


@dataclass(frozen=True, slots=True)
class Edge:
    """A micro goal that is said to lead to the macro goal.

    conversions, preceded   of the macro goal, and those with the micro goal strictly before them
    median_lag              from the last time of the micro goal to the conversion; None where none was preceded
    worth                   None where the macro goal has no value, or too few conversions
    """

    goal_id: int
    evidence: Evidence
    conversions: int
    preceded: int
    median_lag: timedelta | None
    worth: Worth | None

    @property
    def preceded_share(self) -> float | None:
        """Give the share of the macro goal's conversions that had the micro goal before them."""
        return self.preceded / self.conversions if self.conversions else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An event or page that no goal counts; `kind` is event or page."""

    kind: str
    text: str
    evidence: Evidence
    p: float
    adjusted: float
    is_suggested: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence of one macro goal over the local days [since, until).

    entered      persons whose first visit of these days can be followed to the end
    early        of them, who reached the macro goal before their landmark and are compared with nobody
    persons      the rest; `reached` of them reached it while they were followed
    strata       how many there were
    noticed      events and pages that no goal counts and enough persons had
    tested       of them, those with enough data
    candidates   the tested in order, at most MOST_KEPT
    currency     of all money in it
    of_a_day     visitors who are left out, since they are known for one day alone
    """

    since: date
    until: date
    entered: int
    early: int
    persons: int
    reached: int
    strata: int
    edges: tuple[Edge, ...]
    noticed: int
    tested: int
    candidates: tuple[Candidate, ...]
    currency: str
    of_a_day: int = 0

    def as_json(self) -> Json:
        """Give it as a row keeps it."""
        kept = asdict(self) | {"since": self.since.isoformat(), "until": self.until.isoformat()}
        for edge in kept["edges"]:
            lag = edge["median_lag"]
            edge["median_lag"] = None if lag is None else lag.total_seconds()
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Found":  # as `as_json` gives it
        """Read what a row keeps."""
        return cls(
            **dict(kept)
            | {
                "since": date.fromisoformat(kept["since"]),
                "until": date.fromisoformat(kept["until"]),
                "edges": tuple(_edge(each) for each in kept["edges"]),
                "candidates": tuple(
                    Candidate(**each | {"evidence": _evidence(each["evidence"])}) for each in kept["candidates"]
                ),
            }
        )


def rates_of(evidence: Evidence) -> tuple[Rate | None, Rate | None]:
    """Give the macro goal's rates of the persons with the micro goal, and of those without."""
    return rate(evidence.reached_with, evidence.with_it), rate(evidence.reached_without, evidence.without)


def reach_of(evidence: Evidence) -> float | None:
    """Give the share of the persons who did the micro goal."""
    persons = evidence.with_it + evidence.without
    return evidence.with_it / persons if persons else None


def _edge(kept: Json) -> Edge:
    lag, worth = kept["median_lag"], kept["worth"]
    return Edge(
        **kept
        | {
            "evidence": _evidence(kept["evidence"]),
            "median_lag": None if lag is None else timedelta(seconds=lag),
            "worth": Worth(**worth | {"share": Rate(**worth["share"])}) if worth else None,
        }
    )


def _evidence(kept: Json) -> Evidence:
    ratios = {name: Ratio(**kept[name]) if kept[name] else None for name in ("raw", "stratified")}
    return Evidence(**kept | ratios | {"grade": Grade(kept["grade"])})
