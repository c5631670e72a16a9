"""The files of a Delta table's version, or of a folder, one by one: what tasks of a cluster read. Knows no Django."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow.dataset as pads
from deltalake import DeltaTable
from deltalake.fs import DeltaStorageHandler
from pyarrow.fs import FileSystem, PyFileSystem

Fragments = tuple[Any, dict[str, Any]]  # Arrow's dataset, and its fragments by path; pyarrow has no types


@lru_cache(maxsize=4)
def fragments(address: str, version: int | None) -> Fragments:
    """Open a version of a table, which never changes: once a process, however many of its files it is asked for.

    version  None: the Parquet files of a folder
    """
    if version is None:
        dataset = pads.dataset(address, format="parquet", partitioning="hive")
    else:
        dataset = DeltaTable(address, version=version).to_pyarrow_dataset()
    return dataset, {fragment.path: fragment for fragment in dataset.get_fragments()}


def store_at(address: str) -> FileSystem:
    """Give the files below a folder or an object store's address, by the reader that Delta itself uses."""
    if "://" not in address:
        Path(address).mkdir(parents=True, exist_ok=True)
    return PyFileSystem(DeltaStorageHandler(address))
