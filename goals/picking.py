"""Pages and events that have arrived, offered for a proposal to pick from; and how a pick is written as a rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from goals import triggers
from goals.conditions import Rule, parse
from goals.definition import Definition
from goals.triggers import ANY, PAGE_VIEW, Trigger
from tracking.catalogue import seen_events, seen_pages
from tracking.models import Seen, SeenKind
from workspaces.models import Workspace

OFFERED: Final = 6  # of each kind: as many as are taken in at a glance
_KINDS: Final = {Trigger.EVENT: "event", Trigger.PAGE: "page"}


@dataclass(frozen=True, slots=True)
class Pick:
    """One page or event to choose.

    times   how often it has arrived; None where that is not known any more
    """

    trigger: Trigger
    text: str
    times: int | None = None

    @property
    def value(self) -> str:
        """Give what the form sends for it: "page:/thanks"."""
        return f"{_KINDS[self.trigger]}:{self.text}"

    @property
    def is_page(self) -> bool:
        return self.trigger is Trigger.PAGE


def read(value: str) -> Pick | None:
    """Read what the form sent; None for anything else."""
    kind, found, text = value.partition(":")
    trigger = next((each for each, name in _KINDS.items() if name == kind), None)
    return Pick(trigger, text) if trigger and found and text else None


def offers(workspace: Workspace, search: str, *, picked: str = "") -> list[Pick]:
    """Give what was picked first, then events and pages that contain the text, the most frequent first.

    Viewing any page is left out of the events: its pages are there one by one.
    """
    words = search.strip()
    events = [seen for seen in seen_events(workspace.pk, words, limit=OFFERED + 1) if seen.text != PAGE_VIEW]
    found = [*_picks(events[:OFFERED]), *_picks(seen_pages(workspace.pk, words, limit=OFFERED))]
    kept = read(picked)
    if kept is None:
        return found
    known = next((each for each in found if each.value == kept.value), kept)
    return [known, *(each for each in found if each.value != kept.value)]


def rules_of(pick: Pick, *, with_below: bool) -> tuple[Rule, ...]:
    """Give the rule of a pick; of a page with all pages below it where that is wanted."""
    below = pick.is_page and with_below and ANY not in pick.text
    return parse(triggers.written(pick.trigger, pick.text + ANY if below else pick.text))


def told(definition: Definition) -> tuple[str, bool] | None:
    """Give the pick that says the definition's rules, and whether with all pages below; None where rules say more."""
    said = triggers.told(definition)
    if said["trigger"] == Trigger.EVENT:
        return Pick(Trigger.EVENT, said["event"]).value, False
    if said["trigger"] == Trigger.PAGE:
        page = said["page"]
        below = page.endswith(ANY) and page.count(ANY) == 1
        return Pick(Trigger.PAGE, page.removesuffix(ANY) if below else page).value, below
    return None


def _picks(seen: Iterable[Seen]) -> list[Pick]:
    kinds = {SeenKind.EVENT: Trigger.EVENT, SeenKind.PAGE: Trigger.PAGE}
    return [Pick(kinds[SeenKind(each.kind)], each.text, each.events) for each in seen]
