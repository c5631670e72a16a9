"""`measureplan up` and `measureplan demo`: the whole installation in one process group."""

import argparse
import time
from collections.abc import Callable

from measureplan import database, embedded, up
from measureplan.bad_input import BadInput
from measureplan.place import InUse, alone, place

DEFAULT_FOLDER = "data"


def add_arguments(parser: argparse.ArgumentParser, *, folder: str = DEFAULT_FOLDER) -> None:
    """Declare the arguments; `folder` is the one of var/ that is taken where none is named."""
    parser.add_argument("--port", type=int, help="the port to answer on; default: the first free one from 8000")
    parser.add_argument("--host", default="127.0.0.1", help="the address to answer on; default 127.0.0.1")
    parser.add_argument(
        "--data-dir",
        metavar="FOLDER",
        help=f"where everything is kept; default MP_DATA_DIR, or var/{folder} beside the code",
    )


def run(options: argparse.Namespace) -> int:
    return start(options, folder=DEFAULT_FOLDER, filled=False)


def start(options: argparse.Namespace, *, folder: str, filled: bool) -> int:
    """Run until Ctrl-C; refuse in one line what stands in the way."""
    where = place(options.data_dir, default=folder)
    try:
        with alone(where):
            return up.run(where, host=options.host, port=options.port, say=progress(), filled=filled)
    except (InUse, up.CannotStart, embedded.NoPostgres, embedded.NotStarted, database.NotMigrated) as fault:
        raise BadInput(str(fault)) from fault


def progress() -> Callable[[str], None]:
    """Give a function that prints a line with the seconds since the start."""
    began = time.monotonic()
    return lambda line: print(f"[{time.monotonic() - began:5.1f} s] {line}", flush=True)
