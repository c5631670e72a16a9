"""Reads a Question from the parameters of an address; says of each bad one what is wrong with it."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

from django.utils.translation import gettext as _

from analysis.attribution.models import MODELS
from reports import periods
from reports.dimensions import DIMENSIONS
from reports.metrics import METRICS, PER
from reports.periods import CUSTOM, LONGEST_DAYS, PERIODS, Span
from reports.question import AUTO, COMPARISONS, INTERVALS, NAMES, BadQuestion, Defaults, Fault, Question, as_window

INVALID = "invalid_parameter"
Read = TypeVar("Read")  # the question that is read
OFFERED_MODELS = {key: model for key, model in MODELS.items() if model.is_complete}
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)  # outside of them date arithmetic would overflow
SHOWN = 60  # letters of a bad value that its message repeats


def read(params: Mapping[str, str], defaults: Defaults, *, strict: bool = False) -> Question:
    """Read the question; what the parameters leave out is taken from the defaults.

    strict   refuse parameters that mean nothing here; pages take them, as shared links carry campaign tags
    raises   BadQuestion with every fault at once
    """
    reader = Reader(params)
    if strict:
        reader.refuse_unknown()
    period, span = reader.span(defaults)
    interval = reader.choice("interval", (AUTO, *INTERVALS), AUTO)
    question = Question(
        goal=defaults.goal,
        period=period,
        since=span.since,
        until=span.until,
        interval=periods.fitting_interval(span) if interval == AUTO else interval,
        is_auto=interval == AUTO,
        metric=reader.choice("metric", METRICS, defaults.metric),
        breakdown=reader.choice("by", DIMENSIONS, "channel"),
        model=reader.choice("model", OFFERED_MODELS, defaults.model),
        view_days=reader.window("view", defaults.view_days),
        engagement_days=reader.window("engagement", defaults.engagement_days),
        click_days=reader.window("click", defaults.click_days),
        keep_direct=reader.choice("keep_direct", ("0", "1"), "0") == "1",
        per=reader.choice("per", PER, defaults.per),
        compare=reader.choice("compare", COMPARISONS, "previous"),
    )
    if reader.faults:
        raise BadQuestion(tuple(reader.faults))
    return question


def read_leniently(params: Mapping[str, str], defaults: Defaults) -> tuple[Question, tuple[Fault, ...]]:
    """Read what can be read, for a page: bad parameters fall back to their defaults and are named."""
    return leniently(partial(read, defaults=defaults), params)


def leniently(reads: Callable[[Mapping[str, str]], Read], params: Mapping[str, str]) -> tuple[Read, tuple[Fault, ...]]:
    """Read without the parameters that are refused, and give what was wrong with them."""
    try:
        return reads(params), ()
    except BadQuestion as refusal:
        bad = {fault.field for fault in refusal.faults}
        dates = {"from", "to", "period"}
        dropped = bad | dates if bad & dates else bad
        return reads({name: value for name, value in params.items() if name not in dropped}), refusal.faults


class Reader:
    """The parameters, and what was found wrong with them so far."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self.params = params
        self.faults: list[Fault] = []

    def refuse_unknown(self, names: Collection[str] = NAMES) -> None:
        """Note every parameter that is none of the names."""
        for name in self.params:
            if name not in names:
                self.fault(name, self.params[name], _("There is no such parameter."), code="unknown_parameter")

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        """Read one of the choices."""
        value = self.params.get(name, default)
        if value in choices:
            return value
        self.fault(name, value, _("Give one of %(choices)s.") % {"choices": ", ".join(choices)})
        return default

    def choices(self, name: str, offered: Collection[str], default: tuple[str, ...]) -> tuple[str, ...]:
        """Read several of the choices, separated by commas, each once and in the order of the offer."""
        asked = tuple(part for part in self.params.get(name, ",".join(default)).split(",") if part)
        unknown = [part for part in asked if part not in offered]
        for part in unknown:
            self.fault(name, part, _("Give one of %(choices)s.") % {"choices": ", ".join(offered)})
        return tuple(each for each in offered if each in asked) or default

    def window(self, name: str, default: int) -> int:
        """Read the days of a window, 0 where it is off."""
        value = self.params.get(name)
        if value is None:
            return default
        days = as_window(value)
        if days is None:
            self.fault(name, value, _("Give off, or a whole number of days from 1 to 90."))
        return default if days is None else days

    def span(self, defaults: Defaults) -> tuple[str, Span]:
        """Read the range of days, with the name of its period."""
        fallback = periods.PLAN if defaults.plan else periods.WITHOUT_PLAN
        dated = bool(self.params.get("from") or self.params.get("to"))
        period = self.choice("period", (CUSTOM, *PERIODS), CUSTOM if dated else fallback)
        found = self._custom(defaults.today) if period == CUSTOM else self._named(period, defaults)
        if found is not None:
            return period, found
        return fallback, self._named(fallback, defaults) or Span(defaults.today, defaults.today + periods.DAY)

    def _named(self, period: str, defaults: Defaults) -> Span | None:
        span = PERIODS[period].span(defaults.today, defaults.plan)
        if span is None:
            self.fault("period", period, _("There is no plan whose period could be shown."))
        return span

    def _custom(self, today: date) -> Span | None:
        since, last = self._date("from", None), self._date("to", today)
        if since is None or last is None:
            return None
        if last < since:
            self.fault("to", last.isoformat(), _("The range ends before it starts."), code="range_reversed")
            return None
        span = Span(since, last + timedelta(days=1))
        if span.days > LONGEST_DAYS:
            message = _("The range has %(days)s days; ask for at most %(most)s.")
            words = message % {"days": span.days, "most": LONGEST_DAYS}
            self.fault("to", last.isoformat(), words, code="range_too_long")
            return None
        return span

    def _date(self, name: str, default: date | None) -> date | None:
        value = self.params.get(name)
        if not value and default is not None:
            return default
        try:
            day = date.fromisoformat(value or "")
        except ValueError:
            day = LATEST
        if EARLIEST <= day < LATEST:
            return day
        self.fault(name, value or "", _("Give a day as year-month-day, such as 2026-11-21."))
        return None

    def fault(self, field: str, value: str, message: str, *, code: str = INVALID) -> None:
        """Note what is wrong with a parameter."""
        # What was sent is repeated visibly: no control characters, no endless text.
        shown = ascii(value)[1:-1] if not value.isprintable() else value
        self.faults.append(Fault(code, field[:SHOWN], shown[:SHOWN], message))
