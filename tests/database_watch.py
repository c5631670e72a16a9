"""Stops the database of a test run when the run is over, however it ended; see tests/plugin_database.py.

    python -m tests.database_watch FOLDER

Waits for a line, or for the end of its input: the run's controller holds the other end of the pipe, and the kernel
closes that for a process that is killed. Then stops the server and removes the folder.
"""

import shutil
import sys
from pathlib import Path

from measureplan import embedded


def main(folder: Path) -> None:
    sys.stdin.readline()
    cluster = embedded.cluster_in(folder)
    embedded.stop(cluster)
    for leftover in {folder, cluster.folder.parent}:
        shutil.rmtree(leftover, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
