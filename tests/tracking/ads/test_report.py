"""Reports of ad platforms: each row a day's costs, a sum that is left out, or an error with its column."""

import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.ads.reports import GOOGLE, GOOGLE_NORWEGIAN, LINKEDIN, META, MICROSOFT, PINTEREST, TIKTOK
from tests.tracking.importers import ORDERS
from tracking.ads import cells
from tracking.ads.report import Asked, LeftOut, Outcome, Report, Spend, looks_like_one, read, settle
from tracking.ads.words import Field, Platform, key_of
from tracking.import_file import UnreadableFileError
from tracking.imports import reading
from tracking.models import Format
from tracking.tabular_rows import RowError


def opened(content: str | bytes, **asked: object) -> tuple[Report, list[Outcome]]:
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    report = settle(stream, Asked(**{"own": {}} | asked))  # type: ignore[arg-type]  # tests name what there is
    return report, list(read(stream, report))


def spends(content: str | bytes, **asked: object) -> list[Spend]:
    report, outcomes = opened(content, **asked)
    assert report.faults == ()
    return [each for each in outcomes if isinstance(each, Spend)]


def test_google_has_titles_above_totals_below_and_dashes_for_nothing():
    report, outcomes = opened(GOOGLE)
    assert (report.platform, report.has_decimal_comma) == (Platform.GOOGLE, False)
    first, second, third, *rest = outcomes
    assert first == Spend(
        line=4,
        day=date(2026, 11, 20),
        account="",
        campaign="Brand",
        campaign_id="111",
        ad_group="Exact",
        ad_group_id="",
        currency="NOK",
        cost_micros=1_234_500_000,
        impressions=12_345,
        clicks=210,
        conversions=Decimal("4.50"),
        conversion_micros=2_250_000_000,
    )
    assert isinstance(second, Spend)
    assert (second.conversions, second.conversion_micros) == (None, None)
    assert isinstance(third, Spend)
    assert third.cost_micros == 0
    assert rest == [LeftOut(7, "total_row"), LeftOut(8, "total_row")]


def test_a_norwegian_export_says_the_same():
    english, norwegian = spends(GOOGLE)[:2], spends(GOOGLE_NORWEGIAN)
    facts = ("day", "campaign_id", "currency", "cost_micros", "impressions", "clicks", "conversions")
    assert [[getattr(each, fact) for fact in facts] for each in norwegian] == [
        [getattr(each, fact) for fact in facts] for each in english
    ]


@pytest.mark.parametrize(
    ("content", "platform", "expected"),
    [
        (META, Platform.META, ["Winter 200100000 6100 60 7 EUR", "Winter 105000000 3000 35 None EUR"]),
        (
            LINKEDIN,
            Platform.LINKEDIN,
            ["Decision makers 55500000 2000 12 1 EUR", "Decision makers 44250000 1800 9 0 EUR"],
        ),
        (b"\xff\xfe" + LINKEDIN, Platform.LINKEDIN, None),
        (MICROSOFT, Platform.MICROSOFT, ["Search NO 321090000 1000 40 2 NOK"]),
        (PINTEREST, Platform.PINTEREST, ["Tea 12340000 4000 31 2 NOK"]),
        (TIKTOK, Platform.TIKTOK, ["Young 99990000 20000 150 3 EUR", "Young 0 0 0 0 EUR"]),
    ],
    ids=["meta", "linkedin", "linkedin with its mark", "microsoft", "pinterest", "tiktok"],
)
def test_each_platforms_report_is_known_and_read(content: str | bytes, platform: Platform, expected: list[str] | None):
    report, outcomes = opened(content, currency="NOK")
    assert (report.platform, report.faults) == (platform, ())
    assert not [each for each in outcomes if isinstance(each, RowError)]
    found = [
        f"{each.campaign} {each.cost_micros} {each.impressions} {each.clicks} {each.conversions} {each.currency}"
        for each in outcomes
        if isinstance(each, Spend)
    ]
    assert found == expected if expected is not None else found
    assert looks_like_one(io.BytesIO(content.encode() if isinstance(content, str) else content))


