"""A mail's words, figures, drawing and files are those of the report's own answer."""

import io
import struct
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation
from openpyxl import load_workbook

from goals.models import Goal
from reports.evidence.design import Design
from reports.mailed import paper
from reports.mailed.edition import edition_of
from reports.snapshots.recording import record as record_of
from reports.snapshots.showing import text_of as written
from tests.reports.asks import csv_rows
from tests.reports.evidence.asks import make_goals, weighed
from tests.reports.evidence.test_page import hits
from tests.reports.lake import NOW
from tests.reports.mailed.asks import ADDRESS, html_of, make_schedule, run, tables_of, text_of, told_of, try_out
from tests.reports.sharing.asks import RANGE, open_shop
from workspaces import scope
from workspaces.languages import choices
from workspaces.models import Membership, Workspace

BASE = "/w/fjellsport"
PARAMS = {"goal": "sale", "by": "campaign", **RANGE}
FILES = {  # each report's files, in the order of its tables
    "overview": [f"{BASE}/kpis"],
    "goal": [f"{BASE}/kpis", f"{BASE}/goals/sale/breakdown", f"{BASE}/goals/sale/trend"],
    "attribution": [f"{BASE}/attribution"],
    "insights": [f"{BASE}/insights/{table}" for table in ("figures", "split", "trend", "activity", "content")],
    "funnel": [f"{BASE}/funnels", f"{BASE}/funnels/trend"],
    "paths": [f"{BASE}/paths", f"{BASE}/paths/moves"],
    "cohorts": [f"{BASE}/cohorts"],
    "explore": [f"{BASE}/explore"],
}


