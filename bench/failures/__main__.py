"""Takes away what collection leans on, under load, and holds what senders hear against the promises.

    python -m bench.failures [broker] [database] [disk] [replies]

Each starts an installation of its own in a temporary folder, sends batches from several threads that repeat what was
not acknowledged, and ends what it started by its process id. Exits non-zero where a promise is broken.
"""

import argparse
import os
import platform
import sys

from bench.failures import broker, database, disk, replies

RUNS = {"broker": broker.run, "database": database.run, "disk": disk.run, "replies": replies.run}


def main() -> int:
    """Run those that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("which", nargs="*", help="all, where none is named")
    parser.add_argument("--port", type=int, default=21930)
    parser.add_argument("--seconds", type=float, default=30, help="how long broker or database are away")
    parser.add_argument("--times", type=int, default=3, help="how often the database is taken away")
    parser.add_argument("--share", type=float, default=0.3, help="of the replies that are swallowed")
    parser.add_argument("--image", help="where the full disk's image is kept; the temporary folder otherwise")
    options = parser.parse_args()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"{machine}, Python {platform.python_version()}", flush=True)
    return max(RUNS[name](options) for name in options.which or RUNS)


if __name__ == "__main__":
    sys.exit(main())
