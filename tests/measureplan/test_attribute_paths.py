"""`measureplan attribute --paths`: aggregated paths."""

import json
from collections import Counter
from pathlib import Path

import pytest

from analysis.attribution.credited import NO_CONVERSION
from measureplan.attribute_learning_options import LEARNING
from tests.measureplan.attribute_cases import attribute, conversions, refusal, run_paths, save
from tests.published import NEEDS_PATHDATA, PATHDATA, published_rows

PATHS = """\
path,total_conversions,total_conversion_value,total_null
email > direct,2,30.5,4
paid_search > email > paid_search,3,60,0
,1,5,7
"""


def test_aggregated_paths_are_credited_by_order(tmp_path: Path) -> None:
    path = save(tmp_path, PATHS)
    found = run_paths(path, ["last", "linear", "participation"])
    assert found["totals"] == {"conversions": 6, "null": 11, "value": 95.5}
    assert conversions(found, "last") == {"email": 2, "paid_search": 3, "(none)": 1}
    assert conversions(found, "linear") == pytest.approx({"email": 3, "paid_search": 2, "(none)": 1})
    assert conversions(found, "participation") == {"email": 5, "paid_search": 3, "(none)": 1}
    assert conversions(found, "linear", "value") == pytest.approx({"email": 50.5, "paid_search": 40, "(none)": 5})
    assert found["paid_split"]["paid_assisted"] == {"conversions": 3, "value": 60}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("email > direct", "email >  > direct", 'line 2, column path: "email >  > direct"'),
        (",3,60", ",3.5,60", 'line 3, column total_conversions: "3.5" is no count'),
        (",3,60", ",-3,60", 'line 3, column total_conversions: "-3" is no count'),
    ],
)
def test_a_path_that_cannot_be_is_refused_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = save(tmp_path, PATHS.replace(old, new))
    assert said in refusal("--paths", str(path))


MARKOV = """\
path,total_conversions,total_conversion_value,total_null
email > paid_search,1,40,0
email,0,0,1
paid_search > direct,1,8.5,1
,2,5,3
"""


def test_removal_effects_share_aggregated_paths_with_those_that_did_not_convert(tmp_path: Path) -> None:
    # Direct gives way, also where nobody converted; email's effect is 1/3, paid_search's 1.
    path = save(tmp_path, MARKOV)
    found = run_paths(path, ["last", "markov"])
    assert list(found["models"]) == ["last", "markov"]
    assert conversions(found, "markov") == pytest.approx({"email": 0.5, "paid_search": 1.5, "(none)": 2})
    value = {"email": 48.5 / 4, "paid_search": 48.5 * 3 / 4, "(none)": 5}
    assert conversions(found, "markov", "value") == pytest.approx(value)
    assert conversions(found, "markov", "value_net") == pytest.approx(value)
    assert found["settings"]["parameters"]["markov"] == {"order": 1, "split": "global"}


def test_order_split_and_direct_are_asked_for_by_option(tmp_path: Path) -> None:
    path = str(save(tmp_path, MARKOV))
    said = attribute(
        "--paths", path, "--model", "markov", "--order", "2", "--split", "journey", "--keep-direct", "--json"
    )
    found = json.loads(said.out)
    assert found["settings"]["parameters"]["markov"] == {"order": 2, "split": "journey"}
    # Of order two email's effect is 1/2: without it, half start with paid_search, and half of those convert.
    shares = {"email": 1 / 3 / (1 / 3 + 2 / 3), "paid_search": 2 / 3}
    assert conversions(found, "markov")["email"] == pytest.approx(shares["email"])
    assert "direct" in conversions(found, "markov"), "kept, it earns"
    assert (
        "Markov removal effect, order 2, split global"
        in attribute("--paths", path, "--model", "markov", "--order", "2").out
    )


def test_without_conversions_on_touches_the_note_says_why_all_goes_to_none(tmp_path: Path) -> None:
    path = str(save(tmp_path, "path,total_conversions,total_null\nemail,0,4\n,2,1\n"))
    said = attribute("--paths", path, "--model", "markov")
    assert (said.code, said.err) == (0, f"note: {NO_CONVERSION}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "last", "--order", "2"], "--order is of markov, which was not asked for"),
        (["--model", "markov", "--order", "4"], "argument --order: invalid choice"),
        (["--model", "markov", "--split", "half"], "argument --split: invalid choice"),
    ],
)
def test_options_of_markov_are_refused_where_they_have_no_meaning(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    assert said in attribute("--paths", str(save(tmp_path, MARKOV)), *arguments).err


@NEEDS_PATHDATA
def test_the_published_paths_give_their_published_totals_in_every_model() -> None:
    models = ["first", "last", "linear", "position", "j_curve", "inverse_j", *LEARNING]
    found = run_paths(PATHDATA, models)
    assert found["totals"]["conversions"] == 19_785
    assert found["totals"]["null"] == 68_602
    assert found["totals"]["value"] == pytest.approx(74_802.971587, abs=1e-6)
    firsts: Counter[str] = Counter()
    for row in published_rows():
        firsts[row["path"].split(" > ")[0]] += int(row["total_conversions"])
    assert Counter(conversions(found, "first")) == firsts
    for model in models:
        assert sum(conversions(found, model).values()) == pytest.approx(19_785, abs=1e-9), model
        value = sum(conversions(found, model, "value").values())
        assert value == pytest.approx(found["totals"]["value"], abs=1e-6), model
