"""Plausible's exports are known by their names or their columns, and nothing else is taken for one."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.ads.reports import GOOGLE
from tests.tracking.importers import ORDERS
from tests.tracking.sums.exports import ALL, OTHERS, archive
from tracking.import_file import UnreadableFileError
from tracking.imports.reading import detect
from tracking.models import Format, SumKind
from tracking.sums.archive import looks_like_one, tables_in
from tracking.sums.tables import TABLES


def test_every_kind_of_sum_has_its_table():
    assert set(TABLES) == set(SumKind.values) == {*ALL, *OTHERS}


@pytest.mark.parametrize(("kind", "table"), [*ALL.items(), *OTHERS.items()], ids=[*ALL, *OTHERS])
def test_a_table_by_itself_is_known_by_its_columns(kind: str, table: str):
    stream = io.BytesIO(table.encode())
    assert [found.kind for found in tables_in(stream)] == [kind]
    assert detect(stream) == Format.PLAUSIBLE


@pytest.mark.parametrize("folder", ["", "shop_example_20260101/"])
def test_an_archive_is_known_by_the_names_in_it(folder: str):
    stream = io.BytesIO(archive(folder=folder))
    assert {found.kind for found in tables_in(stream)} == set(ALL)
    assert detect(stream) == Format.PLAUSIBLE


@pytest.mark.parametrize("content", [ORDERS, GOOGLE.encode(), b"date,name,visitors\n", b""])
def test_other_files_are_not_taken_for_one(content: bytes):
    assert not looks_like_one(io.BytesIO(content))


def test_an_archive_of_other_things_is_refused_as_before():
    with pytest.raises(UnreadableFileError, match="hold no events"):
        detect(io.BytesIO(archive({})))


@given(st.integers(min_value=4, max_value=len(archive()) - 1))
def test_an_archive_that_was_cut_off_is_refused_with_a_reason(length: int):
    with pytest.raises(UnreadableFileError):
        looks_like_one(io.BytesIO(archive()[:length]))
