"""Every text of the sources is translated in every language, with the same places for values, and in one form."""

import re
from collections import Counter

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings

from measureplan import catalogues, extraction

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACE = re.compile(r"%\(\w+\)[sd]|%%|%[sd]")
MARKUP = re.compile(r"</?\w+[^>]*>|&\w+;")


@pytest.fixture(scope="module")
def sources() -> Catalog:
    return extraction.catalogue_of(extraction.texts())


def test_each_language_has_a_catalogue_and_no_other_has(sources: Catalog) -> None:
    assert catalogues.languages() == sorted(LANGUAGES)
    assert len(catalogues.texts_of(sources)) > 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_what_make_messages_writes(language: str, sources: Catalog) -> None:
    """Any text missing, obsolete, fuzzy or out of place makes a difference here."""
    made = catalogues.as_text(catalogues.in_step(catalogues.read(language), sources))
    kept = catalogues.path_of(language).read_text(encoding="utf-8")
    assert kept.splitlines() == made.splitlines(), "run `make messages`, then translate what it lists"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    waiting = [text.id for text in catalogues.texts_of(catalogues.read(language)) if not catalogues.is_translated(text)]
    assert not waiting, f"translate them in {catalogues.path_of(language)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_has_the_places_and_markup_of_its_text(language: str) -> None:
    wrong = [text.id for text in catalogues.texts_of(catalogues.read(language)) if not _fits(text)]
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_both_forms(language: str) -> None:
    counted = [text for text in catalogues.texts_of(catalogues.read(language)) if text.pluralizable]
    assert counted, "needs texts that count something"
    assert [text.id for text in counted if len(text.string) != 2] == []


def _fits(text: Message) -> bool:
    originals = text.id if isinstance(text.id, (list, tuple)) else (text.id,)
    given = text.string if isinstance(text.string, (list, tuple)) else (text.string,)
    # The singular may say "one" in words: then its number has no place.
    return all(
        _parts(translated) in [_parts(original) for original in originals]
        if len(given) > 1
        else _parts(translated) == _parts(originals[0])
        for translated in given
    ) and all(_edges(translated) == _edges(original) for original, translated in zip(originals, given, strict=True))


def _parts(text: str) -> tuple[Counter[str], Counter[str]]:
    return Counter(PLACE.findall(text)), Counter(MARKUP.findall(text))


def _edges(text: str) -> tuple[bool, bool]:
    """Say whether the text begins and ends with a blank: what stands beside it depends on it."""
    return text[:1].isspace(), text[-1:].isspace()
