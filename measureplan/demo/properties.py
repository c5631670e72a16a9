"""The `properties` of each kind of event, as JSON texts drawn from small lists."""

import json

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from measureplan.demo.catalogue import CATEGORIES, FILTERS, SEARCHES, STORES, TOPICS
from measureplan.demo.draws import Codes
from measureplan.demo.rows import Kind


def _texts(rows: list[dict[str, object]]) -> list[str]:
    return [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]


_CHOICES: dict[Kind, list[str]] = {
    Kind.PAGE_VIEW: _texts(
        [{"engaged_seconds": s, "scroll": p} for s in (1, 3, 8, 15, 25, 40, 75, 140) for p in (10, 25, 50, 75, 90)]
    ),
    Kind.SEARCH: _texts([{"query": q, "results": 3 + 5 * n % 23} for n, q in enumerate(SEARCHES)]),
    Kind.FILTER_USED: _texts([{"filter": name, "choice": choice} for name, choice in FILTERS]),
    Kind.SIZE_GUIDE_USED: _texts([{"category": slug} for slug in list(CATEGORIES)[:3]]),
    Kind.STORE_FINDER_USED: _texts([{"action": "search", "store": store} for store in STORES]),
    Kind.STORE_DIRECTIONS: _texts([{"action": "directions", "store": store} for store in STORES]),
    Kind.CONTACT: _texts([{"topic": topic, "way": way} for topic in TOPICS for way in ("chat", "skjema", "telefon")]),
    Kind.FILE_DOWNLOAD: _texts([{"file": "katalog-host.pdf"}, {"file": "katalog-vinter.pdf"}]),
    Kind.NEWSLETTER_SIGNUP: _texts([{"form": form} for form in ("bunnlinje", "popup", "kasse")]),
    Kind.AD_IMPRESSION: _texts([{"placement": place} for place in ("feed", "story", "side", "topp")]),
    Kind.AD_ENGAGEMENT: _texts([{"action": act} for act in ("saved", "expanded", "swiped", "watched")]),
}
_ALL = [text for texts in _CHOICES.values() for text in texts]
_FIRST = np.full(len(Kind), -1, dtype=np.int32)
_COUNT = np.ones(len(Kind), dtype=np.int32)
for _kind, _kind_texts in _CHOICES.items():
    _FIRST[_kind] = _ALL.index(_kind_texts[0])
    _COUNT[_kind] = len(_kind_texts)


def draw_properties(rng: np.random.Generator, kind: Codes) -> pa.StringArray:
    """Draw the properties of events of the given kinds; null for a kind that has none."""
    first, count = _FIRST[kind], _COUNT[kind]
    places: NDArray[np.int32] = first + (rng.random(len(kind)) * count).astype(np.int32)
    return pa.array(_ALL).take(pa.array(places, mask=first < 0))
