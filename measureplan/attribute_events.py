"""Rows of events to touches, counted conversions and refunds of one goal."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from analysis.arrays import Bools, Ints, Kinds
from analysis.attribution.credit import NONE
from analysis.journeys import NO_SESSION, Conversions, Touches, in_order
from analysis.windows import CLICK, KIND_NAMES
from measureplan.attribute_money import Money, Refund, settle
from measureplan.attribute_read import Rows, times_of
from measureplan.bad_input import BadInput

NEEDED = ("time", "visitor_id", "name", "channel")
REFUND = "refund"
UNASSIGNED, UNSET = "unassigned", "(not set)"  # an empty channel, and an empty cell of any other column
PAID_CHANNELS = frozenset({"affiliates", "audio", "cross_network", "display"})  # beside all that begin with paid_
AD_EVENTS = frozenset({"ad_impression", "ad_engagement", "ad_click"})  # they open no session
SESSION_GAP_US = 30 * 60 * 1_000_000  # events exactly 30 minutes apart are of two sessions
FLAGS = dict.fromkeys(("true", "1", "yes"), True) | dict.fromkeys(("false", "0", "no"), False)
NO_TOUCH = -1


@dataclass(frozen=True, slots=True)
class Events:
    """Hold what a file of events says about one goal.

    keys        int64[touches], codes into names: the column that credit is given by
    names       what the codes stand for
    unmatched   refunds whose transaction no row of the goal has
    repeated    rows that were left out, because an earlier one has their event id
    notes       what the person should know, one line each
    """

    touches: Touches
    conversions: Conversions
    keys: Ints
    names: list[str]
    money: Money
    unmatched: list[Refund]
    repeated: int
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Book:
    """Say how sales are told from other rows, and what they are worth after refunds.

    is_sale   rows and the goal to bool[rows]
    settle    as attribute_money.settle
    """

    is_sale: Callable[[Rows, str], Bools]
    settle: Callable[[Rows, Ints, Ints, frozenset[str]], tuple[Money, list[Refund]]]


@dataclass(frozen=True, slots=True)
class _Coded:
    """Hold a text column as codes: code of each row, and the texts."""

    code: Ints
    texts: list[str]

    def where(self, holds: Callable[[str], bool]) -> Bools:
        return np.array([holds(text) for text in self.texts], dtype=np.bool_)[self.code]

    def first(self, holds: Callable[[str], bool]) -> int | None:
        """Give the first row whose text is such, if there is one."""
        rows = np.flatnonzero(self.where(holds))
        return int(rows[0]) if len(rows) else None


def is_named(rows: Rows, wanted: str) -> Bools:
    """Mark the rows of a name."""
    return _Coded(*rows.codes("name")).where(lambda text: text == wanted)


BY_NAME = Book(is_named, settle)


def read_events(rows: Rows, *, goal: str, by: str, counting: str, needs_sessions: bool, book: Book = BY_NAME) -> Events:
    """Find the touches, the counted conversions and the refunds of a goal.

    book     how sales and refunds are told and settled: by all rows' names, unless it was done before
    raises   BadInput naming the cell, or the currencies that do not add up
    """
    time_us, is_naive = times_of(rows)
    once = once_by_event_id(rows, time_us)
    name = _Coded(*rows.codes("name"))
    sale = np.flatnonzero(once & book.is_sale(rows, goal))
    refund = np.flatnonzero(once & is_named(rows, REFUND))
    kind = _kinds(rows, name, goal)
    touch = np.flatnonzero(once & (kind != NO_TOUCH))
    person = _persons(rows, touch, sale)
    session = np.full(len(rows), NO_SESSION, dtype=np.int64)
    if needs_sessions:
        session = _sessions(rows, name, person, time_us, kind)
    touch = touch[_order(rows, touch, person[touch], time_us)]
    known = frozenset(rows.texts("transaction_id", sale))
    sale = _counted(rows, sale, counting, person=person, time_us=time_us, session=session)
    money, unmatched = book.settle(rows, sale, refund, known - {""})
    keys, names = _keys(rows, touch, by)
    return Events(
        touches=Touches(
            person=person[touch],
            time_us=time_us[touch],
            kind=kind[touch],
            direct=_Coded(*rows.codes("channel")).where(is_direct)[touch],
            paid=_paid(rows)[touch],
            session=session[touch],
        ),
        conversions=Conversions(person[sale], time_us[sale], session[sale]),
        keys=keys,
        names=names,
        money=money,
        unmatched=unmatched,
        repeated=int((~once).sum()),
        notes=notes_of(rows.path, name.texts, goal, is_naive=is_naive, repeated=int((~once).sum())),
    )


def plain(channel: str) -> str:
    """Give a channel's name in the form that rules know: "Paid Search" is paid_search."""
    return "_".join("".join(c if c.isalnum() else " " for c in channel.casefold()).split())


