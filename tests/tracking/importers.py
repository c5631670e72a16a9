"""Files to import, and an import's way from upload to lake, for tests."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tests.tracking.makers import NOON
from tracking import importing
from tracking.derive import derive
from tracking.imports.findings import Findings
from tracking.imports.reading import Wish
from tracking.lake.writer import drain
from tracking.models import Import, Source
from workspaces import scope

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
ACCESS_LOG = SHARED / "access_log" / "access.log.gz"
SNOWPLOW = SHARED / "snowplow_events" / "events.csv.gz"

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"

ORDERS = b"""name,time,visitor_id,order_id,revenue,currency
purchase,2026-11-01T10:00:00Z,ann,1001,499.50,NOK
purchase,2026-11-01T11:00:00Z,bob,1002,250.00,NOK
page_view,2026-11-01T09:00:00Z,ann,,,
"""
FAULTY = ORDERS + b"purchase,2026-11-01T12:00:00Z,cy,1003,12.34.56,NOK\npurchase,yesterday,dee,1004,1,NOK\n"


def log_line(
    path: str = "/",
    *,
    ip: str = "203.0.113.9",
    at: datetime = datetime(2015, 5, 17, 10, 5, tzinfo=UTC),
    status: int = 200,
    referrer: str = "-",
    agent: str = CHROME,
) -> bytes:
    stamp = f"{at:%d}/May/{at:%Y:%H:%M:%S} +0000"
    return f'{ip} - - [{stamp}] "GET {path} HTTP/1.1" {status} 512 "{referrer}" "{agent}"\n'.encode()


def receive(source: Source, content: bytes | Iterable[bytes], *, name: str = "orders.csv", **said: object) -> Import:
    """Upload a file; `said` goes into its Wish, apart from format_name."""
    format_name = said.pop("format_name", None)
    chunks = [content] if isinstance(content, bytes) else content
    with scope.in_workspace(source.workspace_id):
        return importing.receive(
            source,
            chunks,
            name=name,
            format_name=format_name,  # type: ignore[arg-type]  # tests name what there is
            wish=Wish(**said),  # type: ignore[arg-type]
            by="system",
            now=NOON,
        )


def checked(source: Source, content: bytes, *, name: str = "orders.csv", **said: object) -> Import:
    """Upload a file and do its dry run."""
    row = receive(source, content, name=name, **said)
    importing.check(row.workspace_id, row.pk, now=NOON)
    return again(row)


def applied(
    source: Source, content: bytes, *, good_rows_only: bool = False, name: str = "orders.csv", **said: object
) -> Import:
    """Take a file all the way into the lake, and derive."""
    row = checked(source, content, name=name, **said)
    with scope.in_workspace(row.workspace_id):
        importing.order(row, good_rows_only=good_rows_only, by="system", now=NOON)
    importing.apply(row.workspace_id, row.pk, now=NOON)
    drain(row.workspace_id, NOON)
    derive(row.workspace_id, NOON)
    return again(row)


def again(row: Import) -> Import:
    """Read the row anew."""
    with scope.in_workspace(row.workspace_id):
        return Import.objects.select_related("source", "workspace").get(pk=row.pk)


def found(row: Import) -> Findings:
    return Findings.of(row.result)
