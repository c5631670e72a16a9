"""What is written into a file is read back whole, in every language, from every kind of file."""

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import translation
from hypothesis import given, settings

from goals.document import Document
from goals.rows import PlanRow
from goals.sheets.csv_writing import outline_csv, tables_zip
from goals.sheets.matching import match_book
from goals.sheets.opening import read_file
from goals.sheets.reading import Reading, read
from goals.sheets.xlsx_writing import workbook_of
from tests.goals.documents import documents, plans_made_up

LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
BLANK = Document(PlanRow("Other", "2020-01-01", "2020-12-31"))
MEMBERS = {"kari@example.com": "Kari Nordmann"}
WRITERS = {"plan.xlsx": workbook_of, "plan.zip": tables_zip}


def taken_in(name: str, content: bytes, before: Document = BLANK) -> Document:
    book = read_file(name, content)
    filled, _decimal = read(book, Reading(match_book(book)), before, members=MEMBERS)
    assert filled.rejects == []
    return filled.document


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WRITERS)
def test_a_plan_survives_its_file(name: str, language: str) -> None:
    @settings(plans_made_up, max_examples=8)
    @given(documents(members=list(MEMBERS), metrics=["orders-per-visit"]))
    def survives(document: Document) -> None:
        with translation.override(language):
            content = WRITERS[name](document)
            assert taken_in(name, content) == document
            assert taken_in(name, content, before=document) == document

    survives()


@settings(plans_made_up, max_examples=8)
@given(documents(members=list(MEMBERS)))
def test_a_file_of_one_language_is_read_in_another(document: Document) -> None:
    with translation.override("nb"):
        files = {name: writer(document) for name, writer in WRITERS.items()}
    with translation.override("en"):
        for name, content in files.items():
            assert taken_in(name, content) == document, name


def told_apart(document: Document) -> Document:
    """Give the plan with names that no two rows share: the outline has no short names."""
    renamed = {
        key: tuple(replace(row, name=f"{key} {number} {row.name}"[:120]) for number, row in enumerate(rows))
        for key, rows in vars_of(document).items()
    }
    return replace(document, **renamed)


def vars_of(document: Document) -> dict[str, Any]:
    return {key: getattr(document, key) for key in ("objectives", "segments", "goals", "kpis")}


@settings(plans_made_up, max_examples=15)
@given(documents().map(told_apart))
def test_the_outline_changes_nothing_of_its_own_plan(document: Document) -> None:
    with translation.override("nb"):
        assert taken_in("plan.csv", outline_csv(document), before=document) == document
