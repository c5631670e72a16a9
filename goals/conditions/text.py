"""Mapping rules as text that can be typed and read back: `page /thanks*; or event order where value >= 500`.

    rules        rule; or rule
    rule         page PATH | event NAME | event NAME where CONDITION and CONDITION | where CONDITION and CONDITION
    condition    FIELD is VALUE | FIELD is one of VALUE, VALUE | property KEY contains VALUE | FIELD is set | ...
    value        bare, or in double quotes with JSON's escapes where it has blanks, commas, semicolons or quotes

`page PATH` is a page view of that path, where * stands for anything. Fields have their names of the API, in every
language the same, as functions of a spreadsheet would be. docs/reference/mapping-rules.md lists them.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from goals.conditions.language import FIELDS, OPERATORS, Condition, Rule, gettext_noop
from goals.conditions.parsing import Fault, Misstated, parse

PAGE, EVENT, WHERE, AND, OR, PROPERTY = "page", "event", "where", "and", "or", "property"
PAGE_VIEW: Final = "page_view"
# How each operator is written; the first way is the one that is written back.
_WAYS: Final[dict[str, tuple[str, ...]]] = {
    "is": ("is", "="),
    "is_not": ("is not", "!="),
    "one_of": ("is one of", "one of"),
    "matches": ("matches",),
    "contains": ("contains",),
    "starts_with": ("starts with",),
    "ends_with": ("ends with",),
    "regex": ("matches regex", "regex", "~"),
    "gt": (">", "is above"),
    "gte": (">=", "is at least"),
    "lt": ("<", "is below"),
    "lte": ("<=", "is at most"),
    "is_set": ("is set",),
    "is_not_set": ("is not set",),
}
# Longest first: "is not set" begins as "is not" and "is" do.
_READ: Final = sorted(
    ((tuple(way.split()), name) for name, ways in _WAYS.items() for way in ways), key=lambda way: -len(way[0])
)
_KEYWORDS: Final = {PAGE, EVENT, WHERE, AND, OR} | {word for words, _ in _READ for word in words}
_TOKEN: Final = re.compile(r'\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<sign>[;,])|(?P<bare>[^\s";,]+))')
_BARE: Final = re.compile(r'[^\s";,]+')

Token = tuple[str, str]  # what it is (quoted, sign, bare, end) and what it says
END: Final[Token] = ("end", "")


def to_text(rules: Sequence[Rule]) -> str:
    """Write the rules as `from_text` reads them; no rules are an empty text."""
    return f"; {OR} ".join(_rule_text(rule) for rule in rules)


def from_text(text: str) -> tuple[Rule, ...]:
    """Read rules as people type them; an empty text is no rules.

    raises   Misstated with what is wrong, and where
    """
    if not text.strip():
        return ()
    return parse(list(_Reader(text).rules()))


def _rule_text(rule: Rule) -> str:
    first = rule[0]
    rest = rule[1:]
    if not _asks(first, "name", "is"):
        return f"{WHERE} {_joined(rule)}"
    if first.value == PAGE_VIEW and len(rest) == 1 and _is_page(rest[0]):
        return f"{PAGE} {_quoted(rest[0].value)}"
    subject = f"{EVENT} {_quoted(first.value)}"
    return f"{subject} {WHERE} {_joined(rest)}" if rest else subject


def _joined(conditions: Sequence[Condition]) -> str:
    return f" {AND} ".join(_condition_text(each) for each in conditions)


def _condition_text(condition: Condition) -> str:
    field = condition.field.name
    subject = f"{field} {_quoted(condition.key)}" if condition.key else field
    words = [subject, _WAYS[condition.operator.name][0]]
    if condition.values:
        words.append(", ".join(map(_quoted, condition.values)))
    return " ".join(words)


def _quoted(value: str) -> str:
    is_bare = _BARE.fullmatch(value) and value.lower() not in _KEYWORDS
    return value if is_bare else json.dumps(value, ensure_ascii=False)


def _asks(condition: Condition, field: str, operator: str) -> bool:
    return (condition.field.name, condition.operator.name) == (field, operator)


def _is_page(condition: Condition) -> bool:
    return _asks(condition, "path", "matches" if "*" in "".join(condition.values) else "is")


class _Reader:
    """Walks over the words of one text."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0

    def rules(self) -> Iterator[list[dict[str, Any]]]:
        """Give each rule as JSON for the parser."""
        number = 1
        yield self._rule(number)
        while self._peek() != END:
            self._take_sign(";")
            if not self._takes_word(OR) and self._peek() == END:
                return  # a text may end with a semicolon
            number += 1
            yield self._rule(number)

    def _rule(self, number: int) -> list[dict[str, Any]]:
        if self._takes_word(PAGE):
            path = self._value(number, PAGE)
            operator = "matches" if "*" in path else "is"
            return [_named(PAGE_VIEW), {"field": "path", "operator": operator, "value": path}, *self._more(number)]
        if self._takes_word(EVENT):
            return [_named(self._value(number, EVENT)), *self._more(number)]
        if self._takes_word(WHERE):
            return self._conditions(number)
        reason = gettext_noop('"%(found)s" starts no rule; write: page /thanks*, or: event newsletter_signup.')
        raise _fault(number, "rule_format", reason, found=self._peek()[1])

    def _more(self, number: int) -> list[dict[str, Any]]:
        return self._conditions(number) if self._takes_word(WHERE) else []

    def _conditions(self, number: int) -> list[dict[str, Any]]:
        found = [self._condition(number)]
        while self._takes_word(AND):
            found.append(self._condition(number))
        kind, word = self._peek()
        if kind not in {"end", "sign"}:
            reason = gettext_noop('"%(found)s" is left over; join conditions by "and", rules by "; or".')
            raise _fault(number, "rule_format", reason, found=word)
        return found

    def _condition(self, number: int) -> dict[str, Any]:
        name = self._value(number, WHERE).lower()
        if name not in FIELDS:
            reason = gettext_noop('"%(found)s" is no field of an event; choose one of %(known)s.')
            raise _fault(number, "unknown_field", reason, found=name, known=", ".join(FIELDS))
        condition: dict[str, Any] = {"field": name}
        if name == PROPERTY:
            condition["key"] = self._value(number, PROPERTY)
        condition["operator"] = operator = self._operator(number, name)
        takes = OPERATORS[operator].takes
        if takes == "list":
            condition["value"] = self._list(number, operator)
        elif takes != "nothing":
            condition["value"] = self._value(number, operator)
        return condition

    def _operator(self, number: int, field: str) -> str:
        for words, name in _READ:
            ahead = self.tokens[self.at : self.at + len(words)]
            if [(kind, word.lower()) for kind, word in ahead] == [("bare", word) for word in words]:
                self.at += len(words)
                return name
        reason = gettext_noop('"%(found)s" compares nothing; after %(field)s write "is", "contains", ">=" or another.')
        raise _fault(number, "unknown_operator", reason, found=self._peek()[1], field=field)

    def _list(self, number: int, after: str) -> list[str]:
        values = [self._value(number, after)]
        while self._peek() == ("sign", ","):
            self.at += 1
            values.append(self._value(number, after))
        return values

    def _value(self, number: int, after: str) -> str:
        kind, word = self._peek()
        if kind not in {"quoted", "bare"}:
            raise _fault(number, "value_required", gettext_noop('Something is missing after "%(after)s".'), after=after)
        self.at += 1
        return _unquoted(word, number) if kind == "quoted" else word

    def _peek(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else END

    def _takes_word(self, word: str) -> bool:
        kind, found = self._peek()
        taken = kind == "bare" and found.lower() == word
        self.at += taken
        return taken

    def _take_sign(self, sign: str) -> None:
        kind, word = self._peek()
        if (kind, word) == ("sign", sign):
            self.at += 1
        elif not (kind == "bare" and word.lower() == OR):  # "or" alone parts rules as well
            reason = gettext_noop('"%(found)s" is left over; join conditions by "and", rules by "; or".')
            raise _fault(0, "rule_format", reason, found=word)


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:  # a quote that is opened and not closed
            raise _fault(0, "rule_format", gettext_noop("A quotation mark is opened and not closed."))
        at = match.end()
        yield str(match.lastgroup), str(match[str(match.lastgroup)])


def _unquoted(word: str, number: int) -> str:
    try:
        return str(json.loads(word, strict=False))
    except ValueError:
        reason = gettext_noop("%(found)s is quoted in a way that can't be read; write \\\\ for a backslash.")
        raise _fault(number, "rule_format", reason, found=word[:40]) from None


def _named(name: str) -> dict[str, Any]:
    return {"field": "name", "operator": "is", "value": name}


def _fault(rule: int, code: str, reason: str, **stands: str) -> Misstated:
    return Misstated([Fault(rule, 0, "", code, reason, stands)])
