"""Finds what a page says without gettext: a language in which every translation stands in brackets.

A text counts as translated where Norwegian, Swedish and Danish all have it: in our catalogues, Django's or allauth's.
"""

import functools
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from django.apps import apps
from django.db import models
from django.utils.translation import trans_real

OPEN, CLOSE, BREAK = "⟦", "⟧", "\x1f"  # the last stands between two pieces of a page
OURS: Final = ("workspaces", "tracking", "goals", "reports")
LANGUAGES: Final = ("nb", "sv", "da")
SILENT: Final = frozenset({"script", "style", "code", "kbd", "pre", "textarea", "template", "svg-path"})
VOID: Final = frozenset({"img", "input", "link", "meta", "br", "hr", "rect", "use", "path", "circle", "line"})
SAID: Final = frozenset({"title", "aria-label", "placeholder", "alt", "data-label", "label", "aria-description"})
WORD: Final = re.compile(r"[^\W\d_]{2,}")
BRACKETED: Final = re.compile(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
DAY: Final = re.compile(r"\d+\.\s\w+\.?(?:\s\d{4})?(?:\s\d\d:\d\d\s[A-Z]\w+)?")  # or a moment
# What is the same in every language.
NAMES: Final = re.compile(
    r"Measureplan|Google Analytics 4|Matomo|Meta Conversions API|Plausible|PostHog|Segment|Snowplow|Umami|"
    r"English|Norsk bokmål|Svenska|Dansk|GTM|GA4|XLSX|CSV|API|JSON|KPIs?|URL|UTC|QR|"
    r"Shift|NDJSON|Parquet|Markdown|gzip|"
    r"[A-Z]\w+/[A-Z][\w/-]+|\b[A-Z]{3}\b|\bkr\b|https?://\S+|\S+@\S+\.\w+|"
    r"\b[\w-]+\.(?:example|log|csv)\b|/[\w/*-]+|\w+_\w+"
)


class Bracketed:
    """Stands in for Django's translation of one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def to_language(self) -> str:
        return self.language

    def gettext(self, text: str) -> str:
        message = text.rpartition(trans_real.CONTEXT_SEPARATOR)[2]
        return f"{OPEN}{message}{CLOSE}" if _is_in_every_language(text) else message

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        message = (singular if number == 1 else plural).rpartition(trans_real.CONTEXT_SEPARATOR)[2]
        return f"{OPEN}{message}{CLOSE}" if _is_in_every_language((singular, 0)) else message


@functools.cache
def _catalogues() -> list[list[dict[object, str]]]:
    """Give the catalogues of each language, the most particular first."""
    return [trans_real.DjangoTranslation(each)._catalog._catalogs for each in LANGUAGES]


@functools.cache
def _is_in_every_language(key: object) -> bool:
    return all(any(each.get(key) for each in catalogues) for catalogues in _catalogues())


class _Said(HTMLParser):
    """Collects the texts of a page: what is shown, and what is read out or shown on hover."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.attributes: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if (tag in SILENT or values.get("translate") == "no") and tag not in VOID:
            self.silent.append(tag)
        self.attributes += [value for name, value in values.items() if name in SAID and value]

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


def unbracketed(html: str, data: list[str]) -> list[str]:
    """Give the texts of the page that hold words outside of brackets, `data` left aside."""
    said = _Said()
    said.feed(html)
    # A translated text may hold elements, so brackets are matched over the whole page.
    whole = [_outside_brackets(each) for each in [*said.attributes, BREAK.join(said.texts)]]
    parts = [part for text in whole for part in text.split(BREAK)]
    known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, data))})(?!\w)" if data else "$.")
    # Most parts are blank by now, and what is taken out of a part leaves no word that was not there.
    return [part.strip() for part in parts if WORD.search(part) and WORD.search(_bare(part, known))]


def _outside_brackets(text: str) -> str:
    before = None
    while before != text:  # a bracket in a bracket goes first
        before, text = text, BRACKETED.sub(" ", text)
    return text


def _bare(text: str, data: re.Pattern[str]) -> str:
    text = DAY.sub(" ", text)  # first: rows hold numbers, and what is left of a day without its number is a word
    return NAMES.sub(" ", data.sub(" ", text))


def data_of_rows() -> list[str]:
    """Give the texts that the rows hold, the longest first: names and all that people wrote."""
    return sorted(set(_texts()), key=len, reverse=True)


def _texts() -> Iterator[str]:
    for model in (each for app in OURS for each in apps.get_app_config(app).get_models()):
        names = [field.attname for field in model._meta.concrete_fields if _is_free(field)]
        for row in model._default_manager.values_list(*names) if names else ():
            yield from (leaf.strip() for value in row for leaf in _leaves(value) if len(leaf.strip()) > 1)


def _leaves(value: object) -> Iterator[str]:
    """Give the texts inside a value, those within JSON too."""
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _leaves(each)


def _is_free(field: models.Field) -> bool:  # type: ignore[type-arg]  # any field
    """Say whether people write it; choices and the audit's verbs are the product's own words."""
    is_text = isinstance(field, (models.CharField, models.TextField, models.JSONField))
    return is_text and not field.choices and field.name not in {"act", "subject_type", "before", "after"}
