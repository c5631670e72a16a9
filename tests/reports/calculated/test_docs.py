"""Every metric in the documentation is read, written back as it stands, and of a unit that some format writes."""

import re
from pathlib import Path

from goals.models import Format
from reports.calculated.formula import text_of
from reports.calculated.parsing import BadFormula, read
from reports.calculated.terms import TERMS
from reports.calculated.units import check_format, unit_of

DOCS = Path(__file__).parents[3] / "docs"
GOALS = {"purchase": "NOK", "added-to-cart": "NOK", "newsletter": "NOK"}


def fits(text: str, written_as: str) -> bool:
    """Say whether a format can write a formula."""
    try:
        check_format(unit_of(read(text, GOALS), GOALS), written_as)
    except BadFormula:
        return False
    return True


def test_the_examples_are_metrics() -> None:
    page = (DOCS / "how-to" / "write-a-metric.md").read_text()
    examples = [block.strip() for block in re.findall(r"```metric\n(.*?)```", page, re.DOTALL)]
    assert len(examples) == 4
    for text in examples:
        assert text_of(read(text, GOALS)) == text
        assert any(fits(text, each) for each in Format.values), text


def test_the_reference_lists_every_word_and_format() -> None:
    page = (DOCS / "reference" / "metrics.md").read_text()
    words = {
        name
        for row in re.findall(r"^\| (`.+?) \|.*\|.*\|.*\|$", page, re.MULTILINE)
        for name in re.findall(r"`(\w+)", row)
    }
    assert words >= set(TERMS)
    assert all(f"`{each}`" in page for each in Format.values)
