"""`measureplan attribute --paths` beside two independent libraries, on published paths.

The libraries are no requirement of ours: the tests that ask them run where they are installed, for which
`pip install ChannelAttribution==2.2.5 marketing-attribution-models==2.1.1 matplotlib` is enough. What they answered
is written down beside the models (tests/analysis/attribution/test_markov.py, test_shapley_samples.py) and
below, so that every machine with the paths holds the product to it.
"""

from collections.abc import Callable
from typing import Any

import pytest

from analysis.attribution.markov import markov
from tests.measureplan.attribute_cases import conversions, run_paths
from tests.published import NEEDS_PATHDATA, PATHDATA, published_paths, published_rows

# The libraries' own dependencies warn of what is none of our business.
pytestmark = [NEEDS_PATHDATA, pytest.mark.filterwarnings("default")]

HEURISTICS = {"first": "first_touch", "last": "last_touch", "linear": "linear_touch"}
FIGURES = ("conversions", "value")

# heuristic_models of ChannelAttribution 2.2.5: conversions and value.
RECORDED = {
    ("first", "alpha"): (6308, 19121.272355798723),
    ("first", "theta"): (1606, 6652.349347446829),
    ("last", "alpha"): (8447, 28414.21427436393),
    ("last", "theta"): (653, 2799.091987581701),
    ("linear", "alpha"): (7574.718593751173, 24524.709568833507),
    ("linear", "theta"): (1022.8013939042183, 4295.743619487193),
    ("linear", "mi"): (2.2222222222222223, 6.081444444444444),
}


@pytest.mark.parametrize("model", HEURISTICS)
def test_first_last_and_linear_are_what_channelattribution_wrote_down(model: str) -> None:
    found = run_paths(PATHDATA, [model])["models"][model]
    for (asked, channel), pair in RECORDED.items():
        if asked == model:
            assert [found[channel][figure] for figure in FIGURES] == pytest.approx(pair, rel=1e-9), channel


def _channelattribution(function: str, **asked: Any) -> Any:
    library = pytest.importorskip("ChannelAttribution", reason="needs the library ChannelAttribution")
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(published_rows())
    frame = frame.astype({"total_conversions": int, "total_conversion_value": float, "total_null": int})
    given = {"var_value": "total_conversion_value", "flg_pro": False}
    table = getattr(library, function)(frame, "path", "total_conversions", **given, **asked)
    return table.set_index("channel_name")


@pytest.mark.parametrize("model", HEURISTICS)
def test_first_last_and_linear_equal_channelattribution(model: str) -> None:
    theirs = _channelattribution("heuristic_models")
    found = run_paths(PATHDATA, [model])["models"][model]
    for figure in FIGURES:
        expected = theirs[f"{HEURISTICS[model]}_{figure}"].to_dict()
        assert {name: row[figure] for name, row in found.items() if name != "(none)"} == pytest.approx(
            {name: amount for name, amount in expected.items() if amount}, rel=1e-9
        ), figure


@pytest.mark.parametrize("order", [1, 2])
def test_markov_equals_channelattribution_within_the_noise_of_its_draws(order: int) -> None:
    # It draws journeys until ten results differ by less than conv_par; less noise would take a minute.
    asked = {"var_null": "total_null", "order": order, "conv_par": 0.02, "seed": 1, "verbose": False}
    theirs = _channelattribution("markov_model", **asked)["total_conversions"].to_dict()
    found = conversions(run_paths(PATHDATA, ["markov"], "--order", str(order)), "markov")
    large = {name: amount for name, amount in theirs.items() if amount > 1_000}
    assert len(large) == 6
    assert {name: found[name] for name in large} == pytest.approx(large, rel=0.02)


def _mam(models: Any, unit: Callable[[dict[str, str]], float]) -> Any:
    """Give the paths as marketing-attribution-models takes them: a row for those who converted, one for the others."""
    polars = pytest.importorskip("polars")
    rows = [
        {
            "journey_id": f"{number} {ended}",
            "channels": row["path"].split(" > "),
            "has_conversion": ended == "won",
            "weight": int(row["total_conversions" if ended == "won" else "total_null"]),
            "conversion_value": unit(row) if ended == "won" else 0.0,
        }
        for number, row in enumerate(published_rows())
        for ended in ("won", "lost")
    ]
    table = models.get_aggregated_results(polars.DataFrame([row for row in rows if row["weight"]]))
    return dict(zip(table["channels"].to_list(), table["attribution"].to_list(), strict=True))


def _one(_row: dict[str, str]) -> float:
    return 1.0


def _mean_value(row: dict[str, str]) -> float:
    return float(row["total_conversion_value"]) / (int(row["total_conversions"]) or 1)


def test_removal_effects_and_the_split_by_journey_equal_marketing_attribution_models() -> None:
    library = pytest.importorskip("mam.models", reason="needs the library marketing-attribution-models")
    model = library.MarkovModel()
    theirs = _mam(model, _one)
    found = run_paths(PATHDATA, ["markov"], "--split", "journey")
    assert conversions(found, "markov") == pytest.approx(theirs, abs=1e-7)
    paths, names = published_paths()
    effects = model.removal_effect_df["removal_effect"].to_dict()
    assert dict(zip(names, markov(paths).effect.tolist(), strict=True)) == pytest.approx(effects, abs=1e-10)


@pytest.mark.parametrize(("figure", "unit"), [("conversions", _one), ("value", _mean_value)])
def test_shapley_equals_marketing_attribution_models(figure: str, unit: Callable[[dict[str, str]], float]) -> None:
    library = pytest.importorskip("mam.models", reason="needs the library marketing-attribution-models")
    # By default it cuts each set to its last four names; twelve are all there are.
    theirs = _mam(library.ShapleyModel(max_size=12), unit)
    found = run_paths(PATHDATA, ["shapley"])
    assert conversions(found, "shapley", figure) == pytest.approx(theirs, abs=1e-7)
