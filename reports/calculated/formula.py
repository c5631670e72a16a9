"""Formula: a small tree of figures, numbers and signs, as a frozen value that is written as text and read back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from reports.calculated.terms import LIES_IN, TERMS, Term

PLUS, MINUS, TIMES, BY = "+", "-", "*", "/"
BINDS: Final[Mapping[str, int]] = MappingProxyType({PLUS: 1, MINUS: 1, TIMES: 2, BY: 2})
SHOWN: Final[Mapping[str, str]] = MappingProxyType({PLUS: "+", MINUS: "−", TIMES: "×", BY: "÷"})


@dataclass(frozen=True, slots=True)
class Number:
    """A number that somebody wrote; `at` is its place in the text, from 1 on."""

    value: Decimal
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum of the row: a key of TERMS, of a goal by its short name where it is one of goals."""

    name: str
    goal: str = ""
    at: int = field(default=0, compare=False)

    @property
    def term(self) -> Term:
        """Give what its word says."""
        return TERMS[self.name]

    @property
    def key(self) -> str:
        """Write it."""
        return f"{self.name}:{self.goal}" if self.goal else self.name

    @property
    def needs(self) -> tuple[str, ...]:
        """Give the names of the sums that it takes."""
        return tuple(f"{each}:{self.goal}" if self.goal else each for each in self.term.sums)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parts with a sign between them; `at` is the sign's place."""

    sign: str
    left: "Node"
    right: "Node"
    at: int = field(default=0, compare=False)


Node = Number | Figure | Pair


def figures_in(node: Node) -> Iterator[Figure]:
    """Give all figures, from left to right."""
    if isinstance(node, Figure):
        yield node
    elif isinstance(node, Pair):
        yield from figures_in(node.left)
        yield from figures_in(node.right)


def goals_in(node: Node) -> tuple[str, ...]:
    """Give the short names of the goals that it names, each once."""
    return tuple(dict.fromkeys(each.goal for each in figures_in(node) if each.goal))


def text_of(node: Node) -> str:
    """Write it as `parsing.read` reads it, with no more parentheses than it takes."""
    return written(node, lambda each: each.key if isinstance(each, Figure) else f"{each.value:f}", lambda sign: sign)


def written(node: Node, leaf: Callable[[Figure | Number], str], sign: Callable[[str], str]) -> str:
    """Write it, each leaf and sign by a function."""
    if not isinstance(node, Pair):
        return leaf(node)
    binds = BINDS[node.sign]
    left, right = (written(each, leaf, sign) for each in (node.left, node.right))
    if isinstance(node.left, Pair) and BINDS[node.left.sign] < binds:
        left = f"({left})"
    # Signs of one strength are taken from the left, so what stands on the right keeps its parentheses.
    if isinstance(node.right, Pair) and BINDS[node.right.sign] <= binds:
        right = f"({right})"
    return f"{left} {sign(node.sign)} {right}"


def share_of(node: Node) -> tuple[Figure, Figure] | None:
    """Give the part and the whole where all of it divides a part by what it lies in; None for everything else."""
    if not isinstance(node, Pair) or node.sign != BY:
        return None
    part, whole = node.left, node.right
    if isinstance(part, Figure) and isinstance(whole, Figure) and LIES_IN.get(part.name) == whole.name:
        return part, whole
    return None
