"""Numbers, rates, money and days in the four languages' own form."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import translation

from reports import figures
from reports.chart_theme import LOCALES

CASES: list[tuple[Callable[[], str], tuple[str, str, str, str]]] = [
    (lambda: figures.number(1234567.5, 1), ("1,234,567.5", "1 234 567,5", "1 234 567,5", "1.234.567,5")),
    (lambda: figures.number(-1234), ("−1,234", "−1 234", "−1 234", "−1.234")),
    (lambda: figures.percent(0.034).text, ("3.4 %", "3,4 %", "3,4 %", "3,4 %")),
    (lambda: figures.percent(0.034, of="").exact, ("3.400 %", "3,400 %", "3,400 %", "3,400 %")),
    (lambda: figures.percent(None).text, ("no visits yet", "ingen besøk ennå", "inga besök än", "ingen besøg endnu")),
    (lambda: figures.interval(0.031, 0.038), ("3.1 to 3.8 %", "3,1 til 3,8 %", "3,1 till 3,8 %", "3,1 til 3,8 %")),
    (
        lambda: figures.money(1_284_500_000, "NOK", cents=True).text,
        ("1,284.50 kr", "1 284,50 kr", "1 284,50 kr", "1.284,50 kr"),
    ),
    (lambda: figures.money(1_284_000_000, "EUR").text, ("€1,284", "1 284 €", "1 284 €", "1.284 €")),
    (lambda: figures.count(12_345).text, ("12.3k", "12,3k", "12,3 tn", "12,3 tus.")),
    (lambda: figures.count(3_420_000).text, ("3.42M", "3,42 mill.", "3,42 mn", "3,42 mio.")),
    (lambda: figures.day(date(2026, 11, 22)), ("22 Nov 2026", "22. nov. 2026", "22 nov. 2026", "22. nov. 2026")),
    (lambda: figures.day(date(2026, 5, 1)), ("1 May 2026", "1. mai 2026", "1 maj 2026", "1. maj 2026")),
    (
        lambda: figures.days(date(2026, 10, 1), date(2027, 1, 1)),
        ("1 Oct to 31 Dec 2026", "1. okt. til 31. des. 2026", "1 okt. till 31 dec. 2026", "1. okt. til 31. dec. 2026"),
    ),
    (lambda: figures.duration(timedelta(days=2, hours=4)), ("2 d 4 h", "2 d 4 t", "2 d 4 h", "2 d 4 t")),
    (lambda: figures.conversions(1), ("1 conversion", "1 konvertering", "1 konvertering", "1 konvertering")),
    (
        lambda: figures.conversions(1_412),
        ("1,412 conversions", "1 412 konverteringer", "1 412 konverteringar", "1.412 konverteringer"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("write", "written"), CASES, ids=[expected[0] for _write, expected in CASES])
def test_a_figure_has_the_readers_form(write: Callable[[], str], written: tuple[str, str, str, str]) -> None:
    for language, expected in zip(("en", "nb", "sv", "da"), written, strict=True):
        with translation.override(language):
            assert write().replace(figures.NBSP, " ") == expected, language


def test_charts_know_the_same_marks_as_the_figures() -> None:
    for language, locale in LOCALES.items():
        with translation.override(language):
            assert figures.number(1234.5, 1) == f"1{locale.thousands}234{locale.decimal}5", language
