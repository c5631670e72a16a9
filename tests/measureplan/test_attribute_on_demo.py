"""`measureplan attribute` gives the demo shop's channels what a brute-force reference gives them, group by group."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from measureplan.cli import main
from measureplan.demo import Shop
from measureplan.demo.writer import attribute_rows, write
from tests.demo_reference import CLOSED_FORM, Credit, Derived, Windows, credit_by_channel, paid_split
from tests.measureplan.demo.conftest import demo, derived

__all__ = ["demo", "derived"]

SETTINGS = {
    "default": Windows(1, 30, 30),
    "a week": Windows(7, 7, 7),
    "ads alone": Windows(1, 30, None),
    "two months": Windows(60, 60, 60),
}
NOTHING = {"conversions": 0.0, "value": 0.0, "value_net": 0.0}

Ask = Callable[..., dict[str, Any]]  # JSON


@pytest.fixture
def ask(demo: Shop, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask the command for every model over a file of the demo, and read its JSON."""

    def answer(windows: Windows, *flags: str, suffix: str = ".parquet") -> dict[str, Any]:
        path = _file(demo, tmp_path_factory.getbasetemp() / f"shop{suffix}")
        days = {"view": windows.view, "engagement": windows.engagement, "click": windows.click}
        asked = [f"--{kind}={'off' if reach is None else reach}" for kind, reach in days.items()]
        said = ["attribute", str(path), "--goal=purchase", f"--model={','.join(CLOSED_FORM)}", "--json", *asked, *flags]
        capsys.readouterr()
        assert main(said) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return answer


def _file(shop: Shop, path: Path) -> Path:
    if not path.exists():
        write([attribute_rows(shop)], path)
    return path


def differences(answer: dict[str, Any], expected: dict[str, dict[str, Credit]]) -> list[str]:
    """Name every group whose count differs by 1e-9, or whose money by 1e-9 of the whole."""
    money = 1e-9 * answer["totals"]["value"]
    found = []
    for model, credits_of in expected.items():
        given = answer["models"][model]
        for channel in set(credits_of) | set(given):
            theirs, ours = given.get(channel, NOTHING), credits_of.get(channel, Credit(0.0, 0.0, 0.0))
            same = (
                abs(theirs["conversions"] - ours.conversions) < 1e-9
                and abs(theirs["value"] - ours.value_micros / 1e6) < money
                and abs(theirs["value_net"] - ours.value_net_micros / 1e6) < money
            )
            if not same:
                found.append(f"{model}, {channel}: {theirs} against {ours}")
    return found


@pytest.mark.parametrize("keep_direct", [False, True], ids=["direct aside", "direct kept"])
@pytest.mark.parametrize("scope", ["all", "reset"])
@pytest.mark.parametrize("windows", SETTINGS.values(), ids=SETTINGS.keys())
def test_every_model_agrees_with_the_reference(
    windows: Windows, scope: str, keep_direct: bool, ask: Ask, derived: Derived
) -> None:
    answer = ask(windows, f"--scope={scope}", *(["--keep-direct"] if keep_direct else []))
    expected = {
        model: credit_by_channel(derived, model, windows, ignore_direct=not keep_direct, scope=scope)
        for model in CLOSED_FORM
    }
    assert answer["totals"]["conversions"] == len(derived.conversions) > 900
    assert differences(answer, expected) == []


@pytest.mark.parametrize("windows", SETTINGS.values(), ids=SETTINGS.keys())
def test_the_paid_split_agrees_with_the_reference(windows: Windows, ask: Ask, demo: Shop, derived: Derived) -> None:
    paid = {channel.key for channel in demo.truth.channels if channel.paid}
    expected = paid_split(derived, windows, paid=paid)
    for part, found in ask(windows)["paid_split"].items():
        ours = expected.get(part, Credit(0.0, 0.0, 0.0))
        assert (found["conversions"], found["value"]) == (ours.conversions, ours.value_micros / 1e6), part


@pytest.mark.parametrize("suffix", [".csv", ".ndjson"])
def test_every_kind_of_file_gives_the_same_answer(suffix: str, ask: Ask) -> None:
    windows = SETTINGS["default"]
    assert ask(windows, suffix=suffix) == ask(windows)
