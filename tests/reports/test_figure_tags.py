"""The tags: each figure keeps its words for those who don't see it, and never shows an undefined number as 0."""

import html
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template

from reports.statuses import STATUSES
from workspaces.navigation import GROUPS


@pytest.fixture(autouse=True)
def _files_as_written(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def show(source: str, **context: object) -> str:
    return html.unescape(Template("{% load figures %}" + source).render(Context(context))).replace("\u00a0", " ")


def words(markup: str) -> str:
    """Give what is read: without tags, spaces joined."""
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def test_a_shortened_count_has_the_exact_one_as_its_title() -> None:
    assert show("{{ 12345|count }}") == '<span class="nowrap" title="12,345">12.3k</span>'


def test_a_rate_stands_with_its_numbers_and_interval() -> None:
    rate = SimpleNamespace(value=412 / 15_118, low=0.0248, high=0.0299)
    shown = show('{% rate rate 412 15118 "visits" %}', rate=rate)
    assert words(shown) == "2.7 % 412 / 15,118"
    assert 'title="95 % interval 2.5 to 3.0 %"' in shown


def test_a_rate_of_few_is_marked_as_little_data() -> None:
    assert words(show("{% rate 0.2 3 15 %}")) == "20 % 3 / 15 · little data"


def test_no_visits_give_no_rate() -> None:
    assert words(show('{% rate None 0 0 "sessions" %}')) == "no sessions yet"


def test_a_change_is_read_in_words() -> None:
    assert words(show("{% change 412 377 %}")) == "9.3 % up 9.3 % from 377"


def test_a_change_from_the_unknown_shows_nothing() -> None:
    assert not words(show("{% change 412 None %}"))


@pytest.mark.parametrize("name", STATUSES)
def test_each_status_has_its_word_and_icon(name: str) -> None:
    shown = show("{% status name %}", name=name)
    assert words(shown) == STATUSES[name].word
    assert f"#{STATUSES[name].icon}" in shown


def test_a_status_of_a_later_version_is_said_to_be_unknown() -> None:
    assert words(show("{% status 'sideways' %}")) == "Unknown"


def test_a_bullet_says_all_that_it_draws() -> None:
    shown = show("{% bullet actual=68 target=100 expected=64 low=94 high=108 status='on_track' %}")
    assert words(shown) == "68 % of the target, 64 % expected to date, forecast 94 % to 108 %"


def test_a_kpi_without_a_target_has_no_bullet() -> None:
    assert words(show("{% bullet actual=68 target=None %}")) == "No target"


def test_positions_in_drawings_are_not_written_in_the_readers_language(settings: Any) -> None:
    settings.LANGUAGE_CODE = "nb"
    assert 'width="59.1%"' in show("{% bullet actual=68 target=100 %}")


def test_the_parts_of_a_row_stand_under_their_columns() -> None:
    shown = show(
        "{% for cell, column in row|under:columns %}{{ column }}={{ cell }};{% endfor %}", row=[1, 2], columns="ab"
    )
    assert shown == "a=1;b=2;"


def test_the_icons_that_python_names_are_in_the_sprite() -> None:
    sprite = (Path(__file__).parents[2] / "static" / "icons.svg").read_text(encoding="utf-8")
    named = {status.icon for status in STATUSES.values()} | {item.icon for group in GROUPS for item in group.items}
    assert not {icon for icon in named if f'id="{icon}"' not in sprite}
