"""`measureplan attribute`: its numbers."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from measureplan.attribute import NAMES
from measureplan.attribute_read import Rows
from tests.analysis import oracle
from tests.measureplan.attribute_cases import EVENTS, as_csv, attribute, conversions, for_oracle, history, run, save

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "attribute-command.md"


def test_the_json_has_exactly_the_shape_that_was_promised(tmp_path: Path) -> None:
    found = run(save(tmp_path, EVENTS), "--model", "linear")
    assert list(found) == ["settings", "totals", "models", "paid_split"]
    assert found["totals"] == {"conversions": 3, "capped": 0, "value": 240.5}
    third = 120.5 / 3
    assert found["models"]["linear"]["email"] == pytest.approx(
        {"conversions": 1 / 3, "value": third, "value_net": 100 / 3}
    )
    assert found["models"]["linear"]["(none)"] == {"conversions": 1.0, "value": 40.0, "value_net": 40.0}
    assert found["paid_split"] == {
        "paid_unassisted": {"conversions": 0, "value": 0},
        "paid_assisted": {"conversions": 1, "value": 120.5},
        "organic": {"conversions": 1, "value": 80},
        "(none)": {"conversions": 1, "value": 40},
    }


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {"display": 1, "direct": 1, "(none)": 1}),
        (["--view", "off"], {"email": 1, "direct": 1, "(none)": 1}),
        (["--view", "off", "--click", "1"], {"direct": 2, "(none)": 1}),
        (["--keep-direct"], {"direct": 2, "(none)": 1}),
        (["--by", "session_id"], {"(not set)": 1, "s4": 1, "(none)": 1}),
        (["--model", "same_touch"], {"direct": 1, "(none)": 2}),
        (["--model", "same_touch", "--keep-direct"], {"direct": 2, "(none)": 1}),
        (["--model", "last_priority"], {"email": 1, "direct": 1, "(none)": 1}),
        (["--model", "time_decay", "--half-life", "0.001"], {"display": 1, "direct": 1, "(none)": 1}),
    ],
)
def test_options_change_who_is_credited(tmp_path: Path, arguments: Sequence[str], expected: dict[str, float]) -> None:
    found = run(save(tmp_path, EVENTS), *arguments)
    (model,) = found["models"]
    assert conversions(found, model) == pytest.approx(expected, abs=1e-9)


SALES = """\
time,visitor_id,name,channel,transaction_id,session_id
1740000000,a,visit,email,,1
1740000100,a,purchase,,t1,1
1740000200,a,purchase,,,1
1740000300,a,purchase,,,2
1740000050,b,purchase,,t1,3
"""


@pytest.mark.parametrize(
    ("counting", "expected"),
    [
        ("every", {"email": 2, "(none)": 1}),
        ("session", {"email": 2, "(none)": 1}),
        ("person", {"email": 1, "(none)": 1}),
    ],
)
def test_a_transaction_counts_once_at_its_earliest_before_any_other_counting(
    tmp_path: Path, counting: str, expected: dict[str, float]
) -> None:
    # b bought t1 first, so a's t1 is no conversion, and a's second row is the first of its session.
    assert conversions(run(save(tmp_path, SALES), "--counting", counting), "last") == expected


def test_counting_by_session_keeps_one_of_each(tmp_path: Path) -> None:
    text = SALES.replace(",t1,", ",,")
    assert run(save(tmp_path, text), "--counting", "session")["totals"]["conversions"] == 3
    without = "\n".join(line.rsplit(",", 1)[0] for line in text.splitlines())
    found = run(save(tmp_path, without), "--counting", "session")
    assert found["totals"]["conversions"] == 2, "all of a's rows lie within 30 minutes of each other"


def test_reset_spends_touches(tmp_path: Path) -> None:
    found = run(save(tmp_path, SALES), "--scope", "reset")
    assert conversions(found, "last") == {"email": 1, "(none)": 2}


def test_a_refund_without_a_value_takes_all_back_and_its_sign_does_not_matter(tmp_path: Path) -> None:
    for amount, left in (("", 0.0), ("-20.50", 100.0), ("20.50", 100.0)):
        found = run(save(tmp_path, EVENTS.replace("20.50,EUR,t1,\n", f"{amount},EUR,t1,\n")))
        assert found["models"]["last"]["display"]["value_net"] == left, amount


def test_a_refund_that_matches_nothing_is_listed(tmp_path: Path) -> None:
    found = run(save(tmp_path, EVENTS + "2025-03-12T12:00:00Z,,refund,,,e11,5,EUR,t9,\n"))
    assert found["unmatched_refunds"] == [{"transaction_id": "t9", "value": 5.0}]
    assert found["models"]["last"]["display"]["value_net"] == 100.0


def test_amounts_are_exact(tmp_path: Path) -> None:
    rows = "".join(f"{1740000000 + i},v,purchase,,0.1\n" for i in range(30))
    found = run(save(tmp_path, "time,visitor_id,name,channel,value\n" + rows))
    assert found["totals"]["value"] == 3.0
    assert found["models"]["last"]["(none)"]["value"] == 3.0
    assert sum([0.1] * 30) != 3.0, "floats would not have given this"


def test_an_event_id_counts_once_and_the_person_is_told(tmp_path: Path) -> None:
    path = save(tmp_path, EVENTS + EVENTS.split("\n", 1)[1])
    said = attribute(str(path), "--goal", "purchase", "--json")
    assert json.loads(said.out)["models"] == run(save(tmp_path, EVENTS))["models"]
    assert said.err == "note: 10 rows repeat an event_id and were left out; the earliest of each counts\n"


def test_a_goal_that_no_row_names_gives_zeros_and_says_which_names_there_are(tmp_path: Path) -> None:
    said = attribute(str(save(tmp_path, EVENTS)), "--goal", "purchse", "--json")
    assert said.code == 0
    assert json.loads(said.out)["totals"] == {"conversions": 0, "capped": 0, "value": 0}
    assert 'no row is named "purchse"' in said.err
    assert "ad_impression, purchase, refund, visit" in said.err


@pytest.mark.parametrize("scope", ["all", "reset"])
@pytest.mark.parametrize("windows", [("1", "30", "30"), ("off", "0.5", "7"), ("60", "off", "90")])
def test_every_model_equals_the_oracle_on_a_made_up_history(
    tmp_path: Path, scope: str, windows: tuple[str, str, str]
) -> None:
    rows = history(3)
    days = [None if text == "off" else float(text) for text in windows]
    asked = dict(zip(("--view", "--engagement", "--click"), windows, strict=True)) | {"--scope": scope}
    arguments = [part for pair in asked.items() for part in pair]
    found = run(save(tmp_path, as_csv(rows)), "--model", ",".join(NAMES), *arguments)
    touches = [for_oracle(row) for row in rows if row["type"]]
    sales = [for_oracle(row) for row in rows if not row["type"]]
    by_kind = dict(zip(("view", "engagement", "click"), days, strict=True))
    for model in NAMES:
        for figure, amount in (("conversions", None), ("value", "value")):
            expected = oracle.credited(touches, sales, model=model, windows=by_kind, scope=scope, amount=amount)
            got = Counter(conversions(found, model, figure))
            assert got == pytest.approx(Counter(expected), abs=1e-9), (model, figure)
    split = {part: row["conversions"] for part, row in found["paid_split"].items()}
    assert split == oracle.paid_split(touches, sales, windows=by_kind, scope=scope)


def test_the_order_of_rows_is_irrelevant(tmp_path: Path) -> None:
    head, *rows = EVENTS.splitlines()
    expected = run(save(tmp_path, EVENTS), "--model", ",".join(NAMES))
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert run(save(tmp_path, "\n".join([head, *rows])), "--model", ",".join(NAMES)) == expected, seed


def test_the_installed_command_starts_without_django_scipy_and_pandas(tmp_path: Path) -> None:
    script = (
        "import sys; from measureplan.cli import main; sys.argv = ['measureplan', *sys.argv[1:]]; main();"
        "sys.exit(','.join(m for m in ('django', 'scipy', 'pandas') if m in sys.modules) or 0)"
    )
    command = [sys.executable, "-c", script, "attribute", str(save(tmp_path, EVENTS)), "--goal", "purchase"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Last touch (last non-direct)" in done.stdout


def test_the_example_of_the_documentation_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = DOCS.read_text().split("```")[1::2]
    events, paths = (block.removeprefix("csv\n") for block in blocks if block.startswith("csv\n"))
    examples = [block.removeprefix("console\n") for block in blocks if block.startswith("console\n$ measureplan")]
    assert examples, "the page needs an example"
    monkeypatch.chdir(tmp_path)
    save(tmp_path, events)
    save(tmp_path, paths, "paths.csv")
    for example in examples:
        command, output = example.split("\n", 1)
        assert attribute(*command.removeprefix("$ measureplan attribute ").split()).out == output, command


def _robot(folder: Path) -> Path:
    visits = [f"{1740000000 + n},robot,visit,c{n},\n" for n in range(6)]
    sales = [f"{1740000100 + n},robot,purchase,,t{n}\n" for n in range(2)]
    return save(folder, "time,visitor_id,name,channel,transaction_id\n" + "".join([*visits, *sales]))


def test_only_the_newest_touches_of_a_conversion_share_in_it_and_the_answer_says_so(tmp_path: Path) -> None:
    found = run(_robot(tmp_path), "--model", "first", "--most-touches", "4")
    assert conversions(found, "first") == {"c2": 2}
    assert (found["settings"]["most_touches"], found["totals"]["capped"]) == (4, 2)
    said = attribute(str(_robot(tmp_path)), "--goal", "purchase", "--most-touches", "4").out
    assert "Left out: all but the newest 4 touches of 2 conversions" in said


def test_a_cap_can_be_lifted(tmp_path: Path) -> None:
    found = run(_robot(tmp_path), "--model", "first", "--most-touches", "0")
    assert conversions(found, "first") == {"c0": 2}
    assert found["totals"]["capped"] == 0


def test_many_refunds_read_their_column_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sales = [f"17400{n:05},a,purchase,,9,t{n}\n" for n in range(300)]
    refunds = [f"17410{n:05},a,refund,,4,t{n}\n" for n in range(300)]
    path = save(tmp_path, "time,visitor_id,name,channel,value,transaction_id\n" + "".join([*sales, *refunds]))
    read: Counter[str] = Counter()
    given = Rows.text

    def counted(rows: Rows, name: str) -> Any:
        read[name] += 1
        return given(rows, name)

    monkeypatch.setattr(Rows, "text", counted)
    found = run(path)
    assert found["models"]["last"]["(none)"]["value_net"] == 300 * 5
    assert max(read.values()) < 10, "reading a column for every refund costs refunds x rows"
