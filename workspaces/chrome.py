"""What of a page is the reader's own: navigation with what waits for them, bell, messages, the token of their forms.

All else of a report is the same for everybody who may see it. A page that is kept for others (workspaces.kept) leaves
marks in these places, which are filled for each reader; any other page has them rendered where they stand.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, cast

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Context, RequestContext, Template, engines
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

_NAV_LABEL: Final = "\0"  # no label has it; navigation stands on a page twice, and differs in the label alone


@dataclass(slots=True)
class Marks:
    """The places of one rendering; `left` are the names of the parts in the order in which they are to be filled.

    sign   stands where a part is left out; unguessable, so that nobody's text can be taken for it
    """

    sign: str = field(default_factory=lambda: secrets.token_hex(16))
    left: list[tuple[str, str]] = field(default_factory=list)

    def leave(self, name: str, label: str) -> str:
        """Note the part and give what stands in its place."""
        self.left.append((name, label))
        return self.sign


@contextmanager
def left_out(request: HttpRequest) -> Iterator[Marks]:
    """Have marks left in the places of the reader's own parts while the block renders."""
    marks = Marks()
    request.marks = marks  # type: ignore[attr-defined]
    try:
        yield marks
    finally:
        del request.marks  # type: ignore[attr-defined]


def part(context: Context, name: str, label: str = "") -> SafeString:
    """Give the named part for the page of this context, or leave its mark."""
    marks = getattr(_request_of(context), "marks", None)
    return mark_safe(marks.leave(name, label) if marks else PARTS[name](context, label))  # noqa: S308  # of templates


def fill(request: HttpRequest, texts: tuple[str, ...], left: tuple[tuple[str, str], ...]) -> str:
    """Put a page together: what stands between the marks, and the parts of this reader."""
    context = RequestContext(request)
    with context.bind_template(_template("nav")):
        filled = [PARTS[name](context, label) for name, label in left]
    return "".join(each for pair in zip(texts, [*filled, ""], strict=True) for each in pair)


def _nav(context: Context, label: str) -> str:
    held: dict[str, str] = cast(dict[str, dict[str, str]], context.render_context).setdefault("mp_nav", {})
    if "text" not in held:
        with context.push(nav_label=_NAV_LABEL):
            held["text"] = _template("nav").render(context)
    return held["text"].replace(_NAV_LABEL, conditional_escape(label))


def _bell(context: Context, _label: str) -> str:
    return _template("bell").render(context) if context.get("bell") else ""


def _messages(context: Context, _label: str) -> str:
    return _template("messages").render(context)


def _token(context: Context, _label: str) -> str:
    request = _request_of(context)
    return get_token(request) if request else ""


def _token_field(context: Context, _label: str) -> str:
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', _token(context, ""))


def _request_of(context: Context) -> HttpRequest | None:
    return getattr(context, "request", None)  # there too where a template was included with `only`


def _template(name: str) -> Template:
    found: Any = engines["django"].get_template(f"components/{name}.html")
    return found.template  # type: ignore[no-any-return]


PARTS: Final[dict[str, Callable[[Context, str], str]]] = {
    "nav": _nav,
    "bell": _bell,
    "messages": _messages,
    "token": _token,
    "token_field": _token_field,
}
