"""`measureplan attribute --paths`: aggregated paths."""

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest

from tests.measureplan.attribute_cases import conversions, refusal, run_paths, save

# From the repository's root: ../shared/data/pathdata, which stays out of it for its licence.
PATHDATA = Path(__file__).parents[3] / "shared" / "data" / "pathdata" / "paths.csv.gz"


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


@pytest.mark.skipif(not PATHDATA.exists(), reason="needs ../shared/data/pathdata, which is not in the repository")
def test_the_published_paths_give_their_published_totals_in_every_model() -> None:
    models = ["first", "last", "linear", "position", "j_curve", "inverse_j"]
    found = run_paths(PATHDATA, models)
    assert found["totals"]["conversions"] == 19_785
    assert found["totals"]["null"] == 68_602
    assert found["totals"]["value"] == pytest.approx(74_802.971587, abs=1e-6)
    with gzip.open(PATHDATA, "rt") as file:
        rows = list(csv.DictReader(file))
    firsts: Counter[str] = Counter()
    for row in rows:
        firsts[row["path"].split(" > ")[0]] += int(row["total_conversions"])
    assert Counter(conversions(found, "first")) == firsts
    for model in models:
        assert sum(conversions(found, model).values()) == pytest.approx(19_785, abs=1e-9), model
        value = sum(conversions(found, model, "value").values())
        assert value == pytest.approx(found["totals"]["value"], abs=1e-6), model
