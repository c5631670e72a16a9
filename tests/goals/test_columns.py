"""Columns: what they write they read back, in every language, and what they can't read they name."""

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given

from goals.cells import Figure, LookUps
from goals.columns import TABLES, Misread, Table, read_row, texts_of
from goals.conditions import from_text
from goals.document import Document
from goals.rows import GoalRow, Row
from tests.goals.documents import documents, plans_made_up

LANGUAGES = [code for code, _name in settings.LANGUAGES]
LOOKS = LookUps(
    objectives={"sell": "Sell more", "grow": "Grow", "grow-2": "Grow"},
    members={"kari@example.com": "Kari Nordmann"},
)


def all_rows(document: Document) -> list[tuple[Table, Row]]:
    return [(table, row) for table in TABLES.values() for row in table.rows_of(document)]


@plans_made_up
@given(documents(members=["kari@example.com"]))
def test_every_column_reads_back_what_it_writes_in_every_language(document: Document) -> None:
    for language in LANGUAGES:
        with translation.override(language):
            for table, row in all_rows(document):
                for column in table.columns:
                    value = column.of(row)
                    assert column.read(column.text(value)) == value, (language, table.key, column.key)


@plans_made_up
@given(documents())
def test_a_row_is_made_anew_from_its_texts(document: Document) -> None:
    for table, row in all_rows(document):
        assert read_row(table, texts_of(table, row)) == (row, [])


def read(table: str, column: str, text: str) -> object:
    return TABLES[table].column(column).read(text, LOOKS)


@pytest.mark.parametrize(
    ("table", "column", "text", "value"),
    [
        ("goals", "level", "Micro goal", "micro"),
        ("goals", "level", "MACRO", "macro"),
        ("goals", "stage", "see", "see"),
        ("goals", "counting", "", "every"),
        ("goals", "value_micros", "1 234,50", 1_234_500_000),
        ("goals", "counting_days", "30.0", 30),
        ("goals", "supports", "order; lead", ("lead", "order")),
        ("goals", "objective", "sell MORE", "sell"),
        ("goals", "owner", "Kari Nordmann", "kari@example.com"),
        ("goals", "owner", "KARI@example.com", "kari@example.com"),
        ("targets", "starts_on", "21.11.2026", "2026-11-21"),
        ("targets", "starts_on", "2026-11-21 00:00:00", "2026-11-21"),
        ("targets", "value", "3,4 %", "3.4%"),
        ("targets", "green_share", "95", "0.95"),
        ("parameters", "is_required", "x", True),
        ("parameters", "allowed", 'a; "b; c";', ("a", "b; c")),
    ],
)
def test_people_write_in_their_own_ways(table: str, column: str, text: str, value: object) -> None:
    looks = LookUps(LOOKS.objectives, macros={"order": "Order", "lead": "Lead"}, members=LOOKS.members)
    assert TABLES[table].column(column).read(text, looks) == value


@pytest.mark.parametrize(
    ("table", "column", "text", "message"),
    [
        ("goals", "name", "  ", "It is needed; fill it in."),
        ("goals", "level", "mega", "Choose one of: Macro goal, Micro goal."),
        ("goals", "objective", "Grow", "Several have this name; write one of: grow, grow-2."),
        ("goals", "objective", "Nothing", "Nothing here is called so; write one of: sell, grow, grow-2."),
        ("goals", "owner", "nobody@example.com", "No member has this address; invite the person first"),
        ("goals", "counting_days", "366", "Write a whole number from 1 to 365."),
        ("goals", "value_micros", "1e40", "Write a number, such as 1234.5."),
        ("goals", "value_micros", "NaN", "Write a number, such as 1234.5."),
        ("goals", "currency", "kroner", "It has 6 characters; at most 3 fit."),
        ("goals", "rules", "page", 'Something is missing after "page".'),
        ("goals", "name", "a\x00b", "It holds a character that can't be kept"),
        ("targets", "starts_on", "31.02.2026", "Write a day, such as 2026-11-21."),
        ("targets", "value", "-5", "Write a number of zero or more"),
        ("parameters", "allowed", '"a', "A quotation mark is opened and not closed."),
        ("specs", "ticket", "javascript:alert(1)", "Write the whole address"),
        ("kpis", "slug", "a b", "Write letters, digits and hyphens only"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(table: str, column: str, text: str, message: str) -> None:
    with pytest.raises(Misread) as refused:
        read(table, column, text)
    assert message in refused.value.message
    assert (refused.value.column.key, refused.value.value) == (column, text)


def test_a_rate_has_its_percent_sign_and_nothing_else_does() -> None:
    cell = Figure()
    assert cell.read("3.4", LookUps(format="percent")) == "3.4%"
    assert cell.read("3.4", LookUps(format="count")) == "3.4"
    with pytest.raises(ValueError, match="This KPI is no rate"):
        cell.read("3.4%", LookUps(format="count"))


def test_a_row_names_all_that_is_wrong_with_it() -> None:
    row, misread = read_row(TABLES["goals"], {"name": "", "level": "mega", "counting": "every"})
    assert row is None
    assert [each.column.key for each in misread] == ["name", "level"]


def test_a_changed_row_keeps_the_rest() -> None:
    goal = GoalRow("order", "Order", "macro")
    changed = TABLES["goals"].changed(goal, {"rules": from_text("event purchase"), "department": "Sales"})
    assert changed == GoalRow(
        "order", "Order", "macro", department="Sales", definition=type(goal.definition)(from_text("event purchase"))
    )
