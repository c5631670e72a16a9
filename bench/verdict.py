"""Holds what was seen against what is promised, and gives the exit code."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.installation import SETTLE_SECONDS, counted, stored_ids, wait_for
from bench.repeating_senders import Answer, Load


@dataclass(frozen=True, slots=True)
class Check:
    """One promise and what was seen of it."""

    promise: str
    seen: str
    holds: bool


def conclude(name: str, checks: Iterable[Check]) -> int:
    """Print each promise with what was seen; give 1 where one is broken."""
    broken = 0
    print(f"-- {name}")
    for check in checks:
        broken += not check.holds
        print(f"{'holds ' if check.holds else 'BROKEN'}  {check.promise}: {check.seen}", flush=True)
    return 1 if broken else 0


def nothing_lost_or_twice(load: Load, folder: Path, *, seconds: float = SETTLE_SECONDS) -> list[Check]:
    """Wait until what was acknowledged is in the lake, and compare; call it while the installation still runs."""
    # Not how many: what was stored and never acknowledged is there as well, and may come before what was.
    wait_for(lambda: load.acknowledged <= stored_ids(folder).keys(), seconds)
    stored = stored_ids(folder)
    lost = load.acknowledged - stored.keys()
    twice = [each for each, n in stored.items() if n > 1]
    total = stored.total()
    wait_for(lambda: counted(folder) == total, 30)
    return [
        Check(
            "acknowledged events lost: 0", _few(lost, of=len(load.acknowledged)), bool(load.acknowledged) and not lost
        ),
        Check("events stored twice: 0", _few(twice, of=total), not twice),
        Check("the counters say what the lake has", f"{counted(folder):,} and {total:,}", counted(folder) == total),
    ]


def all_said(answers: list[Answer], status: int) -> tuple[str, bool]:
    """Give what the answers were in words, and whether there are some and all have this status."""
    found = sorted({answer.status for answer in answers})
    words = ", ".join(f"{sum(each.status == one for each in answers):,} x {one or 'none'}" for one in found)
    return words or "no answers", found == [status]


def slowest(answers: list[Answer]) -> float:
    """Give the seconds of the slowest answer."""
    return max((answer.seconds for answer in answers), default=0.0)


def _few(ids: Iterable[str], *, of: int) -> str:
    listed = sorted(ids)
    return f"{len(listed)} of {of:,} {listed[:3] or ''}".strip()
