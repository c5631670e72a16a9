"""What came day by day as stacked bars: geometry for an inline drawing. Pure; the template draws it.

Charts of the upper storey know figures and dates of reports; a page of tracking draws its own small one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 160
GAP: Final = 3
# From the ground up: what counts stands on the ground, so that its height can be compared.
PARTS: Final = ("accepted", "duplicate", "filtered", "limited", "rejected")


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle of one outcome."""

    part: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Rectangles in a box of WIDTH x HEIGHT; `highest` is what its full height stands for."""

    pieces: tuple[Piece, ...]
    highest: int
    parts: tuple[str, ...]
    first: date
    last: date


def drawing(days: Mapping[date, Mapping[str, int]], *, first: date, last: date) -> Drawing | None:
    """Draw the days from first to last, both included; None where nothing came.

    days   items by outcome; a day without an entry stays empty
    """
    number = (last - first).days + 1
    return drawn([days.get(first + timedelta(days=place), {}) for place in range(number)], first=first, last=last)


def drawn(stacks: Sequence[Mapping[str, int]], *, first: date, last: date) -> Drawing | None:
    """Draw a bar each, of equal width, whatever stretch of time from first to last each stands for."""
    highest = max((sum(max(0, n) for n in counts.values()) for counts in stacks), default=0)
    if not highest:
        return None
    step = WIDTH / len(stacks)
    pieces = [
        piece
        for place, counts in enumerate(stacks)
        for piece in _bar(counts, place * step, step - min(GAP, step / 2), highest)
    ]
    shown = tuple(part for part in PARTS if any(piece.part == part for piece in pieces))
    return Drawing(tuple(pieces), highest, shown, first, last)


def _bar(counts: Mapping[str, int], x: float, width: float, highest: int) -> Sequence[Piece]:
    pieces, ground = [], float(HEIGHT)
    for part in PARTS:
        items = counts.get(part, 0)
        if items <= 0:
            continue
        # What is there is seen, however little it is beside the rest.
        height = max(1.5, HEIGHT * items / highest)
        ground = max(0.0, ground - height)
        pieces.append(Piece(part, _text(x), _text(ground), _text(width), _text(height)))
    return pieces


def _text(number: float) -> str:
    return f"{number:.1f}"  # a point in every language: SVG reads no comma