def is_direct(channel: str) -> bool:
    """Say whether a channel's touches are direct ones."""
    return plain(channel) == "direct"


def is_paid(channel: str) -> bool:
    """Say whether a channel is paid for, where no column says it of the touch."""
    return plain(channel).startswith("paid_") or plain(channel) in PAID_CHANNELS


def once_by_event_id(rows: Rows, time_us: Ints) -> Bools:
    """Keep the earliest row of each event id; rows without an id all stay."""
    once = np.ones(len(rows), dtype=np.bool_)
    if "event_id" not in rows.columns:
        return once
    ids = rows.text("event_id").dictionary_encode()
    if len(ids.dictionary) == len(rows):
        return once
    code = ids.indices.to_numpy()
    order = np.lexsort((time_us, code))
    again = order[1:][code[order[1:]] == code[order[:-1]]]
    once[again] = False
    once[code == pc.index(ids.dictionary, "").as_py()] = True
    return once


def _kinds(rows: Rows, name: _Coded, goal: str) -> Kinds:
    """Give each row's touch type; without a type column, every other row with a channel is a click."""
    if "type" not in rows.columns:
        is_touch = _Coded(*rows.codes("channel")).where(bool) & ~name.where(lambda text: text in {goal, REFUND})
        return np.where(is_touch, CLICK, NO_TOUCH).astype(np.int8)
    given = _Coded(*rows.codes("type"))
    kinds = {"": NO_TOUCH} | {kind: code for code, kind in enumerate(KIND_NAMES)}
    odd = given.first(lambda text: text.lower() not in kinds)
    if odd is not None:
        rows.refuse(odd, "type", "{} is no type; write view, engagement or click, or nothing for no touch")
    return np.array([kinds[text.lower()] for text in given.texts], dtype=np.int8)[given.code]


def _persons(rows: Rows, touch: Ints, sale: Ints) -> Ints:
    """Give each row's person; visitors are persons until identities are resolved."""
    code, texts = rows.codes("visitor_id")
    if "" in texts:
        nobody = np.flatnonzero(code == texts.index(""))
        at_fault = np.intersect1d(nobody, np.concatenate((touch, sale)))
        if len(at_fault):
            rows.refuse(int(at_fault[0]), "visitor_id", "{} is nobody; give the visitor of each touch")
    return code


def _sessions(rows: Rows, name: _Coded, person: Ints, time_us: Ints, kind: Kinds) -> Ints:
    """Give each row's session: the client's, or cut where a visitor was away for 30 minutes."""
    if "session_id" in rows.columns:
        code, texts = rows.codes("session_id")
        return np.where(code == texts.index(""), NO_SESSION, code) if "" in texts else code
    on_site = ~name.where(lambda text: text in AD_EVENTS | {REFUND}) & ((kind == NO_TOUCH) | (kind == CLICK))
    visits = np.flatnonzero(on_site)
    visits = visits[np.lexsort((time_us[visits], person[visits]))]
    away = np.diff(time_us[visits]) >= SESSION_GAP_US
    begins = np.r_[True, away | (np.diff(person[visits]) != 0)][: len(visits)]
    session = np.full(len(rows), NO_SESSION, dtype=np.int64)
    session[visits] = np.cumsum(begins)
    return session


