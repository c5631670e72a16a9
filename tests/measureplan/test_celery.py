"""Which worker gets which work."""

import pytest

from measureplan.celery import QUEUES, ROUTES, TIMETABLE, app, transport_options


@pytest.mark.parametrize("name", ["tracking.check_import", "tracking.apply_import"])
def test_files_are_read_on_a_queue_of_their_own(name: str) -> None:
    assert app.amqp.router.route({}, name)["queue"].name == "long"


@pytest.mark.parametrize("name", ["tracking.drain", "tracking.derive", "reports.fill", "tracking.sweep"])
def test_what_people_wait_for_does_not_wait_for_files(name: str) -> None:
    assert app.amqp.router.route({}, name)["queue"].name == "celery"


def test_every_task_with_a_queue_or_a_time_exists() -> None:
    app.loader.import_default_modules()
    assert ROUTES.keys() | {entry["task"] for entry in TIMETABLE.values()} <= app.tasks.keys()


def test_a_worker_started_without_queues_takes_all() -> None:
    assert set(app.amqp.queues) == {queue.name for queue in QUEUES}


def test_a_queue_in_another_database_is_named_to_its_client() -> None:
    options = transport_options("pgmq://hints:secret@queue.example:6432/hints")
    assert options["conn_string"] == "postgresql://hints:secret@queue.example:6432/hints"
    assert "conn_string" not in transport_options("redis://cache.example:6379/1")
