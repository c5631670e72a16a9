"""A hand on the keyboard alone, for tests of what can be done without a mouse."""

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 200  # more than any page has controls: whoever presses Tab so often is caught somewhere
IS_FOCUSED = "element => element === document.activeElement"


class Keys:
    """Reaches what Tab reaches, and presses what keys press; nothing is focused or clicked from outside."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def reach(self, control: Locator) -> None:
        """Press Tab until the control has the focus."""
        expect(control).to_be_visible()
        keyboard, handle = self._page.keyboard, control.element_handle()
        assert handle is not None
        for _ in range(MOST_TABS):
            if handle.evaluate(IS_FOCUSED):
                return
            keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {control}")

    def press(self, control: Locator) -> None:
        """Press a button, a link or the head of a fold."""
        self.reach(control)
        self._page.keyboard.press("Enter")

    def write(self, control: Locator, text: str) -> None:
        """Put a text in the place of what a field holds; a date as YYYY-MM-DD."""
        self.reach(control)
        if control.get_attribute("type") == "date":
            year, month, day = text.split("-")
            self._page.keyboard.type(f"{month}{day}{year}")  # as Chromium in English takes it
        else:
            self._page.keyboard.press("ControlOrMeta+a")
            self._page.keyboard.insert_text(text)
