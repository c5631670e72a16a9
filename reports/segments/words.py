"""VERBS and WHENS: the words that a segment's lines are made of, as data: parser, SQL, form and reference read them.

A line is `VERB [at least N times] [WHEN][: SUBJECT]`. The words are those of a language of its own, in every reader's
language the same, as functions of a spreadsheet are; the labels beside them are translated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Of(Enum):
    """What a line's subject is."""

    HAPPENING = "happening"  # a goal, or events by rules as goals have them
    VISIT = "visit"  # conditions as explorations have them; none: any visit
    NOTHING = "nothing"  # the line has none


@dataclass(frozen=True, slots=True)
class When:
    """One way to say when.

    form    as it is written; {days}, {first} and {last} stand for what is given
    """

    key: str
    form: str
    label: str | Promise

    @property
    def takes(self) -> tuple[str, ...]:
        """Name what is given."""
        return tuple(name for name in ("days", "first", "last") if f"{{{name}}}" in self.form)


@dataclass(frozen=True, slots=True)
class Verb:
    """One way to begin a line.

    follows        it goes on with the line before: a sequence
    is_negative    it holds for those for whom nothing is found
    takes_times    it can say how often
    whens          keys of WHENS
    """

    key: str
    label: str | Promise
    of: Of
    whens: tuple[str, ...]
    follows: bool = False
    is_negative: bool = False
    takes_times: bool = False


EVER, LAST, AGO, BEFORE, SINCE, BETWEEN, WITHIN = "ever", "last", "ago", "before", "since", "between", "within"
WHENS: Final[Mapping[str, When]] = MappingProxyType(
    {
        each.key: each
        for each in (
            When(EVER, "", _("at any time")),
            When(LAST, "in the last {days} days", _("in the last … days")),
            When(AGO, "more than {days} days ago", _("more than … days ago")),
            When(BEFORE, "before {first}", _("before the day")),
            When(SINCE, "since {first}", _("since the day")),
            When(BETWEEN, "between {first} and {last}", _("between the days")),
            When(WITHIN, "within {days} days", _("within … days after it")),
        )
    }
)
_SPANS = (EVER, LAST, AGO, BEFORE, SINCE, BETWEEN)
DID, DID_NOT, VISITED, DID_NOT_VISIT = "did", "did not", "visited", "did not visit"
FIRST_SEEN, THEN, NOT_THEN = "first seen", "then", "not then"
VERBS: Final[Mapping[str, Verb]] = MappingProxyType(
    {
        each.key: each
        for each in (
            Verb(DID, _("Did"), Of.HAPPENING, _SPANS, takes_times=True),
            Verb(DID_NOT, _("Did not do"), Of.HAPPENING, _SPANS, is_negative=True),
            Verb(THEN, _("… and later did"), Of.HAPPENING, (EVER, WITHIN), follows=True),
            Verb(NOT_THEN, _("… and did not do later"), Of.HAPPENING, (EVER, WITHIN), follows=True, is_negative=True),
            Verb(VISITED, _("Visited"), Of.VISIT, _SPANS, takes_times=True),
            Verb(DID_NOT_VISIT, _("Did not visit"), Of.VISIT, _SPANS, is_negative=True),
            Verb(FIRST_SEEN, _("Was first seen"), Of.NOTHING, tuple(each for each in _SPANS if each != EVER)),
        )
    }
)
AT_LEAST, AT_MOST = "at least", "at most"
BOUNDS: Final[Mapping[str, Promise]] = MappingProxyType({AT_LEAST: _("at least"), AT_MOST: _("at most")})
ALL, ANY = "all of", "any of"
MATCHES: Final[Mapping[str, Promise]] = MappingProxyType({ALL: _("all of these"), ANY: _("any of these")})
