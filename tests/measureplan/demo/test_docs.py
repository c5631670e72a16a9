"""The page about the demo shop says what the generator does."""

import re
from pathlib import Path

from measureplan.demo.generate import EVENTS_AT_SCALE_1, VISITORS_A_DAY
from measureplan.demo.truth import BASE_RISK, CHANNELS, MICROS, WEEKDAY_WEIGHTS

PAGE = (Path(__file__).parents[3] / "docs/reference/demo-shop.md").read_text()


def cells(first: str) -> list[str]:
    """Give the cells of the table row that begins with `first`."""
    row = next(line for line in PAGE.splitlines() if line.strip("| *").startswith(first))
    return [cell.strip(" *") for cell in row.strip("|").split("|")]


def test_the_page_names_every_channel_as_planted() -> None:
    for channel in CHANNELS:
        shares = [f"{share * 100:.0f} %" for share in (channel.first_share, channel.later_share)]
        assert cells(f"{channel.key} ")[:4] == [channel.key, *shares, f"{channel.risk_ratio:g}"]
        assert (cells(f"{channel.key} ")[4] == "yes") is channel.paid, channel.key


def test_the_page_names_every_micro_goal_as_planted() -> None:
    for micro in MICROS:
        row = cells(micro.key)
        assert row[1].startswith(f"{micro.use * 100:g} %"), micro.key
        assert row[2] == f"{micro.risk_ratio:g}"
        factors = {"desktop": micro.desktop, "returning": micro.returning, "from e-mail": micro.email}
        assert row[3] == ", ".join(f"{who} × {factor:g}" for who, factor in factors.items() if factor != 1), micro.key


def test_the_page_has_the_planted_numbers() -> None:
    assert f"risk = {BASE_RISK} ×" in PAGE
    assert ", ".join(f"{weight:.2f}" for weight in WEEKDAY_WEIGHTS) in PAGE
    assert f"`scale` × {VISITORS_A_DAY} a day" in PAGE
    assert f"about {EVENTS_AT_SCALE_1:,} events" in PAGE


def test_the_code_on_the_page_runs() -> None:
    code = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert code, "needs code to run"
    for block in code:
        names: dict[str, object] = {}
        exec(block, names)  # noqa: S102 -- the repository's own page
        assert names["made"].events.num_rows > 0
