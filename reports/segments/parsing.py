"""Reads a segment from the lines that people type; says of a bad one which line it is and what is wrong with it.

    all of
    did at least 2 times in the last 365 days: event purchase where property category is yoga
    did not in the last 90 days: goal sale
    did more than 7 days ago: event add_to_cart
    not then: goal sale
    visited in the last 30 days: channel is email & device is mobile
    first seen before 2026-06-01

docs/reference/segments.md is the reference.
"""

import re
from collections.abc import Collection, Iterator
from datetime import date

from django.utils.translation import gettext as _

from goals.conditions import Misstated, from_text
from goals.wording import fault_text
from reports.asking import EARLIEST, LATEST
from reports.explore.conditions import BadCondition, read_all
from reports.models.segment import LONGEST_TEXT
from reports.segments.definition import Condition, Definition, Line, Subject, Times, When
from reports.segments.words import ALL, AT_LEAST, DID, EVER, MATCHES, VERBS, WHENS, Of, Verb

MOST_CONDITIONS, MOST_THEN = 10, 5  # of a segment; lines that go on with one condition
MOST_DAYS, MOST_TIMES = 3_650, 10_000
LONGEST_LINE = 1_000  # letters, as conditions of explorations have
_SLUG = re.compile(r"goal\s+([-\w]+)", re.IGNORECASE)
_TIMES = re.compile(r"(at least|at most) (\d{1,9}) times?")
_PARTS = {"days": r"(?P<days>\d{1,9})", "first": r"(?P<first>\S+)", "last": r"(?P<last>\S+)"}
_WHENS = {key: re.compile(each.form.replace(" days", " days?").format(**_PARTS)) for key, each in WHENS.items()}
_VERBS = sorted(VERBS, key=len, reverse=True)  # "did not visit" begins as "did not" and "did" do


class BadSegment(ValueError):
    """A text that says no segment.

    line   the number of the line that is wrong; 0 where it is none
    """

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        told = _("Line %(line)s: %(reason)s") % {"line": line, "reason": reason}
        super().__init__(told if line else reason)


def read(text: str, goals: Collection[str]) -> Definition:
    """Read a segment.

    goals    short names of the workspace's goals
    raises   BadSegment
    """
    if len(text) > LONGEST_TEXT:
        raise BadSegment(0, _("A segment has at most %(most)s letters.") % {"most": LONGEST_TEXT})
    written = [(number, line.strip()) for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1)]
    written = [(number, line) for number, line in written if line]
    match = ALL
    if written and (first := " ".join(written[0][1].lower().removesuffix(":").split())) in MATCHES:
        match, written = first, written[1:]
    found = tuple(_conditions((number, _line(number, line, goals)) for number, line in written))
    if not 1 <= len(found) <= MOST_CONDITIONS:
        raise BadSegment(0, _("Give 1 to %(most)s conditions.") % {"most": MOST_CONDITIONS})
    return Definition(match, found)


def _conditions(lines: Iterator[tuple[int, Line]]) -> Iterator[Condition]:
    """Put the lines that go on with another one to it."""
    last: Condition | None = None
    for number, line in lines:
        if not line.verb.follows:
            if last:
                yield last
            last = Condition(line)
            continue
        _check_follows(number, line, last)
        last = Condition(last.head, (*last.then, line)) if last else None
    if last:
        yield last


def _check_follows(number: int, line: Line, last: Condition | None) -> None:
    if last is None or last.head.key != DID or last.head.times != Times():
        reason = _('"%(verb)s" goes on with a line that begins with "did" and does not say how often.')
        raise BadSegment(number, reason % {"verb": line.key})
    if last.then and last.then[-1].verb.is_negative and not line.verb.is_negative:
        raise BadSegment(number, _('After "not then" nothing else can come: what was not done has no time.'))
    if len(last.then) >= MOST_THEN:
        raise BadSegment(number, _("At most %(most)s lines go on with one condition.") % {"most": MOST_THEN})


