import gzip
import io

import pytest

from tracking.import_file import UnreadableFileError, open_file


@pytest.mark.parametrize("data", [b"plain", gzip.compress(b"plain")], ids=["plain", "gzip"])
def test_a_file_is_read_packed_or_not(data):
    assert open_file(io.BytesIO(data)).read() == b"plain"


def test_a_gzip_bomb_stops_at_its_limit():
    bomb = gzip.compress(b"\x00" * 1_000_000)
    with pytest.raises(UnreadableFileError, match="100000 bytes unpacked"):
        open_file(io.BytesIO(bomb), max_bytes=100_000).read()


def test_an_empty_file_is_empty():
    assert open_file(io.BytesIO(b"")).read() == b""