@pytest.fixture
def sale(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> Goal:
    monkeypatch.setattr(timezone, "now", lambda: NOW)  # what is expected to date grows between two requests
    return open_shop(shop)


@pytest.mark.parametrize("report", FILES)
def test_the_figures_are_those_of_the_report_cell_by_cell(
    client: Client, sale: Goal, lead: Membership, report: str
) -> None:
    row = make_schedule(lead, report, PARAMS)
    html = html_of(letter := try_out(row, lead))
    text = text_of(letter)
    with scope.in_workspace(lead.workspace_id):
        record = record_of(report, lead.workspace, row.params, NOW)
    client.force_login(lead.user)
    shown = tables_of(html)
    assert len(shown) == len(FILES[report]) == len(record.sheets), "needs tables"
    for table, sheet, file in zip(shown, record.sheets, FILES[report], strict=True):
        exported = csv_rows(client.get(f"{file}.csv", PARAMS).content)
        assert exported[0] == [str(name) for name in sheet.rows[0]], "the record is the page's own answer"
        places = [exported[0].index(name) for name in table[0]]
        lines = [line for line in told_of(sheet.rows) if len(line) > 1]  # a row of one cell is a note below the table
        expected = [[written(line[place]) for place in places] for line in lines]
        assert table[1:] == expected
        assert len(expected) >= 1, "needs rows"
        for line in table[1:]:
            for cell in line:
                assert " ".join(cell.split()) in text, cell
    for sentence in record.sentences:
        assert sentence in text


def test_evidence_says_what_a_shared_link_shows_and_no_more(shop: Workspace, lead: Membership) -> None:
    weighed(shop, make_goals(shop, "guide", "filter"), hits(), Design(1, 7, 90))
    params = {"goal": "sale", "landmark": "1", "follow": "7", "past": "90"}
    row = make_schedule(lead, "evidence", params, with_xlsx=True)
    letter = try_out(row, lead)
    with scope.in_workspace(shop.pk):
        record = record_of("evidence", shop, row.params, NOW)
    assert "wishlist" in str(record.sheets), "needs something that no goal counts"
    (table,) = tables_of(html_of(letter))
    assert [line[0] for line in table[1:]] == [line[0] for line in record.sheets[0].rows[1:] if line[1]]
    books = [load_workbook(io.BytesIO(part.get_content())) for part in letter.iter_attachments() if part.get_filename()]
    assert books
    cells = [str(cell.value) for book in books for cell in book.worksheets[0]["A"]]
    assert not any("wishlist" in said for said in (text_of(letter), html_of(letter), *cells))


def test_the_workbooks_are_those_of_the_export(client: Client, sale: Goal, lead: Membership) -> None:
    row = make_schedule(lead, "goal", PARAMS, with_xlsx=True)
    letter = try_out(row, lead)
    client.force_login(lead.user)
    files = {part.get_filename(): part.get_content() for part in letter.iter_attachments() if part.get_filename()}
    assert list(files) == ["the-board-kpis.xlsx", "the-board-breakdown.xlsx", "the-board-trend.xlsx"]
    for content, path in zip(files.values(), FILES["goal"], strict=True):
        exported = load_workbook(io.BytesIO(client.get(f"{path}.xlsx", PARAMS).content)).worksheets[0]
        mailed = load_workbook(io.BytesIO(content)).worksheets[0]
        assert list(mailed.values) == list(exported.values)
        assert mailed.max_row >= 2, "needs rows"


def test_the_pdf_is_set_from_the_same_tables_and_says_nothing_else(sale: Goal, lead: Membership) -> None:
    row = make_schedule(lead, "goal", PARAMS, with_pdf=True)
    letter = try_out(row, lead)
    (made,) = (part for part in letter.iter_attachments() if part.get_content_type() == "application/pdf")
    assert made.get_filename() == "the-board.pdf"
    assert made.get_content().startswith(b"%PDF-")
    with translation.override("en"):
        edition = edition_of(row, "en", at=NOW, now=NOW)
        told = paper.told_of(edition)
        assert made.get_content() == paper.pdf_of(edition), "the same edition is the same bytes"
    tables = [[table["head"], *table["rows"]] for table in told["tables"]]
    assert tables == tables_of(html_of(letter))
    assert told["sentences"] == list(edition.record.sentences)


def test_one_drawing_stands_in_the_mail_and_says_its_figures(sale: Goal, lead: Membership) -> None:
    letter = try_out(make_schedule(lead, "goal", PARAMS), lead)
    html = html_of(letter)
    (image,) = (part for part in letter.walk() if part.get_content_type() == "image/png")
    assert letter.get_content_type() == "multipart/related"
    assert (image["Content-ID"], image.get_content_disposition()) == ("<trend>", "inline")
    assert html.count("<img") == html.count('src="cid:trend"') == 1
    width, _height = struct.unpack(">II", image.get_content()[16:24])
    assert width >= 1000, "drawn for dense screens"
    (alt,) = [line for line in html.splitlines() if "<img" in line]
    trend = tables_of(html)[-1]
    figures = [int(line[1]) for line in trend[1:]]
    assert f"Lowest: {min(figures)} from" in alt
    assert f"Highest: {max(figures)} from" in alt


def test_nothing_of_the_mail_is_fetched_from_anywhere(sale: Goal, lead: Membership) -> None:
    html = html_of(try_out(make_schedule(lead, "goal", PARAMS), lead))
    for sign in ('src="http', "url(", "<link", "<script", "<style", "@import", "background="):
        assert sign not in html, sign


@pytest.mark.parametrize("code", [code for code, _name in choices()])
def test_a_member_reads_their_language_and_others_the_schedules(sale: Goal, lead: Membership, code: str) -> None:
    lead.user.language = code
    lead.user.save(update_fields=["language"])
    other = "sv" if code != "sv" else "nb"
    row = make_schedule(lead, "goal", PARAMS, language=other)
    with scope.in_workspace(row.workspace_id):
        type(row).objects.filter(pk=row.pk).update(due_on=NOW.date())
    assert run(row, NOW) == 2
    by_address = {sent.to[0]: sent for sent in mail.outbox}
    for address, language in ((lead.user.email, code), (ADDRESS, other)):
        sent = by_address[address]
        html = str(sent.alternatives[0][0])
        with translation.override(language):
            method = translation.gettext("How is this computed?")
        assert f'<html lang="{language}">' in html
        assert method in html
        assert method in str(sent.body)


def test_members_get_the_way_to_the_report_and_others_the_way_out(sale: Goal, lead: Membership) -> None:
    row = make_schedule(lead, "goal", PARAMS)
    with scope.in_workspace(row.workspace_id):
        type(row).objects.filter(pk=row.pk).update(due_on=NOW.date())
    assert run(row, NOW) == 2
    by_address = {sent.to[0]: sent for sent in mail.outbox}
    member, other = (f"{by_address[to].body}{by_address[to].alternatives[0][0]}" for to in (lead.user.email, ADDRESS))
    assert "/w/fjellsport/goals/sale/?" in member
    assert "/w/" not in other
    for sent in mail.outbox:
        headers: dict[str, Any] = sent.extra_headers
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Unsubscribe"].strip("<>") in str(sent.body)
        assert headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("report", ["goal", "attribution", "insights", "paths", "explore"])
def test_what_people_and_events_wrote_stays_text(sale: Goal, lead: Membership, report: str) -> None:
    title = "Board\r\nBcc: victim@example.com <script>alert(1)</script>"
    row = make_schedule(lead, report, PARAMS, title=title, with_xlsx=True, with_pdf=True)
    letter = try_out(row, lead)
    html, text = html_of(letter), text_of(letter)
    assert letter["Bcc"] is None
    assert letter["Subject"].startswith("Test: Board Bcc: victim@example.com <script>")
    assert mail.outbox[-1].recipients() == [lead.user.email]
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<b>per</b>" not in html
    assert "=1+1" in text, "needs a campaign that would be a formula"
    for part in letter.iter_attachments():
        if str(part.get_filename()).endswith(".xlsx"):
            book = load_workbook(io.BytesIO(part.get_content()))
            assert not [cell for line in book.worksheets[0] for cell in line if cell.data_type == "f"]


def test_markup_of_the_typesetter_is_not_read_as_such(sale: Goal, lead: Membership) -> None:
    row = make_schedule(lead, "goal", PARAMS, title='#panic("x") *bold* $x$ @ref `raw` \\')
    with translation.override("en"):
        edition = edition_of(row, "en", at=NOW, now=NOW)
        assert paper.pdf_of(edition).startswith(b"%PDF-")
