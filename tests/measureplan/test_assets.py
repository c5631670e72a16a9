"""The chart library: small enough, made once, made again when cut off."""

import gzip
from pathlib import Path

import pytest

from measureplan import assets


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vendor")
    assert assets.build(folder)
    return folder


def test_a_second_build_does_nothing(built: Path) -> None:
    before = (built / "vega.js").stat().st_mtime_ns
    assert not assets.build(built)
    assert (built / "vega.js").stat().st_mtime_ns == before


def test_the_library_is_a_module_of_at_most_350_kb(built: Path) -> None:
    library = (built / "vega.js").read_bytes()
    assert b"as vegaEmbed" in library[-200:]
    assert len(gzip.compress(library)) <= 350_000


def test_a_build_that_was_cut_off_is_not_taken_for_done(tmp_path: Path) -> None:
    (tmp_path / "vega.js").write_text("half of it")
    assert not assets.is_built(tmp_path)
