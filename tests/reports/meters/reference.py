"""What formulas come to over local days, counted hit by hit in plain Python."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.reports.lake import Hit, hit, sittings

ZONE = ZoneInfo("Europe/Oslo")
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 21)  # of the histories, the day that runs at the end


def history(seed: int) -> list[Hit]:
    """Give people who come on three weeks' days, look, buy, ask and get money back; none of them at midnight."""
    dice = random.Random(seed)
    hits = [hit("always", days=-2), hit("always", days=-2, minutes=1, name="view_item")]
    for n in range(220):
        person, at = f"p{dice.randrange(45)}", {"days": dice.randrange(20), "minutes": dice.randrange(500)}
        hits.append(hit(person, **at, channel=dice.choice(("email", "display", ""))))
        if dice.random() < 0.5:
            hits.append(hit(person, days=at["days"], minutes=at["minutes"] + 2, name="view_item"))
        if dice.random() < 0.4:
            sold = {"value": dice.randrange(1, 900), "transaction": f"t{n}"}
            hits.append(hit(person, days=at["days"], minutes=at["minutes"] + 5, name="purchase", **sold))
            if dice.random() < 0.2:
                back = {**sold, "value": -sold["value"], "refund": True}
                hits.append(hit(person, days=at["days"], minutes=at["minutes"] + 9, name="refund", **back))
    return hits


def sums(hits: Sequence[Hit], since: date, until: date) -> dict[str, int]:
    """Count everything that formulas can name over [since, until); `sale` are purchases, `look` are looks at items."""

    def inside(each: Hit) -> bool:
        return since <= each.at.astimezone(ZONE).date() < until

    mine = [each for each in hits if inside(each)]
    visits = [visit for visit in sittings(hits) if inside(visit[0])]
    sold = {each.transaction: each for each in mine if each.name == "purchase"}
    back = [each for each in hits if each.refund and each.transaction in sold]
    named = {"sale": "purchase", "look": "view_item"}
    found = {
        "visitors": len({each.person for each in mine}),
        "sessions": len(visits),
        "pageviews": sum(each.name == "page_view" for visit in visits for each in visit),
        "events": sum(len(visit) for visit in visits),
        "value": sum(each.value or 0 for each in sold.values()),
    }
    found["value_net"] = found["value"] + sum(each.value or 0 for each in back)
    for goal, name in named.items():
        found[f"conversions_{goal}"] = sum(each.name == name for each in mine)
        found[f"converters_{goal}"] = len({each.person for each in mine if each.name == name})
        found[f"reached_{goal}"] = sum(any(each.name == name for each in visit) for visit in visits)
    return found


def computed(python: str, of: dict[str, int]) -> Fraction | None:
    """Compute a formula of such sums; None where it divides by nothing."""
    given = {name: Fraction(n) for name, n in of.items()}
    try:
        return Fraction(eval(python, {"__builtins__": {}}, given))  # noqa: S307  # of a test's own table
    except ZeroDivisionError:
        return None


def days_of(since: date, until: date) -> list[date]:
    """Give the days of [since, until)."""
    return [since + timedelta(days=n) for n in range((until - since).days)]
