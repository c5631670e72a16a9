"""The disk of database and lake fills up: senders hear 503 and never a false 2xx, and all works again with space.

The installation stands on a file system of its own in an image, mounted for the time of the script, which takes root.
Twice: with the guard that refuses before the disk is full, and without it, so that PostgreSQL itself meets the end.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.installation import running
from bench.repeating_senders import Answer, Load, sending
from bench.verdict import Check, all_said, conclude, nothing_lost_or_twice, slowest

IMAGE_MIB = 1_000
GUARD_MIB = 200  # the product's own
BEFORE_SECONDS = 5.0
ANSWER_SECONDS = 3.0
RECOVERING_SECONDS = 10.0  # without the guard PostgreSQL stops and tries to start; nothing is promised of its delays
BACK_SECONDS = 30.0  # promised: from the space's return to the first acknowledgement


def run(options: argparse.Namespace) -> int:
    """Show both; give the exit code."""
    if os.geteuid() != 0:
        print("-- disk full: not shown, since mounting a file system takes root")
        return 2
    results = []
    for guard in (GUARD_MIB, 0):
        with small_disk(options.image) as folder:
            settings = {"MP_LOW_SPACE_MIB": str(guard)}
            with running(folder, options.port, environment=settings) as installation:
                load = Load(options.port, installation.write_key)
                with sending(load):
                    checks = fill_up(load, folder, options.seconds, guard)
                name = f"disk full, {f'the guard at {guard} MiB' if guard else 'no guard'}"
                results.append(conclude(name, [*checks, *nothing_lost_or_twice(load, folder)]))
    return max(results)


def fill_up(load: Load, folder: Path, seconds: float, guard: int) -> list[Check]:
    """Fill the disk, wait, free it, and say what the senders heard."""
    time.sleep(BEFORE_SECONDS)
    checks = _refused_early(load, folder, guard) if guard else []
    taken = take(folder, leave_mib=0)
    time.sleep(2)  # the guard looks once a second
    since = time.monotonic()
    until = since + seconds
    while time.monotonic() < until:
        taken = take(folder, leave_mib=0)  # what was given back meanwhile, by whoever, is taken as well
        time.sleep(0.5)
    full = [answer for answer in load.between(since, until) if answer.at + answer.seconds < until]
    freed = time.monotonic()
    taken.unlink()
    time.sleep(BACK_SECONDS)
    back = load.first_good(freed)
    patience = ANSWER_SECONDS if guard else RECOVERING_SECONDS
    time.sleep(BEFORE_SECONDS)
    return [
        *checks,
        _while_full(full, seconds, guard),
        Check(f"within {patience:.0f} s", f"slowest {slowest(full):.2f} s", slowest(full) <= patience),
        Check(
            f"back within {BACK_SECONDS:.0f} s",
            f"{back:.2f} s" if back else "never",
            bool(back and back <= BACK_SECONDS),
        ),
        Check("and from then on 2xx alone", *all_said(load.between(freed + BACK_SECONDS, float("inf")), 202)),
    ]


def _while_full(answers: list[Answer], seconds: float, guard: int) -> Check:
    """Say what the senders heard; what PostgreSQL still found room for is a true 202, and is looked for in the end."""
    words, are_all = all_said(answers, 503)
    if guard:
        return Check(f"full for {seconds:.0f} s: every answer is 503", words, are_all)
    expected = bool(answers) and {answer.status for answer in answers} <= {202, 503}
    return Check(f"full for {seconds:.0f} s: every answer is 503, or 202 of what was stored", words, expected)


def _refused_early(load: Load, folder: Path, guard: int) -> list[Check]:
    """Leave less than the guard asks for, and say whether it refuses while the database still could."""
    take(folder, leave_mib=guard // 2)
    time.sleep(2)
    since = time.monotonic()
    time.sleep(BEFORE_SECONDS)
    return [Check(f"{guard // 2} MiB left: the guard refuses", *all_said(load.between(since, time.monotonic()), 503))]


def take(folder: Path, *, leave_mib: int) -> Path:
    """Take the free space but for so much, by one file that grows; give the file."""
    path = folder / "taken"
    with path.open("ab", buffering=0) as grown, contextlib.suppress(OSError):
        while (free := shutil.disk_usage(folder).free - leave_mib * 2**20) > 0:
            grown.write(bytes(min(free, 2**20)))
    return path


@contextlib.contextmanager
def small_disk(where: str | None) -> Iterator[Path]:
    """Mount a file system of an image for the block; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="measureplan-disk-", dir=where) as name:
        image, folder = Path(name) / "image", Path(name) / "data"
        Path(name).chmod(0o755)
        folder.mkdir()
        with image.open("wb") as empty:
            empty.truncate(IMAGE_MIB * 2**20)
        # No blocks are kept for root, who would still find room where the database finds none.
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", image], check=True)
        subprocess.run(["mount", "-o", "loop", image, folder], check=True)
        try:
            yield folder
        finally:
            _unmount(folder)


def _unmount(folder: Path) -> None:
    """Take the file system away; who is still in it has a moment to leave."""
    for _ in range(20):
        if subprocess.run(["umount", folder], check=False, capture_output=True).returncode == 0:
            return
        time.sleep(0.5)
    subprocess.run(["umount", "--lazy", folder], check=True)
