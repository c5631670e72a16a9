"""Pages of imports, as a browser uses them, without JavaScript and with htmx."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.tracking.importers import FAULTY, ORDERS, again, applied, checked, found, log_line
from tests.tracking.imports.ga4_rows import DAY, lines
from tests.tracking.makers import NOON, make_source
from tracking import importing
from tracking.models import Import, ImportState, Kind, Source
from workspaces import scope
from workspaces.models import Membership, Workspace

IMPORTS = "/w/fjellsport/imports/"


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


def upload(browser: Client, content: bytes = ORDERS, *, name: str = "orders.csv", **typed: str) -> Any:
    return browser.post(f"{IMPORTS}new/", {"file": SimpleUploadedFile(name, content), "source": "Shop", **typed})


def only(workspace: Workspace) -> Import:
    with scope.in_workspace(workspace.pk):
        return Import.objects.select_related("source", "workspace").get()


def text(answer: Any) -> str:
    """Give what a reader sees, without tags and line breaks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_file_is_uploaded_checked_imported_and_the_page_says_so(browser: Client, shop: Workspace):
    assert "Import a file" in text(browser.get(IMPORTS))
    answer = upload(browser)
    row = only(shop)
    assert (answer.status_code, answer["Location"]) == (302, row.get_absolute_url())
    page = browser.get(row.get_absolute_url())
    assert "Waiting for its dry run" in text(page)
    assert 'hx-trigger="every 1s"' in page.content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page.content.decode()
    importing.check(shop.pk, row.pk, now=NOON)
    page = browser.get(row.get_absolute_url())
    assert "An import would add 3 events . Nothing is stored yet." in text(page)
    assert "every 1s" not in page.content.decode()
    assert browser.post(f"{row.get_absolute_url()}apply/").status_code == 302
    assert "Waiting to be imported" in text(browser.get(row.get_absolute_url()))
    importing.apply(shop.pk, row.pk, now=NOON)
    assert "3 events were imported." in text(browser.get(row.get_absolute_url()))
    assert "orders.csv" in text(browser.get(IMPORTS))


