"""What holds for every style, script and template: no inline styles, no colour outside the tokens, no missing file."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_look_at() -> None:
    assert STYLES
    assert SCRIPTS
    assert TEMPLATES


@pytest.mark.parametrize("path", [path for path in STYLES if path.name != "tokens.css"], ids=name)
def test_colours_come_from_the_tokens(path: Path) -> None:
    rules = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|(?:oklch|rgba?|hsla?)\(|!important", rules)


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_dark_mode_changes_colours_and_nothing_else(path: Path) -> None:
    """Tests of pages rely on it: in the dark they look at colours alone (tests/browsing.py)."""
    before, _mark, after = path.read_text(encoding="utf-8").partition("@media (prefers-color-scheme")
    assert (path.name == "tokens.css") == bool(after)
    assert "color-scheme" not in before.replace("color-scheme: light dark;", "")
    for token, value in re.findall(r"([\w-]+): ([^;]+);", after.partition("@media")[0]):
        assert token.startswith("--"), token
        assert re.fullmatch(r"[\d.]+% [\d.]+ [\d.]+|0\.\d+", value), f"{token}: {value} is no colour"


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_each_token_that_is_used_is_defined(path: Path) -> None:
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    defined = set(re.findall(r"(--[\w-]+):", tokens + text))
    # A knob with a default (`var(--figure-gap, …)`) and the tone of a status may come from outside.
    used = set(re.findall(r"var\((--[\w-]+)\)", text)) - {"--tone", "--tone-soft"}
    assert not used - defined


def test_each_style_is_imported_once() -> None:
    folder = ROOT / "static" / "css"
    imported = re.findall(r'@import url\("([^"]+)"\);', (folder / "app.css").read_text(encoding="utf-8"))
    assert sorted(imported) == sorted(str(path.relative_to(folder)) for path in STYLES if path.name != "app.css")
    assert imported[0] == "layers.css"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_row_s_number_is_written_for_programs(path: Path) -> None:
    """Numbers are written as their reader does, and `id="goal-2,577"` is an address that nothing finds."""
    assert not re.findall(r"\{\{ ?[\w.]*(?:\.pk|comment_id) ?\}\}", path.read_text(encoding="utf-8"))


def test_a_class_has_one_home() -> None:
    """Two files that each shape `.pick` spoil each other's pages, and neither's author sees it."""
    homes: dict[str, set[str]] = {}
    for path in STYLES:
        rules = re.sub(r"/\*.*?\*/|@media print \{.*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for chosen in re.findall(r"([^{};]+)\{", rules):
            for each in re.findall(r"^\s*\.([\w-]+)\s*$", chosen.replace(",", "\n"), flags=re.MULTILINE):
                homes.setdefault(each, set()).add(path.name)
    assert {each: sorted(files) for each, files in homes.items() if len(files) > 1} == {}


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_is_one_short_behaviour_that_says_what_happens_without_it(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 80
    assert re.match(r"// .*; without it ", lines[0])
    assert "innerHTML" not in "\n".join(lines)


# Mails are shown by other programs, which know no style sheets and no policy of ours.
PAGES = [path for path in TEMPLATES if "mails" not in path.parts]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_template_keeps_the_pages_security_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on", text)
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text)
    assert not inline or path.name == "look.html", inline


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_comment_over_several_lines_is_not_shown(path: Path) -> None:
    """Django ends `{# #}` at the line's end and prints what follows."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.count("{#") != line.count("#}")]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_each_icon_that_is_named_is_in_the_sprite(path: Path) -> None:
    sprite = (ROOT / "static" / "icons.svg").read_text(encoding="utf-8")
    named = re.findall(r'icon\.html" with name="([\w-]+)"', path.read_text(encoding="utf-8"))
    assert not [icon for icon in named if f'id="{icon}"' not in sprite]
