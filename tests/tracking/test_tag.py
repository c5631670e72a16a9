"""The tag's file: small, cached by its name, open to every page, and a load on nobody."""

import gzip
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracking.file_kinds import is_download
from tracking.tag import SOURCE, script

MOST_BYTES = 4_000  # gzipped, as it travels


def test_the_tag_travels_in_less_than_four_kilobytes(client: Client) -> None:
    answer = client.get("/mp.js", headers={"Accept-Encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < MOST_BYTES, f"{len(answer.content)} bytes"
    assert gzip.decompress(answer.content) == client.get("/mp.js").content == script().text


def test_only_comments_and_indentation_are_left_out() -> None:
    kept = [line.strip() for line in SOURCE.read_text().splitlines() if not line.strip().startswith("//")]
    assert [line for line in kept if line] == script().text.decode().splitlines()
    # A line that starts inside of text between backticks would lose what belongs to it.
    assert all(line.count("`") % 2 == 0 for line in kept)


def test_each_name_is_kept_as_long_as_it_is_true(client: Client) -> None:
    short, long = client.get("/mp.js"), client.get(f"/mp.{script().digest}.js")
    assert short.content == long.content
    assert short["Cache-Control"].startswith("public, max-age=600")
    assert "immutable" in long["Cache-Control"]
    assert client.get("/mp.js", headers={"If-None-Match": short["ETag"]}).status_code == 304


def test_a_page_that_names_an_older_version_gets_todays(client: Client) -> None:
    answer = client.get("/mp.0123456789abcdef.js")
    assert (answer.status_code, answer["Location"]) == (302, "/mp.js")
    assert "immutable" not in answer["Cache-Control"]


@pytest.mark.django_db
def test_it_asks_nobody_and_is_the_same_for_all(client: Client) -> None:
    client.cookies["sessionid"] = "somebody"
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/mp.js", headers={"Accept-Language": "nb"})
    assert [query["sql"] for query in asked] == []
    assert answer["Vary"] == "Accept-Encoding"
    assert not answer.cookies
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.post("/mp.js").status_code == 405


def test_what_it_takes_for_a_download_is_one_in_a_servers_log_as_well() -> None:
    pattern = re.search(r"FILES = /(.+)/i;", SOURCE.read_text())[1]
    for name in ("pdf", "docx", "doc", "zip", "xlsx", "m4v", "mp3", "ods", "tgz", "7z"):
        assert re.search(pattern, f"/a/b.{name}"), name
        assert is_download(f"/a/b.{name}"), name
    assert not re.search(pattern, "/a/pdf")