def test_what_is_missing_is_said_with_what_to_do():
    assert opened(PINTEREST)[0].faults == ("the report names no currency; say which the account has",)
    without_days = GOOGLE.replace("Day,", "Week,")
    assert opened(without_days)[0].faults == ("the report has no column of days; make the report by day",)
    assert "headers that are known" in opened("a,b\n1,2\n")[0].faults[0]


def test_a_word_of_the_workspaces_own_names_a_column():
    content = GOOGLE.replace("Cost,", "Forbruk inkl. mva,")
    assert opened(content)[0].faults == ("the report has no column of costs",)
    assert spends(content, own={key_of("FORBRUK inkl. mva"): Field.COST})[0].cost_micros == 1_234_500_000


def test_days_that_can_be_read_in_two_ways_are_asked_for():
    content = GOOGLE.replace("2026-11-20", "3/4/2026").replace("2026-11-21", "4/4/2026")
    assert "two ways" in opened(content)[0].faults[0]
    assert spends(content, day_format="%d/%m/%Y")[0].day == date(2026, 4, 3)
    assert spends(content.replace("4/4/2026", "4/13/2026"))[0].day == date(2026, 3, 4)


def test_rows_of_several_days_and_cells_that_are_none_are_errors_with_their_column():
    _, (whole, *_rest) = opened(
        META.replace("2026-11-20,2026-11-20", "2026-11-01,2026-11-20").replace(",,305.1", "X,,305.1")
    )
    assert isinstance(whole, RowError)
    assert (whole.code, whole.column) == ("not_one_day", "Reporting starts")
    _, outcomes = opened(GOOGLE.replace("100.25", "1OO.25").replace("2026-11-21", "yesterday"))
    errors = [(each.line, each.column, each.code) for each in outcomes if isinstance(each, RowError)]
    assert errors == [(5, "Cost", "amount_format"), (6, "Day", "time_format")]


def test_the_file_is_told_from_events():
    assert reading.detect(io.BytesIO(GOOGLE.encode())) == Format.AD_REPORT
    assert reading.detect(io.BytesIO(LINKEDIN)) == Format.AD_REPORT
    assert reading.detect(io.BytesIO(ORDERS)) == Format.CSV


@pytest.mark.parametrize(
    ("cell", "comma", "number"),
    [
        ("1,234.50", False, "1234.50"),
        ("1 234,50", True, "1234.50"),
        ("1.234", True, "1234"),
        ("kr 12,5", True, "12.5"),
        ("12.50 €", False, "12.50"),
        ("--", False, None),
        ("", True, None),
    ],
)
def test_amounts_are_read_in_the_files_own_way(cell: str, comma: bool, number: str | None):
    found = cells.number_of(cell, has_decimal_comma=comma)
    assert found == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    "cell", ["2026-11-20", "20.11.2026", "20. november 2026", "Nov 20, 2026", "20 nov. 2026", "20261120"]
)
def test_a_day_is_read_as_it_is_written(cell: str):
    assert cells.day_of(cell, written=cells.ISO) == date(2026, 11, 20)


HEADER = "Day,Campaign,Campaign ID,Currency code,Cost,Impr.,Clicks\n"


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_give_rows_or_reasons(content: bytes, with_header: bool):
    try:
        report, outcomes = opened(HEADER.encode() + content if with_header else content)
    except UnreadableFileError:
        return
    assert report.faults or all(isinstance(each, Outcome) for each in outcomes)


@given(
    st.lists(
        st.sampled_from(["2026-11-20", "x", "", "--", "1e9", "-5", "9" * 30, "Total:", "NOK", "١٢", "\x00", "1,5"]),
        max_size=8,
    )
)
def test_any_cells_give_a_row_or_a_reason(row: list[str]):
    _, outcomes = opened(HEADER + "2026-11-20,a,1,NOK,1.50,1,1\n" + ";".join(row).replace(";", ",") + "\n")
    assert all(isinstance(each, Outcome) for each in outcomes)
