"""The page of paths at five million events over sixty days, through HTTP and signed in, nothing kept between requests.

    python -m bench.paths [--events 5_000_000] [--rounds 9] [--port 23410]

The lake, the reader and the clock are those of bench.funnel.
"""

import sys
from datetime import datetime, timedelta
from urllib.parse import urlencode

from bench.funnel import DAYS, run

PATHS = {
    "5 steps, pages, from visits": {},
    "5 steps, pages, to a purchase": {"point": "event purchase", "direction": "before"},
    "5 steps, folders": {"depth": "1"},
    "5 steps, pages and events": {"show": "both"},
    "5 steps, 14 days, by person": {"point": "event view_item", "window": "14", "per": "persons", "show": "events"},
    "20 steps, pages and events": {"show": "both", "steps": "20"},
}


def of_paths(slug: str, now: datetime) -> dict[str, str]:
    """Give the addresses of the paths."""
    days = {"from": str(now.date() - timedelta(days=DAYS)), "to": str(now.date() - timedelta(days=1))}
    return {name: f"/w/{slug}/paths/?{urlencode({'steps': '5'} | days | asked)}" for name, asked in PATHS.items()}


def main() -> None:
    """Ask the paths."""
    run("paths", __doc__, of_paths, shown="paths-table")


if __name__ == "__main__":
    sys.exit(main())
