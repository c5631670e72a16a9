"""Hints: sent after the commit, and never at their caller's cost."""

import threading
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
    monkeypatch.setattr(hints, "PATIENCE_SECONDS", 600.0)  # a slow machine is no silent broker


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


class Silent(Noted):
    """A task whose broker takes what is sent and answers when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = threading.Event()

    def apply_async(self, args: tuple[int, ...], **_: Any) -> None:
        self.answer.wait()
        self.sent.append(args)


def test_a_broker_that_does_not_answer_holds_nobody_up(
    db: None, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent, other = Silent(), Noted()
    monkeypatch.setattr(hints, "PATIENCE_SECONDS", 0.0)
    with django_capture_on_commit_callbacks(execute=True):
        hints.hint(silent, 1)  # comes back, though nobody has answered
        hints.hint(other, 2)
    assert (silent.sent, other.sent) == ([], [])
    silent.answer.set()
    hints._LINE.unanswered.join()
    monkeypatch.setattr(hints, "PATIENCE_SECONDS", 600.0)
    with django_capture_on_commit_callbacks(execute=True):
        hints.hint(other, 3)
    assert (silent.sent, other.sent) == ([(1,)], [(3,)])


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


def test_hints_apart_go_out_at_once_and_then_so_long_after_each_other(
    db: None, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, waits = [100.0], []
    task = Noted()
    monkeypatch.setattr(hints.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(task, "apply_async", lambda _args, countdown, **_: waits.append(countdown))
    for moment in (100.0, 100.5, 101.9, 102.5, 110.0):
        clock[0] = moment
        with django_capture_on_commit_callbacks(execute=True):
            hints.hint(task, 1, apart_seconds=2)
    # At 100 at once; at 100.5 for 102, which speaks for 101.9 as well; at 102.5 for 104; at 110 at once again.
    assert waits == [None, 1.5, 1.5, None]
