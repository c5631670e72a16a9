"""Questions that are ready to be asked, as what an address says."""

from collections.abc import Mapping

ENGAGEMENT = ("sessions", "pages", "duration", "bounce")


def engagement(goal: str) -> Mapping[str, str]:
    """Ask what visits that reached a goal are like beside those that did not.

    goal   its short name
    """
    return {
        "by": "channel",
        "metrics": ",".join(ENGAGEMENT),
        "segment1": f"goal is {goal}",
        "segment2": f"goal is not {goal}",
    }
