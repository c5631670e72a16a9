"""Daily costs of ads and histories that came by them, for tests."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.tracking.makers import NOON
from tracking.models import AdCost, Format, Import, Kind, Source
from workspaces import scope
from workspaces.models import Workspace

DAY = date(2026, 11, 3)


def imported(shop: Workspace, *rows: dict[str, Any]) -> Import:
    """Store daily costs as one import would; what a row does not say is usual."""
    with scope.in_workspace(shop.pk):
        source, _ = Source.objects.get_or_create(
            workspace=shop, slug="ads", defaults={"name": "Ads", "kind": Kind.IMPORT}
        )
        row = Import.objects.create(
            workspace=shop, source=source, file_name="ads.csv", size=1, format=Format.CSV, created_at=NOON
        )
        for number, given in enumerate(rows):
            known = {
                "day": DAY, "platform": "google_ads", "campaign": "", "campaign_id": "", "currency": "NOK",
                "cost": 0, "claimed": None, "worth": None,
            } | given  # fmt: skip
            claimed = known.pop("claimed")
            worth = known.pop("worth")
            AdCost.objects.create(
                workspace=shop, source=source, import_row=row, key=f"{row.pk}-{number}".encode().ljust(16),
                cost_micros=known.pop("cost") * 1_000_000, impressions=100, clicks=10,
                conversions=None if claimed is None else Decimal(claimed),
                conversion_micros=None if worth is None else worth * 1_000_000,
                **known,
            )  # fmt: skip
    return row
