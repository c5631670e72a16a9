"""What the reference says of mapping rules is what the code does."""

import json
import re
from pathlib import Path

import pytest

from goals.cells import Choice
from goals.columns import TABLES
from goals.conditions import FIELDS, OPERATORS, from_text, in_words, parse, to_text
from goals.conditions import parsing as parsing_module

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = (DOCS / "reference" / "mapping-rules.md").read_text()
EXAMPLES = re.findall(r"```json\n(.*?)```\n\nPeople read it as: ([^\n]*)\n", REFERENCE, re.DOTALL)


def rows_under(heading: str) -> list[str]:
    """Give the first cells of the table under a heading."""
    section = REFERENCE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(.*?)` \|", section, re.MULTILINE)


def test_every_field_and_operator_has_its_line_in_the_order_of_the_forms() -> None:
    assert rows_under("Fields") == list(FIELDS)
    assert sorted(rows_under("Operators")) == sorted(OPERATORS)


@pytest.mark.parametrize(("written", "read"), EXAMPLES)
def test_an_example_reads_as_it_says(written: str, read: str) -> None:
    assert in_words(parse(json.loads(written))) == read


def test_rules_as_text_are_read_and_written_as_the_reference_says() -> None:
    reference = (DOCS / "reference" / "plan-versions.md").read_text()
    examples = re.search(r"```text\n(.*?)```", reference, re.DOTALL)
    assert examples
    for line in examples[1].splitlines():
        assert to_text(from_text(line)) == line


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == REFERENCE.count("```json") == 3


def test_every_code_of_a_refusal_is_listed() -> None:
    source = Path(parsing_module.__file__).read_text()
    raised = set(re.findall(r'_Wrong\(\s*"\w*",\s*"(\w+)"', source)) | {"unknown_field", "unknown_operator"}
    listed = set(re.findall(r"`(\w+)`", REFERENCE.split("## When a rule is refused")[1]))
    assert len(raised) >= 14
    assert raised - listed == set()


def test_the_reference_of_files_has_every_column_of_every_table() -> None:
    reference = (DOCS / "reference" / "plan-files.md").read_text()
    for table in TABLES.values():
        section = reference.split(f"## {table.many}: `{table.key}`\n")[1].split("\n## ")[0]
        rows = re.findall(r"^\| (.*?)( \(needed\))? \| `(.*?)` \| (.*?) \|$", section, re.MULTILINE)
        assert [(label, bool(needed), key) for label, needed, key, _holds in rows] == [
            (str(column.label), column.needed, column.key) for column in table.columns
        ], table.key
        for column, (*_row, holds) in zip(table.columns, rows, strict=True):
            if isinstance(column.cell, Choice):
                assert re.findall(r"`(\w+)`", holds) == [key for key, _label in column.cell.choices], column.key
