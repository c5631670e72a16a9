"""What the reference says of a plan's fields is what the tables have."""

import re
from pathlib import Path

import pytest

from goals.columns import TABLES
from goals.tables import Table

REFERENCE = (Path(__file__).parents[2] / "docs" / "reference" / "plan-fields.md").read_text()
ROW = re.compile(r"^\| (?!field |---)(.*?) \| (.*?) \|$", re.MULTILINE)


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_field_has_its_line_in_the_order_of_the_table(table: Table) -> None:
    section = REFERENCE.split(f"## {table.many}\n")[1].split("\n## ")[0]
    lines = ROW.findall(section)
    assert [name for name, _said in lines] == [str(column.label) for column in table.columns]
    needed = [name for name, said in lines if said.startswith("*Needed.*")]
    assert needed == [str(column.label) for column in table.columns if column.needed]


def test_no_table_is_left_out_and_none_is_invented() -> None:
    assert re.findall(r"^## (.*)$", REFERENCE, re.MULTILINE) == [str(table.many) for table in TABLES.values()]
