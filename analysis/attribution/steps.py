"""Transforms in text: "collapse", "drop=direct", "last=5", as commands and addresses write them."""

from collections.abc import Iterable

from analysis.attribution.transforms import TRANSFORMS

MOST_PLACES = 10**9
Step = tuple[str, str | int | None]  # a name of TRANSFORMS, and what it takes


def read_step(text: str) -> Step:
    """Read one step; raise ValueError that says in English what is wrong with it."""
    name, _, given = text.partition("=")
    if name not in TRANSFORMS:
        raise ValueError(f"{name!r} is no step; there are {', '.join(TRANSFORMS)}")
    takes = TRANSFORMS[name].takes
    if takes is None and given:
        raise ValueError(f"{name} takes nothing; write {name}")
    if takes == "key" and not given:
        raise ValueError(f"{name} of what? write {name}=direct")
    if takes == "places":
        return name, _places(name, given)
    return name, given or None


def written(steps: Iterable[Step]) -> list[str]:
    """Give the steps as they are read."""
    return [name if given is None else f"{name}={given}" for name, given in steps]


def _places(name: str, given: str) -> int:
    places = int(given) if given.isascii() and given.isdecimal() and len(given) < len(str(MOST_PLACES)) else 0
    if not places:
        raise ValueError(f"{name} of how many? write {name}=5, a whole number of 1 or more")
    return places
