"""Query strings and forms as parameters: what protocols read that send with GET or as a page's form does."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

import msgspec

_BROKEN = re.compile("[\x00\ud800-\udfff]")


class Parameters(msgspec.Struct, frozen=True):
    """Names with their values, the last one where a name stands twice; `is_mended` where characters were replaced."""

    values: Mapping[str, str]
    is_mended: bool = False


def parameters_of(text: str) -> Parameters:
    """Decode `a=1&b=2`, with or without a leading question mark; what is no UTF-8 becomes U+FFFD, and so does NUL."""
    pairs = parse_qsl(text.removeprefix("?"), keep_blank_values=True, errors="replace")
    mended = {readable(name): readable(value) for name, value in pairs if name}
    return Parameters(
        mended, is_mended=_BROKEN.search(text) is not None or mended != {name: value for name, value in pairs if name}
    )


def text_of_query(query: str) -> str:
    """Give the text of a raw query: WSGI hands its bytes over as Latin-1."""
    return query.encode("latin-1", "replace").decode("utf-8", "replace")


def readable(text: str) -> str:
    """Put U+FFFD for NUL, which no database takes, and for lone surrogates, which no UTF-8 has."""
    return _BROKEN.sub("\ufffd", text)
