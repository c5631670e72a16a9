"""Looks become episodes: held against a plain scan of the whole course at once."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reports.alerts.stepping import Course, Look, Patience, Verdict, follow

FIRST = date(2026, 9, 7)
MARKS = {"h": Verdict.HOLDS, "o": Verdict.OVER, "u": Verdict.UNKNOWN}
COURSES = st.text(alphabet="hou", max_size=60)


def turns(marks: str, stay: int, *, cut: int = 0) -> list[tuple[str, int]]:
    """Follow the marks, stopped and taken up again after so many days."""
    days = [FIRST + timedelta(days=n) for n in range(len(marks))]

    def lens(day: date, _began: date | None) -> Look:
        return Look(MARKS[marks[(day - FIRST).days]], {})

    course, found = follow(Course(), days[:cut], lens, Patience(stay))
    _course, rest = follow(course, days[cut:], lens, Patience(stay))
    return [("over" if turn.is_over else "fired", (turn.day - FIRST).days) for turn in [*found, *rest]]


def scanned(marks: str, stay: int) -> list[tuple[str, int]]:
    """Cut the course at its o's; a stretch fires on the first h that is `stay` days or more after its first."""
    found: list[tuple[str, int]] = []
    place = 0
    for stretch in marks.split("o"):
        held = [n for n, mark in enumerate(stretch) if mark == "h"]
        fired = [n for n in held if n - held[0] + 1 >= stay]
        if fired:
            found.append(("fired", place + fired[0]))
            end = place + len(stretch)
            found += [("over", end)] if end < len(marks) else []
        place += len(stretch) + 1
    return found


@given(COURSES, st.integers(1, 7))
def test_an_episode_begins_when_it_has_held_long_enough_and_ends_once(marks: str, stay: int) -> None:
    assert turns(marks, stay) == scanned(marks, stay)


@given(COURSES, st.integers(1, 7), st.integers(0, 60))
def test_it_does_not_matter_when_the_worker_came(marks: str, stay: int, cut: int) -> None:
    assert turns(marks, stay, cut=min(cut, len(marks))) == turns(marks, stay)


def test_falls_stays_recovers_falls_again_are_two_episodes() -> None:
    assert turns("oohhhuhooohho", 1) == [("fired", 2), ("over", 7), ("fired", 10), ("over", 12)]


def test_what_lasts_for_long_is_the_usual() -> None:
    days = [FIRST + timedelta(days=n) for n in range(40)]
    course, found = follow(Course(), days, lambda _day, _began: Look(Verdict.HOLDS, {}), Patience(1, usual_after=28))
    assert [(turn.is_over, turn.is_usual, (turn.day - FIRST).days) for turn in found] == [
        (False, False, 0),
        (True, True, 28),
        (False, False, 29),
    ]
    assert course.began == FIRST + timedelta(days=29)
