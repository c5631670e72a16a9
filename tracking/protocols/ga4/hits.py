"""What both doors of Google Analytics 4 take in: hits, each with the consent that came with it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from tracking.consents.statement import Statement, settled_text
from tracking.protocols.json_items import Json
from tracking.protocols.parsed import Parsed
from tracking.protocols.seam import Parcel, Terms
from tracking.protocols.translating import Item, Outcome, Refused, read_items

NAME = "ga4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """The events of one request.

    consent  from an item's place and its time in microseconds to what was said of consent
    visitor  the browser that a server says it speaks for, in the words of our own JSON
    """

    items: Sequence[Outcome]
    consent: Callable[[int, int], Sequence[Statement]]
    visitor: Json = field(default_factory=dict)


def read(parcel: Parcel, terms: Terms) -> Parsed:
    """Judge the hits by their source's rules; only a server with its secret speaks for others' browsers."""
    hits: Hits = parcel.content
    items = [_spoken_for(each, hits.visitor) for each in hits.items] if terms.rules.is_server else hits.items
    parsed = read_items(items, terms, protocol=NAME)
    for place, arrival in enumerate(parsed.arrivals):
        said = settled_text(hits.consent(arrival.index, arrival.event.time_us))
        if said is not None:
            event = msgspec.structs.replace(arrival.event, consent=said)
            parsed.arrivals[place] = msgspec.structs.replace(arrival, event=event)
    return parsed


def told_apart(raws: Sequence[bytes]) -> list[bytes]:
    """Give equal items of one request a number: they are two, and a retry of them is not."""
    seen: Counter[bytes] = Counter()
    marked = []
    for raw in raws:
        seen[raw] += 1
        marked.append(raw if seen[raw] == 1 else raw + b" #%d" % seen[raw])
    return marked


def _spoken_for(item: Outcome, visitor: Json) -> Outcome:
    return item if isinstance(item, Refused) else Item(item.fields | visitor, item.raw, item.is_mended)