def test_htmx_gets_the_part_that_changes(browser: Client, files: Source):
    row = checked(files, ORDERS)
    part = browser.get(row.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div class="stack report" id="state"')
    assert "<html" not in part


def test_an_import_that_goes_on_shows_how_far_it_is(browser: Client, files: Source):
    row = checked(files, ORDERS)
    with scope.in_workspace(files.workspace_id):
        Import.objects.update(state=ImportState.APPLYING, rows_done=1, rows_total=3)
    page = browser.get(row.get_absolute_url())
    assert "1 rows, 33 %" in text(page)
    assert '<progress aria-label="Rows read" value="33" max="100">' in page.content.decode()


def test_rows_with_errors_are_shown_and_downloaded_and_keep_the_file_out_unless_asked(browser: Client, files: Source):
    row = checked(files, FAULTY)
    page = browser.get(row.get_absolute_url())
    assert "2 rows have errors." in text(page)
    assert "12.34.56" in text(page)
    assert "not an amount 1" in text(page)
    assert "Import the good rows only" in text(page)
    file = browser.get(f"{row.get_absolute_url()}errors/")
    assert file["Content-Disposition"].startswith('attachment; filename="errors in orders.csv.csv"')
    assert b"amount_format" in file.content
    refused = browser.post(f"{row.get_absolute_url()}apply/", {})
    assert refused.status_code == 422
    assert "2 rows have errors. Mend them" in text(refused)
    assert browser.post(f"{row.get_absolute_url()}apply/", {"good_rows_only": "True"}).status_code == 302
    assert again(row).state == ImportState.ORDERED


def test_the_mapping_is_shown_as_guessed_and_checked_again_as_typed(browser: Client, files: Source):
    row = checked(files, b"what,when,total\nsale,2026-11-01T10:00:00Z,12\n")
    page = browser.get(row.get_absolute_url())
    assert "name is not mapped" in text(page)
    assert '<option value="total">' in page.content.decode()
    assert '<th scope="row">total</th><td>12</td>' in page.content.decode()
    assert "Columns to be mapped" in text(browser.get(IMPORTS))
    typed = {"field_name": "what", "field_time": "when", "field_value": "total", "field_currency": "=NOK"}
    sent = {**typed, "time_zone": "Europe/Oslo", "properties_of": "kind=what\n"}
    assert browser.post(f"{row.get_absolute_url()}check/", sent).status_code == 302
    importing.check(row.workspace_id, row.pk, now=NOON)
    row = again(row)
    assert found(row).new == 1
    assert row.mapping["fields"] == {
        "name": "what", "time": "when", "value": "total", "currency": "=NOK", "properties.kind": "what"
    }  # fmt: skip
    page = browser.get(row.get_absolute_url()).content.decode()
    assert 'name="field_currency" value="=NOK"' in page
    assert "12.00" in page


def test_a_mapping_that_cannot_be_read_is_shown_beside_its_field(browser: Client, files: Source):
    row = checked(files, ORDERS)
    typed = {"field_name": "", "field_time": "time", "time_zone": "Europe/Oslo", "properties_of": "colour"}
    answer = browser.post(f"{row.get_absolute_url()}check/", typed)
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
    assert "&quot;colour&quot; is not property=column." in answer.content.decode()
    assert again(row).state == ImportState.CHECKED


@pytest.mark.parametrize(
    ("content", "typed", "says"),
    [
        (b"PK\x03\x04" + b"\x00" * 40, {}, "save the sheet as CSV"),
        (b"", {}, "The submitted file is empty."),
        (ORDERS, {"source": "!!"}, "The source needs a name of letters or digits"),
        (ORDERS, {"source": ""}, "This field is required."),
        (ORDERS, {"host": "no host"}, "is not a host name"),
        (ORDERS, {"format": "xlsx"}, "Select a valid choice."),
    ],
    ids=["a spreadsheet", "empty", "no letters", "no source", "bad host", "unknown format"],
)
def test_an_upload_that_cannot_be_taken_is_answered_in_words(
    browser: Client, shop: Workspace, content: bytes, typed: dict[str, str], says: str
):
    answer = upload(browser, content, **typed)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    with scope.in_workspace(shop.pk):
        assert Import.objects.count() == 0
        assert Source.objects.count() == 0


def test_a_closed_source_takes_no_file(browser: Client, files: Source):
    with scope.in_workspace(files.workspace_id):
        Source.objects.update(closed_at=NOON)
    answer = upload(browser, source="files")
    assert answer.status_code == 422
    assert "The source Files is closed; choose another." in answer.content.decode()


def test_a_logs_own_host_is_asked_for_where_the_source_has_none(browser: Client, files: Source):
    row = checked(files, log_line("/a.png", referrer="https://shop.example/") + log_line("/a"), name="access.log")
    page = browser.get(row.get_absolute_url())
    assert "Most pictures are asked for by shop.example" in text(page)
    assert "pictures, styles and scripts 1" in text(page)
    assert "Which column is which field" not in text(page)


def test_hostile_cells_stay_texts(browser: Client, files: Source):
    hostile = b'name,time,"<img src=x onerror=alert(1)>"\n"<script>alert(1)</script>",2026-11-01T10:00:00Z,x\n,1,<b>\n'
    row = checked(files, hostile, name="<script>.csv")
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_list_asks_the_database_no_more_for_many_imports_than_for_one(browser: Client, files: Source):
    checked(files, ORDERS, name="0.csv")
    with CaptureQueriesContext(connection) as for_one:
        assert "0.csv" in text(browser.get(IMPORTS))
    for number in (1, 2):
        checked(files, ORDERS, name=f"{number}.csv")
    with CaptureQueriesContext(connection) as for_many:
        assert "2.csv" in text(browser.get(IMPORTS))
    assert len(for_many) <= len(for_one)


def test_a_file_of_another_workspace_is_not_found(browser: Client, outsider: Membership, upload_folder: Path):
    other = make_source(outsider.workspace, slug="theirs", kind=Kind.IMPORT)
    row = checked(other, FAULTY)
    for address in ("", "errors/"):
        assert browser.get(f"{IMPORTS}{row.pk}/{address}").status_code == 404
    assert browser.post(f"{IMPORTS}{row.pk}/apply/", {"good_rows_only": "True"}).status_code == 404
    assert [path.name for path in upload_folder.iterdir()] == [str(outsider.workspace_id)]


def test_a_file_that_replaces_its_days_says_what_goes_and_can_be_told_to_be_a_part(browser: Client, files: Source):
    applied(files, lines(*DAY), name="events_20261120.json")
    row = checked(files, lines(DAY[0]), name="events_20261120.json")
    page = text(browser.get(row.get_absolute_url()))
    assert "3 events that were imported of these days are not in the file; an import would remove them." in page
    assert "an import would change nothing" not in page
    assert browser.post(f"{row.get_absolute_url()}check/", {"is_part": "on"}).status_code == 302
    importing.check(row.workspace_id, row.pk, now=NOON)
    row = again(row)
    assert (found(row).removed, row.mapping["is_part"]) == (0, True)
    assert "an import would change nothing" in text(browser.get(row.get_absolute_url()))
    done = applied(files, lines(DAY[0]), name="events_20261120.json")
    assert "3 events of these days were not in the file and were removed." in text(browser.get(done.get_absolute_url()))
