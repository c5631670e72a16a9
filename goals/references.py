"""Cells that refer to other rows and members, lists of cells, and rules: as `goals.cells`, for what is not plain."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from goals.cells import Cell, LookUps, Unreadable
from goals.conditions import Misstated, Rule, from_text, to_text
from goals.wording import fault_text


@dataclass(frozen=True, slots=True)
class Reference:
    """The short name of another row; `among` names the look-up."""

    among: str

    def text(self, value: str) -> str:
        """Write the short name."""
        return value

    def read(self, text: str, looks: LookUps | None) -> str:
        """Read a short name, or the row's name where one row alone has it."""
        if not text or looks is None:
            return text
        known: Mapping[str, str] = getattr(looks, self.among)
        if text in known:
            return text
        found = looks.called(self.among, text)
        if len(found) == 1:
            return found[0]
        if found:
            raise Unreadable(_("Several have this name; write one of: %(known)s.") % {"known": ", ".join(found)})
        raise Unreadable(_("Nothing here is called so; write one of: %(known)s.") % {"known": _some(known)})


@dataclass(frozen=True, slots=True)
class Person:
    """A member, by e-mail address."""

    def text(self, value: str) -> str:
        """Write the address."""
        return value

    def read(self, text: str, looks: LookUps | None) -> str:
        """Read an address, or a name that one member alone has."""
        if not text or looks is None:
            return text
        if text.lower() in looks.members:
            return text.lower()
        found = looks.called("members", text)
        if len(found) == 1:
            return found[0]
        raise Unreadable(_("No member has this address; invite the person first, or leave it empty."))


@dataclass(frozen=True, slots=True)
class Several:
    """A list of what another cell reads, parted by semicolons; an item with one in it stands in quotes."""

    each: Cell
    in_order: bool = True  # whether the order says something

    def text(self, value: tuple[str, ...]) -> str:
        """Write the items."""
        return "; ".join(_item(self.each.text(one)) for one in value)

    def read(self, text: str, looks: LookUps | None) -> tuple[str, ...]:
        """Read the items, each once."""
        items = tuple(dict.fromkeys(self.each.read(item, looks) for item in _items(text)))
        return items if self.in_order else tuple(sorted(items))


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts as a goal: `page /thanks*`, `event order where value >= 500`."""

    def text(self, value: tuple[Rule, ...]) -> str:
        """Write the rules in their small language."""
        return to_text(value)

    def read(self, text: str, _looks: LookUps | None) -> tuple[Rule, ...]:
        """Read the rules; "" are none yet."""
        try:
            return from_text(text)
        except Misstated as misstated:
            raise Unreadable(" ".join(map(fault_text, misstated.faults))) from None


def _item(text: str) -> str:
    is_plain = ";" not in text and not text.startswith('"') and text == text.strip() and text
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _items(text: str) -> Iterable[str]:
    decoder = json.JSONDecoder(strict=False)
    rest = text.strip()
    while rest:
        if rest.startswith('"'):
            try:
                item, end = decoder.raw_decode(rest)
            except ValueError:
                raise Unreadable(_("A quotation mark is opened and not closed.")) from None
            yield item
            rest = rest[end:].lstrip()
            if rest and not rest.startswith(";"):
                raise Unreadable(_("Part the items by semicolons."))
            rest = rest[1:].lstrip()
        else:
            item, _sign, rest = (part.strip() for part in rest.partition(";"))
            if item:
                yield item


def _some(known: Mapping[str, str], most: int = 8) -> str:
    shown = ", ".join(list(known)[:most])
    return f"{shown}, …" if len(known) > most else shown or _("(none yet)")
