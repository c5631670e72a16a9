"""A report of costs takes the place of its own days and campaigns, and nothing is counted twice."""

import pytest

from tests.tracking.ads.reports import GOOGLE, GOOGLE_NORWEGIAN, META, PINTEREST
from tests.tracking.importers import applied, checked, found
from tests.tracking.makers import NOON, make_source
from tracking import importing
from tracking.imports.running import CannotBeRead, HasErrors
from tracking.models import AdCost, AdWord, ImportState, Kind, Source
from workspaces import scope
from workspaces.models import AuditEntry, Workspace


@pytest.fixture
def ads(shop: Workspace) -> Source:
    return make_source(shop, slug="google-ads", kind=Kind.IMPORT, currency="NOK")


def costs(source: Source) -> list[str]:
    with scope.in_workspace(source.workspace_id):
        rows = AdCost.objects.order_by("day", "campaign", "ad_group")
        return [f"{row.day} {row.campaign}/{row.ad_group} {row.cost_micros} {row.impressions}" for row in rows]


THREE = [
    "2026-11-20 Brand/Exact 1234500000 12345",
    "2026-11-20 Brand/Phrase 100250000 900",
    "2026-11-21 Shoes/Exact 0 15",
]


def test_a_report_is_checked_stored_and_the_second_time_changes_nothing(ads: Source):
    seen = found(checked(ads, GOOGLE.encode(), name="report.csv"))
    assert (seen.rows, seen.new, seen.left_out, seen.rejected) == (5, 3, 2, 0)
    assert costs(ads) == []
    row = applied(ads, GOOGLE.encode(), name="report.csv")
    assert (row.state, found(row).new) == (ImportState.DONE, 3)
    assert costs(ads) == THREE
    again = found(applied(ads, GOOGLE.encode(), name="report.csv"))
    assert (again.new, again.changed, again.removed, again.duplicates) == (0, 0, 0, 3)
    assert (costs(ads), again.imported_before) == (THREE, NOON)
    with scope.in_workspace(ads.workspace_id):
        entry = AuditEntry.objects.filter(act="imported", subject_id=str(row.pk)).get()
        assert entry.after == {"new": 3, "already there": 0, "rejected": 0, "changed": 0, "removed": 0}
        assert set(AdCost.objects.values_list("import_row", flat=True)) == {row.pk}


def test_a_newer_report_changes_its_days_and_campaigns_and_no_others(ads: Source):
    applied(ads, GOOGLE.encode())
    newer = (
        "Day,Campaign,Campaign ID,Ad group,Currency code,Cost,Impr.,Clicks\n2026-11-20,Brand,111,Exact,NOK,7.00,9,1\n"
    )
    done = found(applied(ads, newer.encode()))
    assert (done.new, done.changed, done.removed) == (1, 1, 1)
    assert costs(ads) == ["2026-11-20 Brand/Exact 7000000 9", THREE[2]]


def test_a_report_by_campaign_after_one_by_ad_group_counts_nothing_twice(ads: Source):
    applied(ads, GOOGLE.encode())
    by_campaign = "Day,Campaign,Currency code,Cost,Impr.,Clicks\n2026-11-20,brand,NOK,1334.75,13245,221\n"
    done = found(applied(ads, by_campaign.encode()))
    assert (done.new, done.removed) == (1, 2)
    assert costs(ads) == [THREE[2], "2026-11-20 brand/ 1334750000 13245"][::-1]


def test_rows_of_one_ad_group_are_added_up(ads: Source):
    by_device = "Day,Campaign,Device,Currency code,Cost,Impr.,Clicks\n"
    by_device += "2026-11-20,Brand,Mobile,NOK,1.10,5,1\n2026-11-20,Brand,Desktop,NOK,2.20,6,1\n"
    applied(ads, by_device.encode())
    assert costs(ads) == ["2026-11-20 Brand/ 3300000 11"]


def test_two_platforms_with_a_campaign_of_one_name_stay_apart(ads: Source):
    applied(ads, GOOGLE.replace("Brand", "Winter").encode())
    done = found(applied(ads, META.encode(), name="meta.csv"))
    assert (done.new, done.removed) == (2, 0)
    assert len(costs(ads)) == 5


def test_a_report_without_currency_takes_the_sources(ads: Source, shop: Workspace):
    applied(ads, PINTEREST.encode())
    with scope.in_workspace(ads.workspace_id):
        assert AdCost.objects.get().currency == "NOK"
    other = make_source(shop, slug="pins", kind=Kind.IMPORT)
    row = checked(other, PINTEREST.encode())
    assert found(row).faults == ["the report names no currency; say which the account has"]
    with scope.in_workspace(ads.workspace_id), pytest.raises(CannotBeRead):
        importing.order(row, good_rows_only=True, by="system", now=NOON)


def test_rows_with_errors_keep_the_others_out_unless_asked(ads: Source):
    broken = GOOGLE.replace("100.25", "much").encode()
    row = checked(ads, broken)
    with scope.in_workspace(ads.workspace_id), pytest.raises(HasErrors):
        importing.order(row, good_rows_only=False, by="system", now=NOON)
    applied(ads, broken, good_rows_only=True)
    assert costs(ads) == [THREE[0], THREE[2]]


def test_a_word_that_the_workspace_added_is_understood(ads: Source):
    strange = GOOGLE_NORWEGIAN.replace("Kostnad", "Mediekost").encode()
    assert found(checked(ads, strange)).faults == ["the report has no column of costs"]
    with scope.in_workspace(ads.workspace_id):
        AdWord.objects.create(workspace=ads.workspace, header="Mediekost", key="mediekost", field="cost")
    assert found(applied(ads, strange)).new == 2
