"""`measureplan attribute` with data-driven models: from events as from paths, transforms, refunds, intervals."""

import json
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from analysis.attribution import coalitions
from analysis.attribution.datadriven import DATA_DRIVEN
from measureplan.attribute_learning_options import LEARNING
from tests.analysis import oracle
from tests.analysis.attribution import games
from tests.analysis.attribution.games import Row
from tests.analysis.attribution.walks import effects
from tests.measureplan.attribute_cases import (
    EVENTS,
    as_csv,
    attribute,
    conversions,
    for_oracle,
    history,
    refusal,
    run,
    run_paths,
    save,
)

GAMES = {"shapley": games.per_set, "shapley_simplified": games.simplified, "shapley_of_all": games.of_all}
Journeys = list[tuple[tuple[str, ...], Any]]
Sums = dict[tuple[str, ...], Counter[str]]  # by path: conversions, nulls, value and net, in cents


def test_the_commands_data_driven_models_are_those_of_the_registry() -> None:
    assert tuple(DATA_DRIVEN) == LEARNING


def with_refunds(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give back a third of every fourth purchase, some days later."""
    sales = [row for row in rows if row["transaction_id"]]
    back = [
        row
        | {"name": "refund", "time": row["time"] + 86_400, "event_id": f"r{row['event_id']}", "value": row["value"] / 2}
        for row in sales[::4]
    ]
    return rows + [row | {"value": f"{row['value']:.3f}"} for row in back]


def sums_of(rows: list[dict[str, Any]], **asked: Any) -> Sums:
    """Give the paths of a history, by the plain loops of the oracle."""
    back = {row["transaction_id"]: float(row["value"]) for row in rows if row["name"] == "refund"}
    touches = [for_oracle(row) for row in rows if row["type"]]
    sales = [for_oracle(row) for row in rows if row["name"] == "purchase"]
    sums: Sums = defaultdict(Counter)
    for path, sale in oracle.journeys(touches, sales, **asked):
        if sale is None:
            sums[path]["nulls"] += 1
            continue
        sums[path]["conversions"] += 1
        sums[path]["value"] += sale["value"]
        sums[path]["value_net"] += sale["value"] - back.get(sale["transaction_id"], 0)
    return sums


def markov(sums: Sums, order: int, split: str, figure: str) -> dict[str, float]:
    """Share by removal effects, worked out in fractions."""
    table = [(" > ".join(path), row["conversions"], 0, row["nulls"]) for path, row in sums.items()]
    effect = effects(table, order)
    credit: Counter[str] = Counter()
    whole = sum(effect.values())
    for path, row in sums.items():
        if not path:
            credit["(none)"] += row[figure]
        elif split == "global":
            credit.update({key: float(effect[key] / whole) * row[figure] for key in effect})
        else:
            for key in path:
                credit[key] += float(effect[key] / sum((effect[step] for step in path), Fraction(0))) * row[figure]
    return credit


def game(sums: Sums, model: str, figure: str) -> dict[str, float]:
    """Share by Shapley values, worked out over all orders of the players."""
    names = sorted({key for path in sums for key in path})
    rows = [
        Row(tuple(map(names.index, path)), row["conversions"], row["nulls"], row[figure]) for path, row in sums.items()
    ]
    amount = "conversions" if figure == "conversions" else "value"
    return dict(zip([*names, "(none)"], GAMES[model](rows, len(names), amount), strict=True))


def figures(found: dict[str, Any], model: str, figure: str) -> Counter[str]:
    return Counter({key: row[figure] for key, row in found["models"][model].items()})


CASES: list[tuple[list[str], dict[str, Any]]] = [
    ([], {}),
    (["--view", "off", "--click", "7"], {"windows": {"view": None, "engagement": 30, "click": 7}}),
    (["--keep-direct", "--scope", "reset"], {"keep_direct": True, "scope": "reset"}),
]


@pytest.mark.parametrize(("arguments", "asked"), CASES, ids=["defaults", "windows", "direct and reset"])
@pytest.mark.parametrize("seed", [1, 2])
def test_from_events_every_model_equals_its_reference(
    tmp_path: Path, seed: int, arguments: list[str], asked: dict[str, Any]
) -> None:
    rows = with_refunds(history(seed, visitors=120))
    path, sums = save(tmp_path, as_csv(rows)), sums_of(rows, **asked)
    nulls = sum(row["nulls"] for row in sums.values())
    assert nulls > 20, "needs people who did not convert"
    found = run(path, "--model", ",".join(LEARNING), *arguments)
    assert found["totals"]["null"] == nulls
    for figure in ("conversions", "value", "value_net"):
        for model in GAMES:
            expected = Counter(game(sums, model, figure))
            assert figures(found, model, figure) == pytest.approx(expected, abs=1e-9), (model, figure)
        assert figures(found, "markov", figure) == pytest.approx(markov(sums, 1, "global", figure), abs=1e-9), figure
    other = run(path, "--model", "markov", "--order", "2", "--split", "journey", *arguments)
    for figure in ("conversions", "value", "value_net"):
        assert figures(other, "markov", figure) == pytest.approx(markov(sums, 2, "journey", figure), abs=1e-9), figure


def as_paths(sums: Sums) -> str:
    lines = ["path,total_conversions,total_conversion_value,total_null"]
    lines += [
        f"{' > '.join(path)},{row['conversions']},{row['value']:.2f},{row['nulls']}" for path, row in sums.items()
    ]
    return "\n".join(lines)


STEPS = [[], ["collapse"], ["once"], ["drop=display"], ["strip=email"], ["last=2"], ["drop=email", "last=1"]]


@pytest.mark.parametrize("steps", STEPS, ids=" ".join)
def test_events_and_their_aggregated_paths_give_the_same_whatever_paths_are_made_of_them(
    tmp_path: Path, steps: list[str]
) -> None:
    rows = history(5, visitors=120)
    asked = [part for step in steps for part in ("--transform", step)]
    models = ",".join(LEARNING)
    from_events = run(save(tmp_path, as_csv(rows)), "--model", models, *asked)
    paths = save(tmp_path, as_paths(sums_of(rows)), "paths.csv")
    from_paths = run_paths(paths, LEARNING, *asked)
    assert from_events["totals"] == from_paths["totals"] | {"capped": 0}
    for model in LEARNING:
        for figure in ("conversions", "value"):
            expected = figures(from_paths, model, figure)
            assert figures(from_events, model, figure) == pytest.approx(expected, abs=1e-9), (model, figure)
    assert from_events["settings"]["transforms"] == steps
    assert from_events["settings"]["parameters"] == from_paths["settings"]["parameters"]


TRANSFORMED = """\
path,total_conversions,total_null
a > a > b > x,1,1
x > x,1,1
a > x > b,0,2
"""


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], {"a": 1 / 3, "b": 1 / 3, "x": 4 / 3}),
        (["strip=x"], {"a": 1 / 2, "b": 1 / 2, "x": 1}),
        (["drop=x"], {"a": 1 / 2, "b": 1 / 2, "x": 1}),
        (["drop=x", "last=1"], {"b": 1, "x": 1}),
        (["last=1", "drop=x"], {"x": 2}),
    ],
    ids=" ".join,
)
def test_steps_are_made_in_their_order(tmp_path: Path, steps: list[str], expected: dict[str, float]) -> None:
    asked = [part for step in steps for part in ("--transform", step)]
    found = run_paths(save(tmp_path, TRANSFORMED), ["shapley_simplified"], *asked)
    assert conversions(found, "shapley_simplified") == pytest.approx(expected)


def test_a_step_about_a_key_on_no_path_changes_nothing_and_says_so(tmp_path: Path) -> None:
    path = str(save(tmp_path, TRANSFORMED))
    said = attribute("--paths", path, "--model", "shapley", "--transform", "drop=direkt")
    assert said.code == 0
    assert 'note: no path has "direkt", so drop=direkt changes nothing' in said.err
    assert "transforms drop=direkt" in said.out


def test_the_paths_of_closed_form_models_are_not_transformed(tmp_path: Path) -> None:
    path = save(tmp_path, TRANSFORMED)
    found = run_paths(path, ["linear", "shapley_simplified"], "--transform", "last=1")
    assert conversions(found, "linear") == conversions(run_paths(path, ["linear"]), "linear")
    assert list(found["models"]) == ["linear", "shapley_simplified"]


def test_intervals_are_of_persons_from_events_and_of_journeys_from_paths(tmp_path: Path) -> None:
    rows = history(6, visitors=120)
    events, paths = save(tmp_path, as_csv(rows)), save(tmp_path, as_paths(sums_of(rows)), "paths.csv")
    asked = ["--intervals", "60", "--seed", "9"]
    by_person = run(events, "--model", ",".join(LEARNING), *asked)
    by_journey = run_paths(paths, LEARNING, *asked)
    expected = {"level": 0.95, "draws": 60, "of": "persons", "seed": 9}
    assert by_person["settings"]["intervals"] == expected
    assert by_journey["settings"]["intervals"] == expected | {"of": "journeys"}
    for found in (by_person, by_journey):
        for model in LEARNING:
            for figure in ("conversions", "value"):
                shares = [row["share"][figure] for row in found["models"][model].values()]
                assert sum(share["share"] for share in shares) == pytest.approx(1), (model, figure)
                assert all(share["low"] < share["high"] for share in shares), (model, figure)
    assert run(events, "--model", ",".join(LEARNING), *asked) == by_person, "the same seed, the same bits"
    assert run(events, "--model", "markov", "--intervals", "60", "--seed", "8") != by_person


def test_intervals_stand_beside_the_shares_that_they_are_of(tmp_path: Path) -> None:
    path = str(save(tmp_path, TRANSFORMED))
    said = attribute("--paths", path, "--model", "last,markov", "--intervals", "40")
    last, markov_ = said.out.split("Markov removal effect")
    assert "share %" not in last
    assert "share %  95 % from      to" in markov_


def test_without_conversions_there_is_nothing_to_have_a_share_of(tmp_path: Path) -> None:
    path = save(tmp_path, "path,total_conversions,total_null\na,0,3\n")
    found = run_paths(path, ["shapley"], "--intervals", "40")
    assert found["models"]["shapley"]["(none)"]["share"] == {"conversions": None, "value": None}
    assert attribute("--paths", str(path), "--model", "shapley", "--intervals", "40").code == 0


def test_value_without_a_conversion_is_not_lost_from_the_table(tmp_path: Path) -> None:
    path = save(tmp_path, "path,total_conversions,total_conversion_value,total_null\na,0,-4,0\nb,1,9,1\n")
    found = run_paths(path, ["linear", "shapley_simplified"])
    for model in ("linear", "shapley_simplified"):
        assert sum(figures(found, model, "value").values()) == 5, model


THIRTEEN = [f"c{i:02}" for i in range(13)]


def test_above_twelve_keys_orders_are_sampled_and_the_standard_error_stands_beside(tmp_path: Path) -> None:
    lines = [f"{a} > {b},{i + 1},{j + 1}" for i, a in enumerate(THIRTEEN) for j, b in enumerate(THIRTEEN) if i != j]
    path = save(tmp_path, "\n".join(["path,total_conversions,total_null", *lines]))
    asked = ["--permutations", "130", "--seed", "3"]
    found = run_paths(path, ["shapley_of_all"], *asked)
    assert found["settings"]["parameters"]["shapley_of_all"] == {"permutations": 130, "seed": 3}
    rows = found["models"]["shapley_of_all"]
    assert all(rows[key]["standard_error"] > 0 for key in THIRTEEN)
    assert rows["(none)"]["standard_error"] == 0
    said = attribute("--paths", str(path), "--model", "shapley_of_all", *asked)
    assert "note: shapley_of_all: 130 orders of the keys were sampled; see the standard errors" in said.err
    assert "std error" in said.out


def test_credit_below_zero_stays_and_is_told(tmp_path: Path) -> None:
    path = str(save(tmp_path, "path,total_conversions,total_null\na,10,0\na > b,10,30\n"))
    said = attribute("--paths", path, "--model", "shapley", "--json")
    assert "note: shapley: journeys with b convert worse than those without; the credit below 0 says so" in said.err
    assert conversions(json.loads(said.out), "shapley")["b"] < 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "last", "--transform", "once"], "--transform is of markov, shapley"),
        (["--model", "last", "--intervals", "50"], "--intervals are of markov, shapley"),
        (["--model", "markov", "--seed", "1"], "--seed is of --intervals and shapley_of_all"),
        (["--model", "markov", "--permutations", "9"], "--permutations is of shapley_of_all"),
        (["--model", "shapley_of_all", "--permutations", "0"], "--permutations 0: give 1 or more"),
        (["--model", "markov", "--intervals", "39"], "--intervals 39: give 40 draws or more"),
    ],
)
def test_an_option_that_nothing_asked_for_reads_is_refused(tmp_path: Path, arguments: list[str], said: str) -> None:
    assert said in refusal(str(save(tmp_path, EVENTS)), "--goal", "purchase", *arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--transform", "frist"], "'frist' is no step; there are collapse, once, drop, strip, last"),
        (["--transform", "drop"], "drop of what? write drop=direct"),
        (["--transform", "last=0"], "last of how many? write last=5"),
        (["--transform", "last"], "last of how many? write last=5"),
        (["--transform", "once=a"], "once takes nothing"),
        (["--intervals", "many"], "'many' is no whole number"),
        (["--seed", "-1"], "'-1' is no whole number"),
    ],
)
def test_an_option_that_cannot_be_is_refused_with_what_can(tmp_path: Path, arguments: list[str], said: str) -> None:
    asked = attribute("--paths", str(save(tmp_path, TRANSFORMED)), "--model", "markov", *arguments)
    assert asked.code == 2
    assert said in asked.err


def test_what_a_model_cannot_work_out_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalitions, "MOST_COMPARED", 1)
    path = save(tmp_path, "path,total_conversions,total_null\na > b > c,1,1\n")
    said = refusal("--paths", str(path), "--model", "shapley")
    assert "shapley: 1 sets of 3 keys are too many to compare; give fewer keys" in said
