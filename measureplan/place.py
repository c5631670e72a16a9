"""Where one installation keeps its things, and the environment that its processes share. Knows no Django."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from measureplan import embedded, env

HERE = Path(__file__).resolve().parent.parent


class InUse(RuntimeError):
    """Another process runs the installation; the message names the folder."""


@dataclass(frozen=True, slots=True)
class Place:
    """The data folder of one installation."""

    folder: Path

    @property
    def run(self) -> Path:
        """What running processes leave for each other; emptied at each start."""
        return self.folder / "run"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def lake(self) -> str:
        return env.text("MP_LAKE_URL", default=str(self.folder / "lake"))

    def base_url(self) -> str:
        """Give the address that the web process was last started with."""
        with contextlib.suppress(FileNotFoundError, ValueError, KeyError):
            return str(json.loads((self.folder / "address.json").read_text())["base_url"])
        return env.text("MP_BASE_URL", default="http://127.0.0.1:8000")

    def keep_base_url(self, address: str) -> None:
        (self.folder / "address.json").write_text(json.dumps({"base_url": address}))


@contextlib.contextmanager
def alone(where: Place) -> Iterator[None]:
    """Be the only process that runs this installation, for the block; raise InUse where another does."""
    with (where.folder / "running.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InUse(
                f"{where.folder} is running already, at {where.base_url()}; stop it, or give another --data-dir"
            ) from None
        yield


def place(data_dir: str | None, *, default: str = "data") -> Place:
    """Give the place named by the argument, by MP_DATA_DIR, or the default one beside the code."""
    folder = Path(data_dir).expanduser().resolve() if data_dir else env.path("MP_DATA_DIR", HERE / "var" / default)
    folder.mkdir(parents=True, exist_ok=True)
    return Place(folder)


@contextlib.contextmanager
def with_database(where: Place) -> Iterator[str]:
    """Give the database's address for the block, starting the embedded one where it is not running.

    Sets MP_DATA_DIR, DATABASE_URL and MP_BASE_URL for this process, so call it before Django reads its settings.
    A server that was not running before is stopped again.
    """
    os.environ["MP_DATA_DIR"] = str(where.folder)
    os.environ.setdefault("MP_BASE_URL", where.base_url())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "measureplan.settings")
    if env.text("DATABASE_URL"):
        yield env.text("DATABASE_URL")
        return
    cluster = embedded.cluster_in(where.folder)
    was_running = embedded.server_pid(cluster) is not None
    os.environ["DATABASE_URL"] = embedded.start(cluster)
    try:
        yield os.environ["DATABASE_URL"]
    finally:
        if not was_running:
            embedded.stop(cluster)
