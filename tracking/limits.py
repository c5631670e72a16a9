"""When the door refuses for the sake of others: a source that floods, a disk that is nearly full."""

import shutil
import time
from pathlib import Path

from django.conf import settings

BURST_SECONDS = 10.0  # a minute's share that may come at once
LOOK_SECONDS = 1.0  # how long one look at the disk holds

_filled: dict[int, tuple[float, float]] = {}  # source -> events it may still send, and when that was true
_space: dict[str, tuple[float, bool]] = {}


def wait_seconds(source_id: int, events: int, *, clock: float | None = None) -> int:
    """Take the events from the source's allowance; give 0, or after how many seconds there is room for more.

    The allowance is a leaky bucket in this process: EVENTS_PER_MINUTE flow in, a sixth of a minute's worth is held.
    A request that is larger than what is left is let in while anything is left, so that no batch waits for ever.
    """
    now = time.monotonic() if clock is None else clock
    a_second = settings.EVENTS_PER_MINUTE / 60
    most = a_second * BURST_SECONDS
    left, then = _filled.get(source_id, (most, now))
    left = min(most, left + (now - then) * a_second)
    if left <= 0:
        _filled[source_id] = (left, now)
        return max(1, round(-left / a_second + 0.5))
    _filled[source_id] = (left - events, now)
    return 0


def is_disk_low(*, clock: float | None = None) -> bool:
    """Say whether the data folder's disk is so full that PostgreSQL may soon stop hard."""
    now = time.monotonic() if clock is None else clock
    folder = str(settings.DATA_DIR)
    until, is_low = _space.get(folder, (0.0, False))
    if now >= until:
        is_low = _free_mib(Path(folder)) < settings.LOW_SPACE_MIB
        _space[folder] = (now + LOOK_SECONDS, is_low)
    return is_low


def _free_mib(folder: Path) -> float:
    # The folder may not exist yet; its disk is that of the nearest one that does.
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(existing).free / 2**20


def forget() -> None:
    """Start anew: every allowance full, the disk not looked at."""
    _filled.clear()
    _space.clear()
