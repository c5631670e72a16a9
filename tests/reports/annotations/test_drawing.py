"""Annotations on a chart, held against a reference that goes through the days one by one."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reports.annotations import drawing
from reports.annotations.reading import Annotated
from reports.periods import bucket_end

FIRST = date(2026, 11, 2)
DAY = timedelta(days=1)


@st.composite
def annotated(draw: st.DrawFn) -> Annotated:
    """Give one that touches the 40 days from FIRST on, as reading gives them."""
    since = FIRST + draw(st.integers(-20, 39)) * DAY
    until = since + draw(st.integers(1, 30)) * DAY
    return Annotated(since, max(until, FIRST + DAY), draw(st.sampled_from(["Sale", "Rebuilt", "=1+1"])))


def days_of(each: Annotated) -> set[date]:
    return {each.since + n * DAY for n in range((each.until - each.since).days)}


@given(st.lists(annotated(), max_size=6), st.sampled_from(["day", "week", "month"]))
def test_each_bucket_names_what_happened_on_its_days_and_every_annotation_stands_once_under_the_axis(
    found: list[Annotated], interval: str
) -> None:
    buckets = [(FIRST, bucket_end(FIRST, interval))]
    while buckets[-1][1] < FIRST + 40 * DAY:
        buckets.append((buckets[-1][1], bucket_end(buckets[-1][1], interval)))
    starts = [since for since, _until in buckets]
    for since, until in buckets:
        days = {since + n * DAY for n in range((until - since).days)}
        expected = [each.text for each in found if days_of(each) & days]
        cell = drawing.cell(found, since, until)
        assert [part.rpartition(": ")[2] for part in cell.split(" · ") if part] == expected, (since, cell)
    flags = drawing.notes(found, starts)
    assert sorted(text for flag in flags for text in flag.label.split(" · ")) == sorted(each.text for each in found)
    assert all(flag.day == min(max(flag.since or flag.day, starts[0]), starts[-1]) for flag in flags)
    assert len({(flag.day, flag.since, flag.until) for flag in flags}) == len(flags)
    shaded = {
        shade.since + n * DAY
        for shade in drawing.shades(found, starts)
        for n in range((shade.until - shade.since).days)
    }
    drawn = {starts[0] + n * DAY for n in range((starts[-1] - starts[0]).days + 1)}
    assert shaded == {day for each in found if len(days_of(each)) > 1 for day in days_of(each)} & drawn
    assert [each.text for each in drawing.remarks(found)] == [each.text for each in found]


def test_a_cell_says_the_days_of_what_is_not_about_exactly_its_own() -> None:
    said = [Annotated(FIRST, FIRST + DAY, "Began"), Annotated(FIRST, FIRST + 4 * DAY, "Sale")]
    assert drawing.cell(said, FIRST, FIRST + DAY) == "Began · 2\u00a0Nov to 5\u00a0Nov\u00a02026: Sale"
    assert drawing.cell(said, FIRST + DAY, FIRST + 2 * DAY) == "2\u00a0Nov to 5\u00a0Nov\u00a02026: Sale"
    assert drawing.cell(said, FIRST + 4 * DAY, FIRST + 5 * DAY) == ""
