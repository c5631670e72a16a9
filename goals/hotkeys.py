"""The keys of the plan's page: one table that the browser, its help and the how-to all go by."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Hotkey:
    """One act and the keys for it.

    act            what static/js/plan-grid.js does
    combinations   as the browser names the key, with Ctrl, Alt and Shift before it; Command counts as Ctrl
    label          the act in words
    """

    act: str
    combinations: tuple[str, ...]
    label: str | Promise

    @property
    def shown(self) -> tuple[str, ...]:
        """Give the combinations as people read them."""
        return tuple(" ".join(_SIGNS.get(part, part) for part in each.split("+")) for each in self.combinations)


_SIGNS: Final = {"ArrowUp": "↑", "ArrowDown": "↓", "ArrowLeft": "←", "ArrowRight": "→", "Escape": "Esc"}
HOTKEYS: Final = (
    Hotkey(
        "move", ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"),
        _("Go to the next cell; fold and unfold a row at its name"),
    ),
    Hotkey(
        "ends", ("Home", "End", "Ctrl+Home", "Ctrl+End"), _("Go to the first or last cell of the row, of the table")
    ),
    Hotkey("edit", ("Enter", "F2"), _("Write the cell; while writing: save and go down")),
    Hotkey(
        "next", ("Tab", "Shift+Tab"),
        _("Go right or left, saving what is written; at the end of a row leave the table"),
    ),
    Hotkey("cancel", ("Escape",), _("Leave the cell as it was")),
    Hotkey("add", ("Ctrl+Enter",), _("Add a row below")),
    Hotkey(
        "in", ("Alt+Shift+ArrowRight",),
        _("One level in: a goal under its objective, a micro goal under its macro goal"),
    ),
    Hotkey("out", ("Alt+Shift+ArrowLeft",), _("One level out")),
    Hotkey("up", ("Alt+Shift+ArrowUp",), _("Move the row up")),
    Hotkey("down", ("Alt+Shift+ArrowDown",), _("Move the row down")),
    Hotkey("remove", ("Delete", "Backspace"), _("Empty the cell; at a row's name archive the row")),
    Hotkey("undo", ("Ctrl+Z",), _("Undo")),
    Hotkey("redo", ("Ctrl+Shift+Z", "Ctrl+Y"), _("Redo")),
    Hotkey("copy", ("Ctrl+C",), _("Copy the cell's text")),
    Hotkey("paste", ("Ctrl+V",), _("Paste rows from a spreadsheet")),
    Hotkey("menu", ("Shift+F10", "ContextMenu"), _("Show what else can be done with the row")),
    Hotkey("help", ("?",), _("Show these keys")),
)  # fmt: skip
