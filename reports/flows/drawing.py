"""Lays paths out as a picture: a column a step, a bar a node, a band for those who went from one to the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reports.flows.answer import Answer, Column
from reports.flows.tallying import Move

PITCH = 200  # from column to column, in the picture's units, which are CSS pixels
BAR = 10  # how wide a bar is; its label stands beside it
HEAD = 28  # above the first bar, for the column's name
FULL = 320  # how high the bar of everybody is
LABEL = 34  # what a label of two lines takes at least
GAP = 8
LETTERS = 24  # that fit beside a bar


@dataclass(frozen=True, slots=True)
class Bar:
    """One node, by its column from 0, which is the point, and its place there."""

    column: int
    place: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Band:
    """Those who went from one bar to another."""

    column: int
    link: Move
    outline: str  # as SVG's path writes it


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: float
    heads: tuple[int, ...]  # where each column begins
    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]


def picture(answer: Answer) -> Picture:
    """Lay an answer out; going back, the point stands at the right and the nearest step beside it."""
    columns, backwards = answer.columns, answer.asked.is_backwards
    count = len(columns) + 1
    xs = tuple(PITCH * (len(columns) - n if backwards else n) for n in range(count))
    scale = FULL / max(answer.narrowed, 1)
    counts = [(answer.narrowed,), *(tuple(node.count for node in column.nodes) for column in columns)]
    bars = [_bars(n, xs[n], each, scale) for n, each in enumerate(counts)]
    bands = [
        band
        for column, (before, here) in zip(columns, pairwise(bars), strict=True)
        for band in _bands(column, before, here, scale, backwards=backwards)
    ]
    height = max(bar.y + max(bar.height, LABEL) for each in bars for bar in each)
    return Picture(PITCH * count, height + GAP, xs, tuple(bar for each in bars for bar in each), tuple(bands))


def shortened(text: str) -> str:
    """Give a label that fits beside its bar; the end of a path says more than its middle."""
    if len(text) <= LETTERS:
        return text
    half = LETTERS // 2
    return f"{text[: half - 1]}…{text[-half:]}"


def _bars(column: int, x: float, counts: Sequence[int], scale: float) -> list[Bar]:
    found, y = [], float(HEAD)
    for place, count in enumerate(counts):
        height = max(count * scale, 1.0)
        found.append(Bar(column, place, x, round(y, 2), round(height, 2)))
        y += max(height, LABEL) + GAP
    return found


def _bands(column: Column, before: list[Bar], here: list[Bar], scale: float, *, backwards: bool) -> list[Band]:
    out, into, found = [bar.y for bar in before], [bar.y for bar in here], []
    for link in sorted(column.links, key=lambda link: (link.before, link.here)):
        thick = link.count * scale
        one, other = before[link.before], here[link.here]
        left, right = (other, one) if backwards else (one, other)
        tops = (into[link.here], out[link.before]) if backwards else (out[link.before], into[link.here])
        found.append(Band(column.number, link, _outline(left.x + BAR, tops[0], right.x, tops[1], thick)))
        out[link.before] += thick
        into[link.here] += thick
    return found


def _outline(x0: float, y0: float, x1: float, y1: float, thick: float) -> str:
    middle = (x0 + x1) / 2
    there = f"M{x0:.1f} {y0:.2f}C{middle:.1f} {y0:.2f} {middle:.1f} {y1:.2f} {x1:.1f} {y1:.2f}"
    below, beyond = y0 + thick, y1 + thick
    return f"{there}V{beyond:.2f}C{middle:.1f} {beyond:.2f} {middle:.1f} {below:.2f} {x0:.1f} {below:.2f}Z"
