"""Hints: sent after the commit, and never at their caller's cost."""

from typing import Any

import pytest

from workspaces import hints


class Noted:
    """A task whose broker notes what is sent, or is away."""

    name = "tests.noted"

    def __init__(self, *, is_away: bool = False) -> None:
        self.is_away = is_away
        self.sent: list[tuple[int, ...]] = []

    def apply_async(self, args: tuple[int, ...], **_: Any) -> None:
        if self.is_away:
            raise ConnectionError("nobody answers")
        self.sent.append(args)


@pytest.fixture(autouse=True)
def line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "_LINE", hints._Line())


def test_a_hint_goes_out_after_the_commit_and_not_before(db: None, django_capture_on_commit_callbacks: Any) -> None:
    task = Noted()
    with django_capture_on_commit_callbacks(execute=True):
        hints.hint(task, 7)
        assert task.sent == []
    assert task.sent == [(7,)]


def test_a_broker_that_is_away_fails_nobody_and_is_left_alone_for_a_while(
    db: None, django_capture_on_commit_callbacks: Any
) -> None:
    task = Noted(is_away=True)
    with django_capture_on_commit_callbacks(execute=True):
        hints.hint(task, 1)
    task.is_away = False
    with django_capture_on_commit_callbacks(execute=True):
        hints.hint(task, 2)
    assert task.sent == []


def test_a_delayed_hint_speaks_for_all_until_it_runs(db: None, django_capture_on_commit_callbacks: Any) -> None:
    task = Noted()
    with django_capture_on_commit_callbacks(execute=True):
        for workspace_id in (1, 1, 2, 1):
            hints.hint(task, workspace_id, after_seconds=60)
    assert task.sent == [(1,), (2,)]


def test_a_hint_without_delay_is_sent_each_time(db: None, django_capture_on_commit_callbacks: Any) -> None:
    task = Noted()
    with django_capture_on_commit_callbacks(execute=True):
        hints.hint(task, 1)
        hints.hint(task, 1)
    assert task.sent == [(1,), (1,)]
