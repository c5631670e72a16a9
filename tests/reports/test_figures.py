"""Figures are written as people read them: by language, never rounded into a falsehood."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from reports import figures

NBSP = "\u00a0"


def spaced(text: str) -> str:
    """Read a figure's unbreakable spaces as plain ones, so that the expected text is legible."""
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("value", "text", "exact"),
    [
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (10_000, "10k", "10,000"),
        (12_345, "12.3k", "12,345"),
        (999_400, "999k", "999,400"),
        (999_600, "1M", "999,600"),
        (3_420_000, "3.42M", "3,420,000"),
        (-15_500, "−15.5k", "−15,500"),
        (98.5, "98.5", "98.5"),
        (None, "n/a", "n/a"),
    ],
    ids=["zero", "four digits", "first short", "short", "before a million", "rounds to a million", "millions",
         "refunds", "attributed", "unknown"],
)  # fmt: skip
def test_a_count_is_short_with_the_exact_one_behind_it(value: float | None, text: str, exact: str) -> None:
    assert figures.count(value) == figures.Figure(text, exact)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (0.00039, "0.039 %"),
        (0.0042, "0.42 %"),
        (0.042, "4.2 %"),
        (0.04, "4.0 %"),
        (0.0996, "10 %"),
        (0.384, "38 %"),
        (0.9949, "99 %"),
        (0.9981, "99.8 %"),
        (0.99999, "99.9 %"),
        (1.0, "100 %"),
        (1.25, "125 %"),
        (None, "no visits yet"),
    ],
    ids=["none of them", "rare", "under one", "usual", "a zero that counts", "rounds to ten", "large", "below",
         "not all", "nearly all", "all", "more than all", "no visits"],
)  # fmt: skip
def test_a_rate_has_two_significant_digits_below_ten_per_cent(share: float | None, text: str) -> None:
    assert spaced(figures.percent(share).text) == text


def test_a_rate_without_a_denominator_names_what_is_missing() -> None:
    assert figures.percent(None, of="sessions").text == "no sessions yet"


def test_a_short_rate_gives_three_decimals_on_hover() -> None:
    assert spaced(figures.percent(412 / 15_118).exact) == "2.725 %"


@pytest.mark.parametrize(
    ("language", "currency", "text"),
    [
        ("en", "NOK", "1,284 kr"),
        ("en", "EUR", "€1,284"),
        ("nb", "NOK", "1 284 kr"),
        ("nb", "EUR", "1 284 €"),
        ("sv", "SEK", "1 284 kr"),
        ("da", "DKK", "1.284 kr"),
        ("en", "CHF", "1,284 CHF"),
    ],
)
def test_money_stands_in_the_readers_form(language: str, currency: str, text: str) -> None:
    with translation.override(language):
        assert spaced(figures.money(1_284_000_000, currency).text) == text


def test_money_in_full_names_the_iso_code() -> None:
    assert figures.money(3_420_000_500_000, "NOK") == figures.Figure(f"3.42M{NBSP}kr", f"3,420,000.50{NBSP}NOK")


def test_a_refund_keeps_its_sign_before_the_symbol() -> None:
    assert figures.money(-249_000_000, "EUR").text == "−€249"


def test_a_currency_without_cents_shows_none() -> None:
    assert spaced(figures.money(1_284_000_000, "ISK", cents=True).exact) == "1,284 ISK"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "1,234.5"), ("nb", "1 234,5"), ("sv", "1 234,5"), ("da", "1.234,5")]
)
def test_numbers_follow_the_language(language: str, text: str) -> None:
    with translation.override(language):
        assert spaced(figures.number(1234.5, 1)) == text


def test_a_number_never_breaks_over_two_lines() -> None:
    with translation.override("nb"):
        written = [figures.number(1_234_567), figures.percent(0.042).text, figures.money(10**10, "NOK").text]
    assert not [text for text in written if " " in text]


@pytest.mark.parametrize(
    ("now", "before", "icon", "text", "words"),
    [
        (412, 377, "up", "9.3 %", "up 9.3 % from 377"),
        (300, 400, "down", "25 %", "down 25 % from 400"),
        (5, 5, "level", "same", "the same as before: 5"),
        (100_001, 100_000, "level", "same", "the same as before: 100k"),
        (3, 0, "up", "new", "none before"),
        (0, 0, "level", "same", "none, as before"),
        (-50, -100, "up", "50 %", "up 50 % from −100"),
    ],
    ids=["more", "fewer", "equal", "rounds to nothing", "from nothing", "still nothing", "less refunded"],
)
def test_a_change_says_its_direction_in_words(now: float, before: float, icon: str, text: str, words: str) -> None:
    found = figures.change(now, before)
    assert found is not None
    assert (found.icon, spaced(found.text), spaced(found.words)) == (icon, text, words)


def test_a_change_from_the_unknown_is_not_shown() -> None:
    assert figures.change(5, None) is None


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(days=2, hours=4, minutes=3), "2 d 4 h"),
        (timedelta(minutes=3, seconds=20), "3 min 20 s"),
        (timedelta(days=30), "30 d"),
        (timedelta(days=1, seconds=5), "1 d"),
        (timedelta(), "0 s"),
        (None, "n/a"),
    ],
)
def test_a_duration_has_its_two_largest_units(length: timedelta | None, text: str) -> None:
    assert spaced(figures.duration(length)) == text


def test_a_moment_is_on_the_workspaces_clock_and_names_it() -> None:
    moment = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert spaced(figures.moment(moment, ZoneInfo("Europe/Oslo"))) == "22 Nov 2026 00:30 Oslo"


def test_a_day_of_this_year_goes_without_the_year() -> None:
    assert spaced(figures.day(date(2026, 11, 18), today=date(2026, 11, 21))) == "18 Nov"


def test_a_range_of_days_names_its_last_day_not_its_end() -> None:
    assert spaced(figures.days(date(2026, 10, 1), date(2027, 1, 1))) == "1 Oct to 31 Dec 2026"


def test_a_range_over_new_year_names_both_years() -> None:
    assert spaced(figures.days(date(2026, 12, 1), date(2027, 2, 1))) == "1 Dec 2026 to 31 Jan 2027"


@pytest.mark.parametrize(("amount", "text"), [(0, "0 conversions"), (1, "1 conversion"), (1204, "1,204 conversions")])
def test_counted_words_have_their_plural(amount: int, text: str) -> None:
    assert spaced(figures.conversions(amount)) == text


def test_both_ends_of_an_interval_have_one_precision() -> None:
    assert spaced(figures.interval(0.0248, 0.0299)) == "2.5 to 3.0 %"
