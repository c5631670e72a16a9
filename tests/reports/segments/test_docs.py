"""Every segment in the documentation is read, written back as it stands, and counted."""

import re
from pathlib import Path

import pytest

from reports.explore.conditions import read_all
from reports.segments.parsing import read
from tests.reports.lake import make_goal
from tests.reports.segments.asks import filled, size_of
from workspaces.models import Workspace

DOCS = Path(__file__).parents[3] / "docs"
PAGES = (DOCS / "how-to" / "look-at-a-segment.md", DOCS / "reference" / "segments.md")


def examples() -> list[str]:
    """Give the blocks that the pages mark as segments, without what sets them in."""
    found = [block for page in PAGES for block in re.findall(r"```segment\n(.*?)```", page.read_text(), re.DOTALL)]
    return ["\n".join(line.strip() for line in block.strip().splitlines()) for block in found]


@pytest.mark.django_db(transaction=True)
def test_the_examples_are_segments_that_are_counted(shop: Workspace) -> None:
    make_goal(shop, "Purchase")
    filled(shop)
    assert len(examples()) == 4
    for text in examples():
        assert read(text, ["purchase"]).text == text
        assert size_of(shop, text).everybody > 0


def test_the_example_of_an_exploration_is_a_condition() -> None:
    [text] = re.findall(r"^ +(segment is .*)$", PAGES[0].read_text(), re.MULTILINE)
    assert [each.is_of_segment for each in read_all(text, [])] == [True, False]
