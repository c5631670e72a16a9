"""What has arrived that a usual goal could be noticed by: events of its names first, then pages that look like it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from goals.starters import Card
from tracking.catalogue import seen_events, seen_pages
from tracking.models import Seen

LISTED = 200  # names that are looked at and offered; what is rarer than these is no usual goal


@dataclass(frozen=True, slots=True)
class Match:
    """A page or an event that has arrived, and how often."""

    text: str
    events: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """The most frequent events and pages."""

    events: tuple[Seen, ...]
    pages: tuple[Seen, ...]

    def match(self, card: Card) -> Match | None:
        """Give what the card's goal is most likely noticed by; None where nothing like it has arrived."""
        names = {name.casefold() for name in (card.event, *card.also)}
        event = _first(each for each in self.events if each.text.casefold() in names)
        return event or _first(each for each in self.pages if _is_at(each.text, card.pages))

    def count(self, text: str) -> int | None:
        """Give how often this page or event has arrived; None where it is not among the frequent ones."""
        found = _first(each for each in (*self.events, *self.pages) if each.text == text)
        return found.events if found else None


def arrived(workspace_id: int) -> Arrived:
    """Read what has arrived; call it inside the workspace."""
    return Arrived(tuple(seen_events(workspace_id, limit=LISTED)), tuple(seen_pages(workspace_id, limit=LISTED)))


def _first(rows: Iterable[Seen]) -> Match | None:
    # The rows come the most frequent first.
    return next((Match(each.text, each.events) for each in rows), None)


def _is_at(path: str, words: Sequence[str]) -> bool:
    """Say whether a part of the path is one of the words, or begins with one that is long enough to mean it."""
    parts = path.casefold().strip("/").split("/")
    return any(part == word or (len(word) > 4 and part.startswith(word)) for part in parts for word in words)
