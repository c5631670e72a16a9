"""Schedules of the shared shop, and what their mails say."""

import re
from collections.abc import Sequence
from datetime import date
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from html import unescape
from typing import Any

from django.core import mail

from reports.mailed import due, schedules, sending
from reports.mailed.clock import Rhythm
from reports.mailed.tables import MOST_ROWS
from reports.models import Cadence, Delivery, Schedule
from reports.sharing.registry import REPORTS
from tests.reports.lake import NOW
from tests.reports.sharing.asks import RANGE
from workspaces import scope
from workspaces.models import Membership

ADDRESS = "board@example.org"
TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)


def make_schedule(by: Membership, report: str = "goal", params: dict[str, str] | None = None, **wish: Any) -> Schedule:
    """Schedule a report as its page would: daily at 13:00 in Oslo, which is NOW; first due tomorrow."""
    with scope.in_workspace(by.workspace_id):
        asked = {"goal": "sale", **RANGE} | (params or {})
        inquiry = REPORTS[report].ask(by.workspace, asked, NOW)
        known = {
            "report": report, "params": inquiry.kept, "title": "The board", "language": "en",
            "rhythm": Rhythm(Cadence.DAILY, hour=13), "members": [by.pk], "addresses": [ADDRESS],
        }  # fmt: skip
        return schedules.make(schedules.Wish(**known | wish), by=by, now=NOW)


def try_out(row: Schedule, by: Membership) -> EmailMessage:
    """Have a test mailed; give it as a mail program reads it."""
    with scope.in_workspace(row.workspace_id):
        schedules.try_now(row, by=by, now=NOW)
    assert sending.send_due(row.workspace_id, now=NOW) == 1
    return parsed(mail.outbox[-1])


def run(row: Schedule, at: Any) -> int:
    """Do what a worker does at a moment; give how many mails went."""
    due.make_deliveries(row.workspace_id, now=at)
    return sending.send_due(row.workspace_id, now=at)


def deliveries(row: Schedule) -> list[Delivery]:
    """Give the schedule's mails, the oldest first."""
    with scope.in_workspace(row.workspace_id):
        return list(Delivery.objects.filter(schedule=row).order_by("due_at", "pk"))


def state_of(row: Schedule) -> Schedule:
    """Read the schedule anew."""
    with scope.in_workspace(row.workspace_id):
        return Schedule.objects.get(pk=row.pk)


def parsed(sent: Any) -> EmailMessage:
    """Read a mail of the outbox from its bytes."""
    found: Message = BytesParser(policy=default).parsebytes(sent.message().as_bytes())
    assert isinstance(found, EmailMessage)
    return found


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(letter: EmailMessage) -> str:
    body = letter.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def told_of(rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """Give the rows of a file that a mail has room for: of periods that are over, of days the newest, 40 at most."""
    head, *lines = rows
    if "Period is over" in head:
        lines = [line for line in lines if line[list(head).index("Period is over")] == "yes"]
    is_of_days = bool(lines) and isinstance(lines[0][0], date)
    return lines[-MOST_ROWS:] if is_of_days else lines[:MOST_ROWS]


def tables_of(html: str) -> list[list[list[str]]]:
    """Give the cells of each table, row by row."""
    return [
        [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in CELL.findall(row)] for row in ROW.findall(table)]
        for table in TABLE.findall(html)
    ]
