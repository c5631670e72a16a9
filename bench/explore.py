"""The page of explorations at five million events over sixty days, through HTTP and signed in, nothing kept between.

    python -m bench.explore [--events 5_000_000] [--rounds 9] [--port 23410]

The lake, the reader and the clock are those of bench.funnel. It holds no goals: conversions are few beside visits.
"""

import sys
from datetime import datetime, timedelta
from urllib.parse import urlencode

from bench.funnel import DAYS, run

QUESTIONS = {
    "by channel": {},
    "by day": {"by": "day"},
    "by hour": {"by": "weekday,hour"},
    "two levels, all open": {"by": "channel,visitor", "open": "*"},
    "two segments": {"segment1": "channel is email", "segment2": "visitor is new"},
    "by page": {"by": "page"},
    "by channel and page, one open": {"by": "channel,page", "open": "email"},
    "where a page was seen": {"where": "event is purchase"},
}


def of_questions(slug: str, now: datetime) -> dict[str, str]:
    """Give the addresses of the questions."""
    days = {"from": str(now.date() - timedelta(days=DAYS)), "to": str(now.date() - timedelta(days=1))}
    return {name: f"/w/{slug}/explore/?{urlencode(days | asked)}" for name, asked in QUESTIONS.items()}


def main() -> None:
    """Ask the questions."""
    run("explore", __doc__, of_questions, shown="explore-table")


if __name__ == "__main__":
    sys.exit(main())
