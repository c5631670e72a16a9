"""What a protocol gives for one request: events to store, an answer to each item, input to keep aside."""

from dataclasses import dataclass, field

import msgspec

from tracking.event import Event, Problem, Quarantined, Result, Status, WarningNote


class Arrival(msgspec.Struct, frozen=True, gc=False):
    """An accepted event: its place in the request, the User-Agent it was made by, what its sender is told.

    also_holds  a further id that nobody may use once the event is stored; see recipes
    mark        a word beside "accepted" in the counters: unplanned, schema_warning
    """

    index: int
    event: Event
    user_agent: str
    notes: tuple[WarningNote, ...] = ()
    also_holds: str | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """One request, read.

    arrivals    the accepted events, in the request's order
    results     one for each item, by index; arrivals stand as "accepted" until later steps know more
    quarantine  rejected input, to be kept 30 days
    another_day what of it was rejected for its time alone, as events with the time they say
    problem     the answer to the request where it is refused; `results` still count what was in it
    """

    arrivals: list[Arrival] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    quarantine: list[Quarantined] = field(default_factory=list)
    another_day: list[Arrival] = field(default_factory=list)
    problem: Problem | None = None

    @property
    def received(self) -> int:
        """Count the items: accepted + rejected + filtered (and later duplicates) add up to it."""
        return len(self.results)

    def count(self, status: Status) -> int:
        """Count the items with a status."""
        return sum(result.status is status for result in self.results)
