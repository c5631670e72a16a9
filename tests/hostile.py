"""A shop whose visitors and members write markup and formulas wherever they can, and readers that find where it acts.

What is planted would be an element named `x-planted` where a page took it for markup, and a formula where a spreadsheet
did; its `id` says which field it came in.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from goals.models import (
    Comment,
    Goal,
    Objective,
    Parameter,
    PlanFile,
    Proposal,
    Question,
    Support,
    TrackingSpec,
)
from goals.models.file import FileState
from goals.models.proposal import Lane
from reports import filling
from reports.models import FillState
from tests.builders import noon
from tests.reports.lake import make_goal
from tests.reports.views.test_pages import make_kpi
from tests.tracking.makers import make_source
from tracking.derive import derive
from tracking.lake.writer import drain
from tracking.models import Import, Kind, Source
from tracking.models.imports import ImportState
from workspaces import scope
from workspaces.models import Membership, Workspace

ELEMENT = "x-planted"
LEADS = frozenset({"href", "src", "action", "formaction", "hx-get", "hx-post", "xlink:href", "data", "srcdoc"})
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
DAYS = range(2, 9)  # ago, on which people came

# What members write, by model: every field of free text that is not read by a program. What is kept as it was signed or
# recorded is written by the acts that keep it.
WRITTEN: Mapping[str, Sequence[str]] = {
    "reports.Alert": ["name", "made_by"],
    "reports.Annotation": ["text", "author"],
    "reports.CalculatedMetric": ["name", "description"],
    "reports.CohortTable": ["name"],
    "reports.Exploration": ["name"],
    "reports.Flow": ["name"],
    "reports.Funnel": ["name"],
    "reports.Run": ["fault"],
    "reports.FillState": ["fault"],
    "reports.Schedule": ["title"],
    "reports.Delivery": ["detail"],
    "reports.Segment": ["name", "description"],
    "reports.SharedLink": ["name"],
    "goals.Plan": ["name", "about", "naming_rule", "approval_rule"],
    "goals.Objective": ["name", "why", "department", "horizon"],
    "goals.Question": ["text", "asker", "decision"],
    "goals.Segment": ["name", "about", "decision"],
    "goals.Reporting": ["audience", "report", "recipients"],
    "goals.PlanFile": ["file_name", "fault"],
    "goals.Goal": ["name", "rationale", "moment", "department"],
    "goals.GoalVersion": ["made_by"],
    "goals.Kpi": ["name", "department", "data_source"],
    "goals.Target": ["approved_by"],
    "goals.Proposal": ["author_name", "department", "name", "moment", "rationale", "decided_by_name", "reason"],
    "goals.Comment": ["author_name", "text"],
    "goals.TrackingSpec": ["event_name", "about", "place", "ticket", "evidence"],
    "goals.Parameter": ["name", "about"],
    "tracking.Source": ["name"],
    "tracking.Import": ["file_name", "fault"],
    "tracking.AdWord": ["header"],
    "tracking.PlannedEvent": ["name"],
    "tracking.Erasure": ["name", "by_name"],
    "workspaces.Workspace": ["name"],
    "workspaces.Membership": ["department"],
    "workspaces.Invitation": ["department"],
    "workspaces.Notification": ["title", "text"],
    "workspaces.ApiToken": ["name"],
    "workspaces.User": ["name"],
}


def planted(field: str) -> str:
    """Give what closes a text, a script and an attribute, opens an element, and is a formula; of 64 letters at most."""
    return f"""=1+1"'></script><{ELEMENT} id={field}>"""


def open_shop(shop: Workspace) -> Source:
    """Take hostile events in at the door and bring them to the reports; two goals, one with a KPI."""
    sale = make_goal(shop)
    looked = make_goal(shop, "Looked", event=planted("name"), level="micro", value_rule="none")
    with scope.in_workspace(shop.pk):
        Support.objects.create(workspace=shop, micro=looked, macro=sale)
    make_kpi(sale, "Sales", target=40)
    source = make_source(shop, slug="till", kind=Kind.SERVER)
    answer = Client().post(
        "/api/v1/collect/batch",
        json.dumps(list(events(shop))).encode(),
        content_type="application/json",
        headers={"X-Write-Key": source.write_key},
    )
    told = answer.json()
    assert (answer.status_code, told["rejected"]) == (202, 2), told
    now = timezone.now()
    drain(shop.pk, now)
    derive(shop.pk, now)
    filling.fill(shop.pk, now=now)
    return source


