"""Conversions of one goal under a question's windows: part of the paid split and credited touch of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import Bools, Ints
from analysis.assists import Split, paid_split
from analysis.attribution.paths import chosen, eligible, without_direct
from analysis.attribution.single import last_priority
from reports.attribution import blocks
from reports.attribution.blocks import Held, Places, Stored
from reports.attribution.parts import Part, cut, days, owners
from reports.insights.question import Asked
from reports.periods import Span

UNTOUCHED = -1


@dataclass(frozen=True, slots=True)
class Keys:
    """What the credited touch of each conversion says: codes int64[n] into names; UNTOUCHED where there is none."""

    names: tuple[str, ...]
    code: Ints


@dataclass(frozen=True, slots=True)
class Gathered:
    """The conversions of a goal on the question's days: n of them.

    day             int64[n], days since 1970-01-01 on the workspace's calendar
    part            int64[n], codes of analysis.assists.Split; NONE without a touch in its window
    kind            int64[n], the credited touch's type; UNTOUCHED
    value, refund   int64[n], micros
    person          int64[n], codes; empty unless asked for
    keys            by column
    """

    day: Ints
    part: Ints
    kind: Ints
    value: Ints
    refund: Ints
    person: Ints
    keys: Mapping[str, Keys]

    @property
    def is_attributed(self) -> Bools:
        """Say of each whether it has a touch in its window."""
        found: Bools = self.part != Split.NONE
        return found


def gather(stored: Stored, asked: Asked, span: Span, columns: Sequence[str], *, with_persons: bool) -> Gathered:
    """Cut the paths of the span's conversions to the question's account and windows, and credit each to one touch.

    columns       of touches, or of TOLD or CARRIED: what is asked of the credited one; at least one
    with_persons  say whose the conversions are, too

    Which touch is credited is last by priority (SEMANTICS 4.7): a click before an engagement before a view, the latest
    of its type; direct touches give way to any other. The part of the paid split asks all touches in their windows.
    """
    held = {column: blocks.read(stored, span, column) for column in dict.fromkeys((*columns, *_filters(asked)))}
    cuts = {column: cut(found, span) for column, found in held.items()}
    lists = {column: list(parts) for column, (_names, parts) in cuts.items()}
    sums = _Sums(columns)
    for number, part in enumerate(lists[columns[0]]):
        account = lists["account"][number] if asked.account else None
        mine = None if account is None else _is_account(account, cuts["account"][0], asked.account)
        sums.add(part, mine, asked, {column: lists[column][number].key for column in columns})
    found = held[columns[0]]
    return Gathered(
        day=days(found, span).astype(np.int64),
        part=_joined(sums.part),
        kind=_joined(sums.kind),
        value=_joined(sums.value),
        refund=_joined(sums.refund),
        person=_persons(stored, found, span) if with_persons else np.empty(0, np.int64),
        keys={column: Keys(cuts[column][0], _joined(codes)) for column, codes in sums.keys.items()},
    )


def _persons(stored: Stored, found: list[Held], span: Span) -> Ints:
    """Number whose each conversion is: of one state of the paths for good, so that other windows ask nobody again."""
    name = (stored, span)
    kept: Places | None = blocks.kept.find(name)
    if kept is None:
        kept = blocks.kept.keep(name, Places(owners(stored, found, span, "visitors").code))
    return kept.places


class _Sums:
    """What the parts give, one after the other."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.part: list[Ints] = []
        self.kind: list[Ints] = []
        self.value: list[Ints] = []
        self.refund: list[Ints] = []
        self.keys: dict[str, list[Ints]] = {column: [] for column in columns}

    def add(self, part: Part, mine: Bools | None, asked: Asked, keys: Mapping[str, Ints]) -> None:
        """Take some conversions; `mine` are the touches that are of the account, None for all."""
        inside = eligible(part.journeys, asked.windows)
        if mine is not None:
            inside = chosen(inside, mine[inside.row])
        credited = last_priority(without_direct(inside))
        owner, row, n = credited.owner, credited.row, len(part.value)
        self.part.append(paid_split(inside).astype(np.int64))
        self.kind.append(_at(owner, part.journeys.kind[row].astype(np.int64), n))
        self.value.append(part.value)
        self.refund.append(part.refund)
        for column, key in keys.items():
            self.keys[column].append(_at(owner, key[row], n))


def _at(owner: Ints, codes: Ints, n: int) -> Ints:
    found = np.full(n, UNTOUCHED, np.int64)
    found[owner] = codes
    return found


def _is_account(part: Part, names: Sequence[str], account: str) -> Bools:
    code = names.index(account) if account in names else UNTOUCHED
    found: Bools = part.key == code
    return found


def _filters(asked: Asked) -> tuple[str, ...]:
    return ("account",) if asked.account else ()


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate([np.empty(0, np.int64), *parts])
