"""10,000 paths that the R package ChannelAttribution publishes; beside the repository for their licence."""

import csv
import gzip
from pathlib import Path

import pytest

from analysis.attribution.aggregated import Aggregated, of_texts

PATHDATA = Path(__file__).parents[2] / "shared" / "data" / "pathdata" / "paths.csv.gz"
NEEDS_PATHDATA = pytest.mark.skipif(
    not PATHDATA.exists(), reason="needs ../shared/data/pathdata, which is not in the repository"
)


def published_rows() -> list[dict[str, str]]:
    """Give the rows: path, total_conversions, total_conversion_value, total_null."""
    with gzip.open(PATHDATA, "rt") as file:
        return list(csv.DictReader(file))


def published_paths() -> tuple[Aggregated, list[str]]:
    """Give the paths as the product holds them, and their keys' names."""
    rows = published_rows()
    conversions, value, nulls = (
        [float(row[column]) for row in rows] for column in ("total_conversions", "total_conversion_value", "total_null")
    )
    return of_texts([row["path"] for row in rows], conversions=conversions, value=value, nulls=nulls)
