"""How alike two goals are by what they ask for and what they are called; what they count is asked of the lake.

Pure: names and rules in, numbers between 0 and 1 out.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from goals.conditions import Rule, to_json

# Letters that no accent makes, and "aa" for "å" as older keyboards write it: "kjøp", "kjop" and "kjoep" are one word.
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "ð": "d", "þ": "th", "ß": "ss", "å": "a", "ä": "ae", "ö": "o"})
_DOUBLED = (("oe", "o"), ("aa", "a"))
_WORD = re.compile(r"[^\W_]+")
# Words that say nothing of what a goal is about, in the languages of its readers; folded as names are.
_FILLERS = frozenset(
    (
        "a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with",
        "av", "de", "den", "det", "el", "eller", "en", "et", "ett", "for", "fra", "fran", "hos", "i", "med", "och",
        "og", "pa", "som", "til", "till", "ur", "ved", "vid",
    )
)  # fmt: skip
_GRAM = 3  # letters: short enough for inflections, long enough to tell words apart


def fold(name: str) -> list[str]:
    """Give the words of a name without case, accents, Nordic letters and fillers."""
    plain = unicodedata.normalize("NFC", name).casefold().translate(_LETTERS)
    plain = "".join(each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each))
    for doubled, single in _DOUBLED:
        plain = plain.replace(doubled, single)
    words = _WORD.findall(plain)
    return [word for word in words if word not in _FILLERS] or words


def name_likeness(one: str, other: str) -> float:
    """Say how alike two names are: 1 for the same words in any order, 0 for nothing in common.

    source   Dice's coefficient over letter trigrams of the words, as PostgreSQL's pg_trgm cuts them
    """
    mine, theirs = _grams(fold(one)), _grams(fold(other))
    if not mine or not theirs:
        return 0.0
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def same_rules(one: Sequence[Rule], other: Sequence[Rule]) -> bool:
    """Say whether two sets of rules ask the same, in whatever order they are written."""
    return bool(one) and _as_set(one) == _as_set(other)


def _grams(words: Iterable[str]) -> frozenset[str]:
    padded = (f"  {word} " for word in words)  # begins weigh more than ends, where inflections are
    return frozenset(word[at : at + _GRAM] for word in padded for at in range(len(word) - _GRAM + 1))


def _as_set(rules: Sequence[Rule]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(repr(sorted(part.items())) for part in rule) for rule in to_json(rules))
