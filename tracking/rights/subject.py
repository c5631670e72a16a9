"""Who is meant, by every id that one person's events carry. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from tracking.event import is_cookieless
from tracking.identity import USER_PREFIX, is_nobody, person_of_user


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """A visitor id and a user id that events carried together."""

    visitor_id: str
    user_id: str


class Order(msgspec.Struct, frozen=True, order=True):
    """A transaction id; two sources may both have an order number 1001."""

    source_id: int
    transaction_id: str


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One person, as events name them.

    visitors   whatever carries one of these is theirs
    users      the same; on a device that others use as well, only what carries the user is
    orders     purchases that nobody else is named on
    shared     devices that others use as well, of which the signed in part alone is theirs
    """

    visitors: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()
    shared: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Give every id that names the person, as texts to look for."""
        own = (*self.visitors, *self.users, *(order.transaction_id for order in self.orders))
        # What a server sends of a user has the user's name within the visitor's.
        return tuple(dict.fromkeys(own))

    @property
    def persons(self) -> tuple[str, ...]:
        """Give the ids under which sessions and touches may have the person; see tracking.identity."""
        return (*self.visitors, *map(person_of_user, self.users))

    @property
    def is_empty(self) -> bool:
        return not (self.visitors or self.users or self.orders)


def of_users(users: Iterable[str], pairs: Iterable[Pair]) -> Subject:
    """Give the person whom these users are.

    users   all names of one person, as aliases join them
    pairs   all pairs of every visitor that has one of them
    """
    names = set(users)
    own, shared = set[str](), set[str]()
    for visitor_id, theirs in _users_by_visitor(pairs).items():
        if theirs & names and not (is_cookieless(visitor_id) or is_nobody(visitor_id)):
            (own if theirs <= names else shared).add(visitor_id)
    served = {person_of_user(name) for name in names}
    return Subject(visitors=_sorted(own | served), users=_sorted(names), shared=_sorted(shared - served))


def of_visitor(visitor_id: str, pairs: Iterable[Pair], classes: Mapping[str, frozenset[str]]) -> Subject:
    """Give the person who a visitor is: its user with all devices, or the device where several users share it.

    pairs    of this visitor, and of all visitors of its users
    classes  by user, all names of that person
    """
    known = list(pairs)
    users = {pair.user_id for pair in known if pair.visitor_id == visitor_id}
    if visitor_id.startswith(USER_PREFIX):
        users.add(visitor_id.removeprefix(USER_PREFIX))
    persons = {classes.get(user, frozenset({user})) for user in users}
    if len(persons) != 1 or is_cookieless(visitor_id):
        return Subject(visitors=(visitor_id,), shared=(visitor_id,) if len(persons) > 1 else ())
    found = of_users(next(iter(persons)), known)
    return msgspec.structs.replace(found, visitors=_sorted({*found.visitors, visitor_id}))


def _users_by_visitor(pairs: Iterable[Pair]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        found[pair.visitor_id].add(pair.user_id)
    return found


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
