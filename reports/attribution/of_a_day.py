"""How far back conversions can be followed: no further than their day, where the visitor's device keeps nothing.

A visitor without consent is known by a hash whose secret is deleted (SEMANTICS, section 6). What brought them on an
earlier day is somebody else's touch, so credit to touches of earlier days is that of the others alone. That is said,
and not guessed at: to tell it as direct would make campaigns with a long way to the sale look worse than they are.
"""

from functools import lru_cache
from pathlib import Path

from django.utils.translation import ngettext

from reports import figures
from reports.attribution.blocks import Stored
from reports.periods import Span
from tracking.event import COOKIELESS_PREFIX
from tracking.lake.query import connected

OF_A_DAY = (Path(__file__).parent.parent / "sql" / "paths.of_a_day.sql").read_text()


@lru_cache(maxsize=256)  # of one version of the goal's paths, so it is never stale
def of_a_day(stored: Stored, span: Span) -> int:
    """Count the conversions of the span whose person is known for one day alone."""
    params = {"since": span.since, "until": span.until, "prefix": COOKIELESS_PREFIX}
    with connected(stored.snapshot, stored.tables, only=()) as lake:
        ((conversions,),) = lake.sql(OF_A_DAY, params=params).fetchall()
    return int(conversions)


def sentence(conversions: int, *, of: int) -> str:
    """Say it with the numbers; "" where every person is known for longer."""
    if not conversions:
        return ""
    words = ngettext(
        "%(some)s of %(all)s conversions is by a visitor who is known for one day alone, without consent to more. "
        "Touches of earlier days are known of consented visitors only, and credited for their conversions.",
        "%(some)s of %(all)s conversions are by visitors who are known for one day alone, without consent to more. "
        "Touches of earlier days are known of consented visitors only, and credited for their conversions.",
        conversions,
    )
    return words % {"some": figures.number(conversions), "all": figures.number(of)}
