"""Links between the pages of the docs lead somewhere."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "bench").glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#([^)]*))?\)")


def headings(page: Path) -> set[str]:
    """Give the anchors that headings get, as the forges make them."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in found}


def test_every_link_leads_to_a_page_and_a_heading_of_it():
    links = [(page, *found) for page in PAGES for found in LINK.findall(page.read_text(encoding="utf-8"))]
    links = [each for each in links if not each[1].startswith("/")]  # addresses of the program itself
    assert len(links) > 100, "needs links"
    for page, path, anchor in links:
        target = page.parent / path
        assert target.exists(), f"{page.name} links to {path}"
        assert not anchor or target.suffix != ".md" or anchor in headings(target), f"{page.name}: {path}#{anchor}"