def events(shop: Workspace) -> Iterator[dict[str, Any]]:
    """Give people who come by a campaign, see an ad, look and buy, all they send planted; and what is refused."""
    for days in DAYS:
        at, n = noon(shop, days_ago=days), f"{days}"
        who = {"visitor_id": planted(f"visitor-{n}"), "user_id": planted(f"user-{n}"), "session_id": planted("session")}
        came = {f"utm_{name}": planted(name) for name in ("source", "medium", "campaign", "content", "term", "id")}
        page = {
            "url": f"https://shop.example/{planted('path')}", "title": planted("title"),
            "referrer": f"https://news.example/{planted('referrer')}", "language": planted("language"),
            "device": planted("device"), "user_agent": planted("agent"), "consent": {"analytics": True, "ads": True},
        }  # fmt: skip
        told = {"account": planted("account"), "format": planted("format"), planted("key"): planted("property")}
        sold = {
            "value": 100, "currency": "NOK", "transaction_id": planted(f"sale-{n}"),
            "items": [{"item_id": planted("item"), "item_name": planted("item-name")}],
        }  # fmt: skip
        every = {"page_view": came | page, planted("name"): page, "ad_impression": came, "purchase": page | sold}
        for minutes, (name, fields) in enumerate(every.items()):
            known = {"name": name, "event_id": f"{n}-{minutes}", "properties": told, **who}
            yield known | fields | {"time": _at(at, minutes)}
        other = {
            "name": "page_view",
            "event_id": planted(f"event-{n}"),
            "time": _at(at, -90),
            "gclid": planted("click"),
        }
        yield other | {
            "visitor_id": f"other-{n}",
            "url": f"https://{ELEMENT}.example/",
            "referrer": "javascript:alert(1)",
        }
    yield {"name": planted("refused") * 5, "event_id": "long"}
    yield {"name": planted("late"), "event_id": planted("late"), "time": planted("time")}


def _at(moment: datetime, minutes: int) -> str:
    return (moment + timedelta(minutes=minutes)).isoformat()


def bring_on(owner: Membership) -> None:
    """Put what the shop holds into the states that show a text: talked over, declined, failed, asked about."""
    now, mine = timezone.now(), {"workspace": owner.workspace}
    with scope.in_workspace(owner.workspace_id):
        for proposal in Proposal.objects.all():
            Comment.objects.create(**mine, proposal=proposal, author=owner, author_name="Kari", text="Why?", at=now)
        Proposal.objects.update(
            lane=Lane.DECLINED, decided_by=owner, decided_by_name="Kari", decided_at=now, reason="No"
        )
        for spec in TrackingSpec.objects.all():
            Parameter.objects.create(**mine, spec=spec, name="size")
        for n, aim in enumerate(Objective.objects.all()):
            Question.objects.create(**mine, objective=aim, slug=f"asked-{n}", text="Who?")
        PlanFile.objects.update(state=FileState.FAILED, fault="No")
        Import.objects.update(state=ImportState.FAILED, fault="No")
        for goal in Goal.objects.filter(fill=None):
            failed = {"failed_at": now, "failed_definition_at": goal.changed_at, "fault": "No"}
            FillState.objects.create(**mine, goal=goal, **failed)


def write_everywhere(shop: Workspace) -> None:
    """Put it into every text that the shop's members have written."""
    with scope.in_workspace(shop.pk):
        for label, fields in WRITTEN.items():
            for row in apps.get_model(label).objects.all():
                texts = {name: planted(f"{label}.{name}.{row.pk}".lower()) for name in fields}
                lengths = {name: row._meta.get_field(name).max_length for name in fields}
                type(row).objects.filter(pk=row.pk).update(**{n: text[: lengths[n]] for n, text in texts.items()})


class _Markup(HTMLParser):
    """Reads a page as a browser does; keeps what acts, and what stands there as text."""

    def __init__(self) -> None:
        super().__init__()
        self.acting: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ELEMENT in tag:
            self.acting.append(f"<{tag} {attrs}>")
        for name, value in attrs:
            self.texts.append(value or "")
            if name.startswith(("on", "hx-on")) or ELEMENT in name or '"' in name or "'" in name:
                self.acting.append(f"<{tag} {name}={value!r}>")
            if name in LEADS and (value or "").strip().lower().startswith(("javascript:", "data:text", "vbscript:")):
                self.acting.append(f"<{tag} {name}={value!r}>")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def wrong_in_page(page: str) -> list[str]:
    """Give what of it acts in a page, and what is escaped twice, so that people read entities."""
    reader = _Markup()
    reader.feed(page)
    return reader.acting + [text.strip()[:200] for text in reader.texts if f"&lt;{ELEMENT}" in text]


def wrong_in_rows(rows: Iterable[Sequence[str]]) -> list[str]:
    """Give the cells that a spreadsheet would compute."""
    return [cell for row in rows for cell in row if cell.startswith(STARTS_A_FORMULA) and not _is_number(cell)]


def wrong_in_csv(body: bytes) -> list[str]:
    text = body.decode("utf-8-sig")
    return wrong_in_rows(csv.reader(io.StringIO(text))) + wrong_in_rows(csv.reader(io.StringIO(text), delimiter=";"))


def wrong_in_workbook(body: bytes) -> list[str]:
    """Give the cells that hold a formula or a link."""
    book = load_workbook(io.BytesIO(body))
    found = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    return [f"{cell.coordinate}: {cell.value}" for cell in found if cell.data_type == "f" or cell.hyperlink]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
