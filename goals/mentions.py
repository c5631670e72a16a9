"""Whom a text names by "@": members by their name, their first name, or their address.

"@Kaisa Ødegård", "@kaisa" and "@service@example.com" all name Kaisa, as long as no other member is called so too.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workspaces.models import Membership

_AT = re.compile(r"(?<![\w@.])@")  # not the one inside an e-mail address


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `member` where it names somebody."""

    text: str
    member: Membership | None = None


def mentioned(text: str, members: Iterable[Membership]) -> list[Membership]:
    """Give the members that the text names, each once, in the order of their first mention."""
    found = [piece.member for piece in pieces(text, members) if piece.member]
    return list({member.pk: member for member in found}.values())


def pieces(text: str, members: Iterable[Membership]) -> list[Piece]:
    """Cut the text at its mentions; put together, the pieces are the text. Members come with their user."""
    called = _called(list(members))
    folded = text.casefold()
    if len(folded) != len(text):  # some letter has no single small one: places would not fit
        folded = text.lower() if len(text.lower()) == len(text) else text
    cut: list[Piece] = []
    done = 0
    for at in (match.end() for match in _AT.finditer(text)):
        name = next((name for name in called if at > done and _stands(folded, name, at)), None)
        if name is None:
            continue
        if at - 1 > done:
            cut.append(Piece(text[done : at - 1]))
        done = at + len(name)
        cut.append(Piece(text[at - 1 : done], called[name]))
    return [*cut, Piece(text[done:])] if done < len(text) else cut


def _stands(folded: str, name: str, at: int) -> bool:
    end = at + len(name)
    return folded.startswith(name, at) and not (end < len(folded) and (folded[end].isalnum() or folded[end] == "_"))


def _called(members: Sequence[Membership]) -> dict[str, Membership]:
    """Give what each member can be called, the longest first; what two are called names nobody."""
    calls = [(name, member) for member in members for name in _names(member)]
    counts: dict[str, set[int]] = {}
    for name, member in calls:
        counts.setdefault(name, set()).add(member.pk)
    own = {name: member for name, member in calls if len(counts[name]) == 1}
    return dict(sorted(own.items(), key=lambda pair: -len(pair[0])))


def _names(member: Membership) -> Iterable[str]:
    name, email = member.user.name.casefold().strip(), member.user.email.casefold()
    return {each for each in (name, name.split(" ", maxsplit=1)[0], email, email.split("@", maxsplit=1)[0]) if each}
