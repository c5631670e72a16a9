"""Ends what takes too long: a page that takes longer is nobody's, and the web process has others to answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from duckdb import DuckDBPyConnection as Connection

LONGEST = 25.0  # seconds


@contextmanager
def bounded(lake: Connection, seconds: float = LONGEST) -> Iterator[None]:
    """Interrupt what is asked of the connection after so long: it raises duckdb.InterruptException."""
    done = Event()
    watch = Thread(target=_interrupt, args=(lake, done, seconds), daemon=True)
    watch.start()
    try:
        yield
    finally:
        done.set()
        watch.join()  # the connection is closed after it


def _interrupt(lake: Connection, done: Event, seconds: float) -> None:
    pause = seconds
    while not done.wait(pause):
        lake.interrupt()
        pause = 0.1  # between two statements it interrupts nothing, and the next one would go on