def _order(rows: Rows, chosen: Ints, person: Ints, time_us: Ints) -> Ints:
    """Order rows by person, time, sequence, event id; the file's order decides what is left."""
    event_id = None
    if "event_id" in rows.columns:
        event_id = np.array(rows.texts("event_id", chosen), dtype=object)
    return in_order(person, time_us[chosen], sequence=_sequence(rows, chosen), event_id=event_id)


def _sequence(rows: Rows, chosen: Ints) -> Ints | None:
    if "sequence" not in rows.columns:
        return None
    given = _Coded(*rows.codes("sequence"))
    odd = given.first(lambda text: not (text or "0").lstrip("-").isdecimal() or len(text) > 18)
    if odd is not None:
        rows.refuse(odd, "sequence", "{} is no whole number; write the client's count, or nothing")
    return np.array([int(text or 0) for text in given.texts], dtype=np.int64)[given.code][chosen]


def _counted(rows: Rows, sale: Ints, counting: str, *, person: Ints, time_us: Ints, session: Ints) -> Ints:
    """Give the rows that count, by person and time: once by transaction, then as the goal counts."""
    sale = each_transaction_once(rows, sale, time_us)
    if counting == "person":
        sale = sale[_firsts(person[sale], np.zeros(len(sale), dtype=np.bool_))]
    if counting == "session":
        _, visit = np.unique(np.column_stack((person[sale], session[sale])), axis=0, return_inverse=True)
        sale = sale[_firsts(visit, session[sale] == NO_SESSION)]
    return sale[np.argsort(person[sale], kind="stable")]


def each_transaction_once(rows: Rows, sale: Ints, time_us: Ints) -> Ints:
    """Give the earliest row of each transaction, and all that have none, in their order."""
    sale = sale[_order(rows, sale, np.zeros(len(sale), dtype=np.int64), time_us)]
    transactions, transaction = np.unique(rows.texts("transaction_id", sale), return_inverse=True)
    return sale[_firsts(transaction, transactions[transaction] == "")]


def _firsts(code: Ints, always: Bools) -> Bools:
    """Mark the first of each code, and all that count always."""
    _, first = np.unique(code, return_index=True)
    mark = always.copy()
    mark[first] = True
    return mark


def _paid(rows: Rows) -> Bools:
    by_channel = _Coded(*rows.codes("channel")).where(is_paid)
    if "paid" not in rows.columns:
        return by_channel
    given = _Coded(*rows.codes("paid"))
    odd = given.first(lambda text: bool(text) and text.lower() not in FLAGS)
    if odd is not None:
        rows.refuse(odd, "paid", "{} is neither true nor false; write one, or nothing to go by the channel")
    said = given.where(lambda text: FLAGS.get(text.lower(), False))
    return np.where(given.where(bool), said, by_channel)


def _keys(rows: Rows, touch: Ints, by: str) -> tuple[Ints, list[str]]:
    if by not in rows.columns:
        raise BadInput(f"{rows.path} has no column {by}; its columns are: {', '.join(rows.columns)}")
    given = _Coded(*rows.codes(by))
    named = [text or (UNASSIGNED if by == "channel" else UNSET) for text in given.texts]
    used = sorted({named[code] for code in np.unique(given.code[touch]).tolist()})
    if NONE in used:
        row = int(touch[given.where(lambda text: text == NONE)[touch]][0])
        rows.refuse(row, by, "{} is the row of conversions without a touch; call it something else")
    place = {text: i for i, text in enumerate(used)}
    codes = np.array([place.get(text, 0) for text in named], dtype=np.int64)
    return codes[given.code[touch]], used


def notes_of(path: Path, names: Iterable[str], goal: str, *, is_naive: bool, repeated: int) -> list[str]:
    """Give what the person should know of the events.

    names      of all events
    is_naive   times had no zone
    repeated   rows with an event id that an earlier one has
    """
    notes = []
    if is_naive:
        notes.append("times without a zone were read as UTC")
    if repeated:
        notes.append(f"{repeated} rows repeat an event_id and were left out; the earliest of each counts")
    named = sorted(filter(None, names))
    if goal not in named:
        notes.append(f'no row is named "{goal}"; names in {path}: {", ".join(named[:10]) or "none"}')
    return notes
