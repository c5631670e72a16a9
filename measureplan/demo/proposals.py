"""What Fjellsport's departments propose, and what they say about it, as plain data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A comment, or with `is_question` what the lead asked before deciding; `days_ago` when."""

    by: str
    text: str
    days_ago: int
    is_question: bool = False


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal of somebody's, with its way so far.

    event, page    what would count, one of them; a page may end in *; neither: it is not tracked yet
    declined       the lead's reason, where it was declined
    """

    name: str
    by: str
    days_ago: int
    why: str
    when: str
    kind: str
    supports: str
    event: str = ""
    page: str = ""
    said: tuple[Said, ...] = ()
    voters: tuple[str, ...] = ()
    declined: str = ""


PROPOSALS = (
    Proposed(
        name="Looked up a store's page",
        by="stores@example.com",
        days_ago=9,
        why="Who reads a store's opening hours is on the way to it.",
        when="When the page of a store is shown.",
        kind="secondary",
        supports="Asked the way to a store",
        page="/butikker/*",
        said=(
            Said("crm@example.com", "@Lars Åmodt, we see the same before a trip: first the store, then the order.", 8),
            Said("sales@example.com", "Useful before the sale in January.", 7),
        ),
        voters=("crm@example.com", "sales@example.com"),
    ),
    Proposed(
        name="Read customer service's answers",
        by="service@example.com",
        days_ago=6,
        why="Most questions of size and returns are answered there; who finds the answer buys.",
        when="When the page of customer service is shown.",
        kind="secondary",
        supports="Purchase",
        page="/kundeservice",
        said=(
            Said("lead@example.com", "@Kaisa Ødegård, do you mean all of it, or returns alone?", 5, is_question=True),
        ),
        voters=("stores@example.com",),
    ),
    Proposed(
        name="Signed up for our newsletter",
        by="marketing@example.com",
        days_ago=3,
        why="The form at the foot of each page; we pay for the mails.",
        when="When the form says thanks.",
        kind="secondary",
        supports="Purchase",
        event="newsletter_signup",
    ),
    Proposed(
        name="Asked for a fitting in a store",
        by="stores@example.com",
        days_ago=2,
        why="Boots that were tried on do not come back.",
        when="When the receipt of the new form is shown; it is built in January.",
        kind="milestone",
        supports="Asked the way to a store",
    ),
    Proposed(
        name="Opened the front page",
        by="sales@example.com",
        days_ago=20,
        why="The more, the better.",
        when="When the front page is shown.",
        kind="secondary",
        supports="Purchase",
        page="/",
        declined="Nearly every visit begins there, so it would say how many came and nothing of what they want.",
    ),
)
