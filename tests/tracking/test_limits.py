"""When the door refuses for the sake of others."""

from pathlib import Path
from typing import Any

from tracking import limits


def test_a_source_may_send_a_burst_and_then_its_rate(settings: Any) -> None:
    settings.EVENTS_PER_MINUTE = 60
    assert limits.wait_seconds(1, 10, clock=0.0) == 0
    assert limits.wait_seconds(1, 1, clock=0.0) >= 1
    assert limits.wait_seconds(1, 1, clock=2.0) == 0


def test_the_wait_that_is_told_is_long_enough(settings: Any) -> None:
    settings.EVENTS_PER_MINUTE = 60
    limits.wait_seconds(1, 25, clock=0.0)
    wait = limits.wait_seconds(1, 1, clock=0.0)
    assert wait == 16
    assert limits.wait_seconds(1, 1, clock=float(wait)) == 0


def test_a_batch_larger_than_the_allowance_is_let_in_once(settings: Any) -> None:
    settings.EVENTS_PER_MINUTE = 60
    assert limits.wait_seconds(1, 2_000, clock=0.0) == 0
    assert limits.wait_seconds(1, 1, clock=60.0) > 1_900


def test_sources_do_not_share_an_allowance(settings: Any) -> None:
    settings.EVENTS_PER_MINUTE = 60
    limits.wait_seconds(1, 100, clock=0.0)
    assert limits.wait_seconds(2, 1, clock=0.0) == 0


def test_one_look_at_the_disk_holds_for_a_second(settings: Any) -> None:
    settings.LOW_SPACE_MIB = 0
    assert not limits.is_disk_low(clock=0.0)
    settings.LOW_SPACE_MIB = 10**9
    assert not limits.is_disk_low(clock=0.5)
    assert limits.is_disk_low(clock=1.5)


def test_a_data_folder_that_is_not_there_yet_is_on_its_parents_disk(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.LOW_SPACE_MIB = tmp_path / "not" / "yet", 1
    assert not limits.is_disk_low(clock=0.0)
