"""Cells: how each kind of value is written for people, and read back however people write it.

A cell's `text` and `read` undo each other: `read(text(value)) == value`. What can't be read raises Unreadable with a
sentence; the column turns it into a Misread that names itself and the value.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final, Protocol

from django.conf import settings
from django.utils import translation
from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.figures import PERCENT, digits
from goals.models import Format
from workspaces import numbers

Words = str | Promise  # a text, or one that is translated when it is shown
_MICROS: Final = Decimal(10**6)
_LARGEST: Final = Decimal(9_000_000_000_000)  # its millionths still fit the 64 bits of their column
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_ALSO: Final = ("%d.%m.%Y", "%d.%m.%y", "%Y/%m/%d")  # days that no language here reads otherwise
_TIME: Final = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")  # spreadsheets give days a time


class Unreadable(ValueError):
    """A text says no value of the cell; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class LookUps:
    """What texts may refer to: names by short name, members' names by e-mail address; a target's KPI's format."""

    objectives: Mapping[str, str] = field(default_factory=dict)
    goals: Mapping[str, str] = field(default_factory=dict)
    macros: Mapping[str, str] = field(default_factory=dict)
    kpis: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)
    format: str = ""  # "" where it is not known: figures are taken as they are typed
    _named: dict[str, dict[str, list[str]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def called(self, among: str, name: str) -> list[str]:
        """Give the short names of the rows that are called so, whatever the case."""
        if among not in self._named:  # once: a file asks for each of its rows
            found: dict[str, list[str]] = {}
            for slug, each in getattr(self, among).items():
                found.setdefault(each.casefold(), []).append(slug)
            self._named[among] = found
        return self._named[among].get(name.casefold(), [])


class Cell(Protocol):
    """Writes and reads one kind of value."""

    def text(self, value: Any) -> str: ...  # a value of that kind

    def read(self, text: str, looks: LookUps | None) -> Any: ...  # a value of that kind; looks None: nothing is checked


@dataclass(frozen=True, slots=True)
class Text:
    """Words; blanks around them are no part of them."""

    most: int
    pattern: str = ""  # what it must look like, with the sentence that says so
    shape: Words = ""

    def text(self, value: str) -> str:
        """Give the words."""
        return value

    def read(self, text: str, _looks: LookUps | None) -> str:
        """Give the words, if they can be kept."""
        if _UNSTORABLE.search(text):
            raise Unreadable(_("It holds a character that can't be kept; type it anew."))
        if len(text) > self.most:
            raise Unreadable(
                _("It has %(length)s characters; at most %(most)s fit.") % {"length": len(text), "most": self.most}
            )
        if text and self.pattern and not re.fullmatch(self.pattern, text):
            raise Unreadable(str(self.shape))
        return text


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between two; None where empty."""

    least: int
    most: int

    def text(self, value: int | None) -> str:
        """Write the digits."""
        return "" if value is None else str(value)

    def read(self, text: str, _looks: LookUps | None) -> int | None:
        """Read "30", "30.0", "1 000"."""
        if not text:
            return None
        number = _decimal(text)
        if number != int(number) or not self.least <= number <= self.most:
            bounds = {"least": self.least, "most": self.most}
            raise Unreadable(_("Write a whole number from %(least)s to %(most)s.") % bounds)
        return int(number)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, kept in millionths; None where empty."""

    def text(self, value: int | None) -> str:
        """Write the amount with the reader's decimal mark."""
        return "" if value is None else _local(digits(Decimal(value) / _MICROS))

    def read(self, text: str, _looks: LookUps | None) -> int | None:
        """Read "1 234,50" and "1,234.50"."""
        if not text:
            return None
        number = _decimal(text)
        if abs(number) > _LARGEST or number.as_tuple().exponent < -6:  # type: ignore[operator]  # a finite number
            raise Unreadable(_("Write an amount with at most 6 decimal places, such as 1234.50."))
        return int(number * _MICROS)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a target asks for, in the unit that people write: 412, 1200.5, 3.4 %."""

    def text(self, value: str) -> str:
        """Write the number with the reader's decimal mark; a blank parts it from its percent sign."""
        number = _local(value.removesuffix(PERCENT))
        return f"{number} {PERCENT}" if value.endswith(PERCENT) else number

    def read(self, text: str, looks: LookUps | None) -> str:
        """Read the number; only a rate takes a percent sign, and always has one."""
        if not text:
            return ""
        number = _decimal(text.removesuffix(PERCENT))
        if number < 0 or number > _LARGEST or number.as_tuple().exponent < -6:  # type: ignore[operator]  # finite
            raise Unreadable(_("Write a number of zero or more with at most 6 decimal places."))
        is_rate = text.endswith(PERCENT)
        if looks and looks.format:
            if is_rate and looks.format != Format.PERCENT:
                raise Unreadable(_("This KPI is no rate; write a number without %."))
            is_rate = looks.format == Format.PERCENT
        if is_rate and number.as_tuple().exponent < -4:  # type: ignore[operator]  # finite
            raise Unreadable(_("Write a rate with at most 4 decimal places."))
        return f"{digits(number)}{PERCENT}" if is_rate else digits(number)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the whole: kept as a fraction, "0.95", and written "95 %"."""

    def text(self, value: str) -> str:
        """Write the share in per cent."""
        return f"{_local(digits(Decimal(value) * 100))} {PERCENT}" if value else ""

    def read(self, text: str, _looks: LookUps | None) -> str:
        """Read "95 %" and "95"; a fraction such as 0.95 would be less than one per cent."""
        if not text:
            return ""
        share = _decimal(text.removesuffix(PERCENT)) / 100
        if not 0 <= share < 10 or share.as_tuple().exponent < -4:  # type: ignore[operator]  # a finite number
            raise Unreadable(_("Write a share in per cent, such as 95 %."))
        return digits(share)


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day; "" where empty."""

    def text(self, value: str) -> str:
        """Write the day as 2026-11-21, which every language and spreadsheet reads alike."""
        return value

    def read(self, text: str, _looks: LookUps | None) -> str:
        """Read the day as 2026-11-21 or in the reader's own way."""
        day = _TIME.sub("", text)
        for form in ("%Y-%m-%d", *get_format("DATE_INPUT_FORMATS"), *_ALSO) if day else ():
            try:
                # The moment's day alone is used, so its zone says nothing.
                return date.isoformat(datetime.strptime(day, form).date())  # noqa: DTZ007
            except ValueError:
                continue
        if day:
            raise Unreadable(_("Write a day, such as 2026-11-21."))
        return ""


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no; empty is no."""

    def text(self, value: bool) -> str:
        """Write the reader's word."""
        return _("Yes") if value else _("No")

    def read(self, text: str, _looks: LookUps | None) -> bool:
        """Read the word in any language of the interface, or the usual signs."""
        if not text:
            return False
        found = _labels(_YES_NO).get(text.casefold())
        if found is None:
            raise Unreadable(_("Write yes or no."))
        return found == "yes"


_YES_NO: Final[tuple[tuple[str, Words], ...]] = tuple(
    (key, word)
    for key, words in {
        "yes": (gettext_lazy("Yes"), "true", "1", "x", "y", "j"),
        "no": (gettext_lazy("No"), "false", "0", "n", "-"),
    }.items()
    for word in words
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few keys, which people see as words; "" where nothing is chosen."""

    choices: tuple[tuple[str, Words], ...]

    def text(self, value: str) -> str:
        """Write the reader's words for it."""
        return next((str(label) for key, label in self.choices if key == value), value)

    def read(self, text: str, _looks: LookUps | None) -> str:
        """Read the words in any language of the interface, or the key."""
        if not text:
            return ""
        found = _labels(self.choices).get(text.casefold())
        if found is None:
            known = ", ".join(str(label) for _key, label in self.choices)
            raise Unreadable(_("Choose one of: %(known)s.") % {"known": known})
        return found


def _decimal(text: str) -> Decimal:
    mark = str(get_format("DECIMAL_SEPARATOR"))
    try:
        number = Decimal(numbers.plain(text.strip(), decimal=mark))
    except InvalidOperation:
        raise Unreadable(_("Write a number, such as %(sample)s.") % {"sample": f"1234{mark}5"}) from None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise Unreadable(_("Write a number, such as %(sample)s.") % {"sample": f"1234{mark}5"})
    return Decimal(digits(number))  # no zeros at the end that would count as decimal places


def _local(number: str) -> str:
    return number.replace(".", str(get_format("DECIMAL_SEPARATOR")))


def _labels(choices: tuple[tuple[str, Words], ...]) -> Mapping[str, str]:
    return _labels_in(choices, translation.get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=256)
def _labels_in(choices: tuple[tuple[str, Words], ...], language: str) -> Mapping[str, str]:
    """Give the key of each label, the reader's own language first, and of each key itself."""
    found: dict[str, str] = {}
    for each in (language, *(code for code, _name in settings.LANGUAGES)):
        with translation.override(each):
            _offer(found, ((str(label), key) for key, label in choices))
        _offer(found, ((key, key) for key, _label in choices))
    return found


def _offer(found: dict[str, str], pairs: Iterable[tuple[str, str]]) -> None:
    for label, key in pairs:
        found.setdefault(label.casefold(), key)
        # "See: gets to know of it" is called "see" by whoever types it.
        found.setdefault(label.partition(":")[0].casefold(), key)