def _line(number: int, text: str, goals: Collection[str]) -> Line:
    if len(text) > LONGEST_LINE:
        raise BadSegment(number, _("A line has at most %(most)s letters.") % {"most": LONGEST_LINE})
    head, _colon, subject = text.partition(":")
    words = " ".join(head.lower().split())
    key = next((each for each in _VERBS if words == each or words.startswith(f"{each} ")), None)
    if key is None:
        reason = _("Begin with one of %(known)s, and write what it is about after a colon.")
        raise BadSegment(number, reason % {"known": ", ".join(VERBS)})
    verb = VERBS[key]
    rest, times = _times(number, words.removeprefix(key).strip(), verb)
    return Line(key, times, _when(number, rest, verb), _subject(number, subject.strip(), verb, goals))


def _times(number: int, rest: str, verb: Verb) -> tuple[str, Times]:
    found = _TIMES.match(rest)
    if found is None:
        return rest, Times()
    times = Times(found[1], int(found[2]))
    if not verb.takes_times:
        reason = _('"%(verb)s" can\'t say how often.')
        raise BadSegment(number, reason % {"verb": verb.key})
    if not (1 if times.bound == AT_LEAST else 0) <= times.n <= MOST_TIMES:
        reason = _("Say at least 1 to %(most)s times, or at most 0 to %(most)s.")
        raise BadSegment(number, reason % {"most": MOST_TIMES})
    return rest[found.end() :].strip(), times


def _when(number: int, rest: str, verb: Verb) -> When:
    for key in verb.whens:
        found = _WHENS[key].fullmatch(rest)
        if found:
            given = found.groupdict()
            days = {name: _day(number, text) for name, text in given.items() if name in {"first", "last"}}
            when = When(key, int(given.get("days") or 0), **days)
            _check_days(number, when)
            return when
    known = "; ".join(WHENS[key].form.format(days="N", first="DAY", last="DAY") for key in verb.whens if key != EVER)
    reason = _('"%(found)s" is not understood after "%(verb)s". Write one of: %(known)s.')
    raise BadSegment(number, reason % {"found": rest[:60], "verb": verb.key, "known": known})


def _check_days(number: int, when: When) -> None:
    if "days" in WHENS[when.kind].takes and not 1 <= when.days <= MOST_DAYS:
        raise BadSegment(number, _("Give 1 to %(most)s days.") % {"most": MOST_DAYS})
    if when.first and when.last and when.last < when.first:
        raise BadSegment(number, _("The range ends before it starts."))


def _day(number: int, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = LATEST
    if not EARLIEST <= day < LATEST:
        raise BadSegment(number, _("Give a day as year-month-day, such as 2026-11-21."))
    return day


def _subject(number: int, text: str, verb: Verb, goals: Collection[str]) -> Subject:
    if verb.of is Of.NOTHING and text:
        raise BadSegment(number, _('Nothing stands after "%(verb)s" and its time.') % {"verb": verb.key})
    if verb.of is Of.HAPPENING:
        return _happening(number, text, goals)
    return _visit(number, text, goals) if text else Subject()


def _happening(number: int, text: str, goals: Collection[str]) -> Subject:
    if found := _SLUG.fullmatch(text):
        slug = found[1].lower()
        if slug not in goals:
            raise BadSegment(number, _('There is no goal "%(slug)s".') % {"slug": slug[:60]})
        return Subject(goal=slug)
    try:
        rules = from_text(text)
    except Misstated as refusal:
        raise BadSegment(number, "; ".join(fault_text(fault) for fault in refusal.faults)) from None
    if not rules:
        reason = _("Say what after a colon, such as: event purchase; or: goal newsletter; or: page /thanks*")
        raise BadSegment(number, reason)
    return Subject(rules=rules)


def _visit(number: int, text: str, goals: Collection[str]) -> Subject:
    try:
        found = read_all(text, goals)
    except BadCondition as refusal:
        raise BadSegment(number, str(refusal)) from None
    if any(each.is_of_segment for each in found):
        raise BadSegment(number, _("A segment can't name another segment; write its lines out."))
    return Subject(visit=found)
