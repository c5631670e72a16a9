"""Which visitors and users are one person: a function of the links between them, whatever order they came in. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

USER_PREFIX = "u."  # begins the visitor id of events that a server sent of a user, and the person id of every user

# What programs send as an id where they have none. One such "user" would make all of its visitors one person.
NOBODY = frozenset(
    {"", "0", "-1", "anonymous", "false", "guest", "nan", "nil", "none", "null", "true", "undefined", "unknown"}
    | {"[object object]", "anon", "not_authenticated", "distinct_id", "user_id", "id"}
)


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A visitor id was seen with a user id.

    is_alias  the site said that the two name one person, and that `visitor_id` was a user's id before
    """

    visitor_id: str
    user_id: str
    is_alias: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Share:
    """What is placed as a whole: all that a visitor did, or only what it did signed in as a user.

    user_id  None: all
    """

    visitor_id: str
    user_id: str | None = None


def is_nobody(name: str) -> bool:
    """Tell whether an id names no one."""
    return name.strip().lower() in NOBODY


def person_of_user(user_id: str) -> str:
    """Give the person id of a user who has no other name."""
    return USER_PREFIX + user_id


def persons_of(links: Iterable[Link]) -> dict[Share, str]:
    """Give the person of each share that is not simply its visitor's own.

    Users are one person where aliases join them. A visitor with one person's users is that person, from its first
    event on. A visitor with the users of several persons is a device that is shared: what was done signed in is the
    user's, and the rest is nobody's but the device's.
    """
    known = set(links)
    users = _Classes()
    of_visitor: defaultdict[str, set[str]] = defaultdict(set)
    for link in known:
        of_visitor[link.visitor_id].add(link.user_id)
        if link.is_alias:
            users.join(link.visitor_id, link.user_id)
    for user_id in users.names():
        of_visitor[person_of_user(user_id)].add(user_id)
    found: dict[Share, str] = {}
    for visitor_id, theirs in of_visitor.items():
        # The server's name for a user is the user's, also where it came without a link.
        own = {visitor_id.removeprefix(USER_PREFIX)} if visitor_id.startswith(USER_PREFIX) else set()
        found |= _placed(visitor_id, {user_id: person_of_user(users.first(user_id)) for user_id in theirs | own})
    return found


def _placed(visitor_id: str, persons: Mapping[str, str]) -> dict[Share, str]:
    if len(set(persons.values())) > 1:
        return {Share(visitor_id, user_id): person for user_id, person in persons.items()}
    person = next(iter(persons.values()))
    return {} if person == visitor_id else {Share(visitor_id): person}


class _Classes:
    """Union-find over names; each class is called by its first name in the order of the alphabet."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def names(self) -> list[str]:
        """Give the names that were joined with any."""
        return list(self._above)

    def first(self, name: str) -> str:
        """Give the name of the class; of a name that was never joined, itself."""
        root = name
        while (above := self._above.get(root, root)) != root:
            root = above
        while (above := self._above.get(name, root)) != root:  # shorten the way for the next one
            self._above[name], name = root, above
        return root

    def join(self, one: str, other: str) -> None:
        """Make two classes one."""
        low, high = sorted((self.first(one), self.first(other)))
        self._above[low] = self._above[high] = low
