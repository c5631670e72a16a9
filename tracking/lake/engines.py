"""DuckDB engines that stay between questions: starting one costs more than most questions of a report do.

An engine has its own memory limit, threads and the folders that it may reach, all locked; one question has it at a
time. What a question makes (temporary tables and views, tables that it was given) is its connection's, and goes
with it.
"""

import atexit
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import duckdb

IDLE: Final = 3  # of one process: each keeps footers of files, and threads
USES: Final = 200  # then it goes, with the footers of files that are long gone
IDLE_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Kind:
    """What an engine may take, and reach.

    folders  whose files it may read; with a slash at the end
    spill    where it may write what memory does not hold
    """

    folders: tuple[str, ...]
    spill: str
    threads: int
    memory: str


@dataclass(slots=True, eq=False)
class Engine:
    """One DuckDB instance; `idle_since` is of the monotonic clock."""

    kind: Kind
    instance: duckdb.DuckDBPyConnection
    uses: int = 0
    idle_since: float = 0.0


@dataclass(slots=True)
class Pool:
    """The idle engines of this process, the one used last at the end."""

    idle: list[Engine] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    process: int = 0

    def take(self, kind: Kind) -> Engine:
        """Give an idle engine of the kind, or a new one."""
        with self.lock:
            if self.process != os.getpid():  # a fork has the memory of its parent's engines, and none of their threads
                self.process, self.idle = os.getpid(), []
            found = next((each for each in reversed(self.idle) if each.kind == kind), None)
            if found is not None:
                self.idle.remove(found)
        return found or Engine(kind, start(kind))

    def give_back(self, engine: Engine) -> None:
        """Keep it for the next question; end those that nobody asked for a while, and the one idle the longest."""
        now = time.monotonic()
        engine.uses, engine.idle_since = engine.uses + 1, now
        with self.lock:
            kept = [*self.idle, *([engine] if engine.uses < USES else [])]
            self.idle = [each for each in kept if now - each.idle_since < IDLE_SECONDS][-IDLE:]
            over = [each for each in (*kept, engine) if each not in self.idle]
        for each in over:
            each.instance.close()

    def end(self) -> None:
        """End the idle ones of this process: the interpreter's end would report them as leaked."""
        with self.lock:
            idle, self.idle = self.idle, []
        if self.process == os.getpid():
            for each in idle:
                each.instance.close()


_POOL: Final = Pool()
atexit.register(_POOL.end)


@contextmanager
def connection_of(kind: Kind) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection of an engine of this kind for the block. One that failed is not given to others."""
    engine = _POOL.take(kind)
    connection = engine.instance.cursor()
    try:
        yield connection
    except BaseException:
        connection.close()
        engine.instance.close()
        raise
    connection.close()
    _POOL.give_back(engine)


def start(kind: Kind) -> duckdb.DuckDBPyConnection:
    """Start an engine: from then on nothing of its kind can be changed by what is asked of it."""
    instance = duckdb.connect(
        config={
            "threads": kind.threads,
            "memory_limit": kind.memory,
            "temp_directory": kind.spill,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    instance.execute("set global timezone = 'UTC'")
    # A table is often many small files, and is asked several questions: each file's footer is read once.
    instance.execute("set global parquet_metadata_cache = true")
    instance.execute(f"set allowed_directories = [{', '.join(map(quoted, kind.folders))}]")
    instance.execute("set enable_external_access = false")
    instance.execute("set lock_configuration = true")
    return instance


def quoted(text: str) -> str:
    """Give the text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
