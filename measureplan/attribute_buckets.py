"""One bucket of lines to what it adds to an answer: the pure steps that run alike in one process and on a cluster.

Two steps, each a function of the lines of one bucket alone. `attached` sees all lines of a transaction: it tells which
sale counts and hangs its refunds on it. `credited` then sees all lines of a visitor, and gives what they add to each
figure of the answer. Between them the lines are dealt out anew, by whatever runs them: here, or Spark.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.arrays import Bools, Ints
from measureplan import attribute_events
from measureplan.attribute_events import REFUND, Book, Events
from measureplan.attribute_lines import Source, in_place, lines_of, rows_of
from measureplan.attribute_money import Money, Refund, cells, currencies, money_of, value_of
from measureplan.attribute_read import Rows, amount_of, times_of
from measureplan.bad_input import BadInput

# What `attached` says of a line: a sale that counts, or a refund of no sale; empty for every other.
SALE, UNMATCHED = "sale", "unmatched"
VERDICT, REFUNDS, SEAT = "verdict", "refunds", "seat"
# What a bucket adds: `about` says to which figure.
ADDED = pa.schema(
    [
        ("about", pa.string()),
        ("name", pa.string()),  # the model of credits, the part of the split, a transaction
        ("key", pa.string()),
        ("conversions", pa.float64()),
        ("value", pa.float64()),  # whole numbers of 10^-decimals of the currency's unit
        ("value_net", pa.float64()),
        ("decimals", pa.int64()),
        ("text", pa.string()),
    ]
)
Adding = Callable[[Events], list[dict[str, Any]]]  # credits of a bucket's events, as rows of ADDED


@dataclass(frozen=True, slots=True)
class Job:
    """What is done with the lines of a source; told to other processes as it is.

    adding   what a bucket's events add beside the totals; a function that can be sent
    """

    source: Source
    goal: str
    by: str
    counting: str
    needs_sessions: bool
    adding: Adding

    @property
    def lines(self) -> pa.Schema:
        """Give the columns of what `read` gives: SEAT is what `attached` is dealt by."""
        return self.source.schema.append(pa.field(SEAT, pa.string()))

    @property
    def judged(self) -> pa.Schema:
        """Give the columns of what `attached` gives and `credited` takes."""
        return self.source.schema.append(pa.field(VERDICT, pa.string())).append(pa.field(REFUNDS, pa.string()))


def read(job: Job, file: int) -> Iterator[pa.Table]:
    """Read the sales and refunds of a file, each with the seat that `attached` is dealt by: job.lines."""
    return (apart(job, lines)[0] for lines in lines_of(job.source, file))


def read_others(job: Job, file: int) -> Iterator[pa.Table]:
    """Read the lines of a file that are neither: job.judged, without a verdict."""
    return (apart(job, lines)[1] for lines in lines_of(job.source, file))


def apart(job: Job, lines: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Give sales and refunds with their seats (job.lines), and the other lines without a verdict (job.judged)."""
    is_money = pc.is_in(lines.column("name"), pa.array([job.goal, REFUND]))
    money, others = lines.filter(is_money), lines.filter(pc.invert(is_money))
    seat = money.column("visitor_id")
    if "transaction_id" in lines.column_names:
        transaction = money.column("transaction_id")
        seat = pc.if_else(pc.equal(transaction, ""), seat, transaction)
    empty = pa.repeat("", others.num_rows)
    return money.append_column(SEAT, seat), others.append_column(VERDICT, empty).append_column(REFUNDS, empty)


def attached(job: Job, lines: pa.Table) -> pa.Table:
    """Judge the sales and refunds of whole transactions: job.lines to job.judged, repeated event ids left out."""
    lines = in_place(lines)
    rows = rows_of(lines, job.source.address)
    time_us, _ = times_of(rows)
    once = attribute_events.once_by_event_id(rows, time_us)
    goal = np.flatnonzero(once & attribute_events.is_named(rows, job.goal))
    sale = attribute_events.each_transaction_once(rows, goal, time_us)
    refund = np.flatnonzero(once & attribute_events.is_named(rows, REFUND))
    place = {name: row for row, name in cells(rows, sale, "transaction_id") if name}
    verdict, refunds = np.full(len(rows), "", dtype=object), np.full(len(rows), "", dtype=object)
    verdict[sale] = SALE
    taken: dict[int, list[tuple[str, str]]] = {}
    texts = zip(rows.texts("value", refund), rows.texts("currency", refund), strict=True)
    for (row, transaction), said in zip(cells(rows, refund, "transaction_id"), texts, strict=True):
        if transaction in place:
            taken.setdefault(place[transaction], []).append(said)
        else:
            verdict[row] = UNMATCHED
    for row, theirs in taken.items():
        refunds[row] = json.dumps(theirs)
    judged = lines.drop_columns([SEAT])
    judged = judged.append_column(VERDICT, pa.array(verdict, pa.string()))
    return judged.append_column(REFUNDS, pa.array(refunds, pa.string())).filter(pa.array(once))


def credited(job: Job, lines: pa.Table) -> pa.Table:
    """Give what the lines of whole visitors add: job.judged to ADDED; a fault of the input is a row of its own."""
    lines = in_place(lines)
    rows = rows_of(lines, job.source.address)
    named: set[str] = set()
    book = Book(_is_sale, partial(_settle, named=named))
    asked = {"goal": job.goal, "by": job.by, "counting": job.counting, "needs_sessions": job.needs_sessions}
    try:
        events = attribute_events.read_events(rows, **asked, book=book)  # type: ignore[arg-type]
    except BadInput as fault:
        return pa.Table.from_pylist([{"about": "fault", "text": str(fault)}], schema=ADDED)
    money = events.money
    total = {"conversions": len(money.value), "text": str(money.total), "decimals": money.decimals}
    added = [{"about": "total"} | total, {"about": "repeated", "conversions": events.repeated}]
    added += [{"about": "currency", "text": name} for name in sorted(named)]
    added += [{"about": "name", "text": name} for name in pc.unique(lines.column("name")).to_pylist()]
    for each in events.unmatched:
        text = None if each.amount is None else str(each.amount)
        added.append({"about": "unmatched", "name": each.transaction_id, "text": text})
    return pa.Table.from_pylist([*added, *job.adding(events)], schema=ADDED)


def _is_sale(rows: Rows, _: str) -> Bools:
    return np.asarray(pc.equal(rows.columns[VERDICT], SALE), dtype=np.bool_)


def _settle(rows: Rows, sale: Ints, refund: Ints, _: frozenset[str], *, named: set[str]) -> tuple[Money, list[Refund]]:
    """Settle sales with the refunds that hang on them; the currencies are told, for other buckets have theirs."""
    values = [value_of(rows, row, text) for row, text in cells(rows, sale, "value")]
    back = [Decimal(0)] * len(values)
    for place, (row, text) in enumerate(cells(rows, sale, REFUNDS)):
        for amount, currency in json.loads(text) if text else ():
            back[place] += abs(amount_of(rows, row, "value", amount)) if amount else values[place]
            named |= {currency.upper()} - {""}
    named |= currencies(rows, [row for row, value in zip(sale.tolist(), values, strict=True) if value])
    verdict = rows.texts(VERDICT, refund)
    alone = refund[np.array([text == UNMATCHED for text in verdict], dtype=np.bool_)]
    texts = zip(cells(rows, alone, "transaction_id"), rows.texts("value", alone), strict=True)
    unmatched = [
        Refund(transaction, abs(amount_of(rows, row, "value", text)) if text else None)
        for (row, transaction), text in texts
    ]
    return money_of(values, back), unmatched
