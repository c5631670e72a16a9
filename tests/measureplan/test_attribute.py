"""`measureplan attribute`: its numbers, its formats, and its one line for what is wrong."""

import csv
import gzip
import io
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from measureplan.attribute import NAMES
from measureplan.cli import main
from tests.analysis import oracle

PATHDATA = Path(__file__).parents[3] / "shared" / "data" / "pathdata" / "paths.csv.gz"
DOCS = Path(__file__).parents[2] / "docs" / "reference" / "attribute-command.md"
EVENTS = """\
time,visitor_id,name,type,channel,event_id,value,currency,transaction_id,session_id
2025-03-01T10:00:00Z,anna,visit,click,paid_search,e1,,,,s1
2025-03-04T10:00:00Z,anna,visit,click,email,e2,,,,s2
2025-03-09T09:00:00Z,anna,ad_impression,view,display,e3,,,,
2025-03-09T18:00:00Z,anna,visit,click,direct,e4,,,,s3
2025-03-09T18:30:00Z,anna,purchase,,,e5,120.50,EUR,t1,s3
2025-03-09T18:31:00Z,anna,purchase,,,e6,120.50,EUR,t1,s3
2025-03-02T08:00:00Z,ben,visit,click,direct,e7,,,,s4
2025-03-02T08:20:00Z,ben,purchase,,,e8,80,EUR,t2,s4
2025-03-05T12:00:00Z,cleo,purchase,,,e9,40,EUR,t3,s5
2025-03-11T12:00:00Z,,refund,,,e10,20.50,EUR,t1,
"""
Run = Callable[..., dict[str, Any]]


def save(folder: Path, text: str, name: str = "events.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process; give its JSON."""

    def run(path: Path, *arguments: str) -> dict[str, Any]:
        code = main(["attribute", str(path), "--goal", "purchase", "--json", *arguments])
        output = capsys.readouterr()
        assert code == 0, output.err
        found: dict[str, Any] = json.loads(output.out)
        return found

    return run


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run what must be refused; give its one line."""
    try:
        code: Any = main(["attribute", *arguments])
    except SystemExit as stop:
        code = stop.code
    output = capsys.readouterr()
    assert code == 2, output.out
    assert output.out == ""
    assert output.err.count("\n") == 1, output.err
    return output.err


def conversions(found: dict[str, Any], model: str, figure: str = "conversions") -> dict[str, float]:
    return {key: row[figure] for key, row in found["models"][model].items() if row["conversions"]}


def test_the_json_has_exactly_the_shape_that_was_promised(tmp_path: Path, run: Run) -> None:
    found = run(save(tmp_path, EVENTS), "--model", "linear")
    assert list(found) == ["settings", "totals", "models", "paid_split"]
    assert found["totals"] == {"conversions": 3, "value": 240.5}
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
def test_options_change_who_is_credited(
    tmp_path: Path, run: Run, arguments: Sequence[str], expected: dict[str, float]
) -> None:
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
    tmp_path: Path, run: Run, counting: str, expected: dict[str, float]
) -> None:
    # b bought t1 first, so a's t1 is no conversion, and a's second row is the first of its session.
    assert conversions(run(save(tmp_path, SALES), "--counting", counting), "last") == expected


def test_counting_by_session_keeps_one_of_each(tmp_path: Path, run: Run) -> None:
    text = SALES.replace(",t1,", ",,")
    assert run(save(tmp_path, text), "--counting", "session")["totals"]["conversions"] == 3
    without = "\n".join(line.rsplit(",", 1)[0] for line in text.splitlines())
    found = run(save(tmp_path, without), "--counting", "session")
    assert found["totals"]["conversions"] == 2, "all of a's rows lie within 30 minutes of each other"


def test_reset_spends_touches(tmp_path: Path, run: Run) -> None:
    found = run(save(tmp_path, SALES), "--scope", "reset")
    assert conversions(found, "last") == {"email": 1, "(none)": 2}


def test_a_refund_without_a_value_takes_all_back_and_its_sign_does_not_matter(
    tmp_path: Path, run: Run
) -> None:
    for amount, left in (("", 0.0), ("-20.50", 100.0), ("20.50", 100.0)):
        found = run(save(tmp_path, EVENTS.replace("20.50,EUR,t1,\n", f"{amount},EUR,t1,\n")))
        assert found["models"]["last"]["display"]["value_net"] == left, amount


def test_a_refund_that_matches_nothing_is_listed(tmp_path: Path, run: Run) -> None:
    found = run(save(tmp_path, EVENTS + "2025-03-12T12:00:00Z,,refund,,,e11,5,EUR,t9,\n"))
    assert found["unmatched_refunds"] == [{"transaction_id": "t9", "value": 5.0}]
    assert found["models"]["last"]["display"]["value_net"] == 100.0


def test_amounts_are_exact(tmp_path: Path, run: Run) -> None:
    rows = "".join(f"{1740000000 + i},v,purchase,,0.1\n" for i in range(30))
    found = run(save(tmp_path, "time,visitor_id,name,channel,value\n" + rows))
    assert found["totals"]["value"] == 3.0
    assert found["models"]["last"]["(none)"]["value"] == 3.0
    assert sum([0.1] * 30) != 3.0, "floats would not have given this"


def test_an_event_id_counts_once_and_the_person_is_told(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(tmp_path, EVENTS + EVENTS.split("\n", 1)[1])
    assert main(["attribute", str(path), "--goal", "purchase", "--json"]) == 0
    output = capsys.readouterr()
    assert json.loads(output.out)["models"] == run(save(tmp_path, EVENTS))["models"]
    assert output.err == "note: 10 rows repeat an event_id and were left out; the earliest of each counts\n"


def test_a_goal_that_no_row_names_gives_zeros_and_says_which_names_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["attribute", str(save(tmp_path, EVENTS)), "--goal", "purchse", "--json"]) == 0
    output = capsys.readouterr()
    assert json.loads(output.out)["totals"] == {"conversions": 0, "value": 0}
    assert 'no row is named "purchse"' in output.err
    assert "ad_impression, purchase, refund, visit" in output.err


def test_without_a_type_column_every_other_row_with_a_channel_is_a_click(tmp_path: Path, run: Run) -> None:
    text = "time,visitor_id,name,channel\n1740000000,a,visit,Paid Search\n1740000001,a,look,\n"
    found = run(save(tmp_path, text + "1740000002,a,purchase,Direct\n"), "--model", "linear")
    assert conversions(found, "linear") == {"Paid Search": 1.0}
    assert found["paid_split"]["paid_unassisted"]["conversions"] == 1


@pytest.mark.parametrize(
    "moment",
    [
        "2025-02-19T21:20:00Z",
        "2025-02-19 22:20:00+01:00",
        "2025-02-19T21:20:00",
        "1740000000",
        "1740000000000",
    ],
    ids=["UTC", "with a zone", "without a zone", "seconds", "milliseconds"],
)
def test_a_time_may_be_written_in_several_ways_also_in_one_file(
    tmp_path: Path, run: Run, moment: str
) -> None:
    text = f"time,visitor_id,name,channel\n{moment},a,visit,email\n"
    for sale, key in (("1740000000", "email"), ("1739999999", "(none)"), ("2025-02-19T21:20Z", "email")):
        found = run(save(tmp_path, f"{text}{sale},a,purchase,\n"))
        assert conversions(found, "last") == {key: 1.0}, sale


def _as_ndjson(rows: list[dict[str, str]]) -> bytes:
    typed = [{k: float(v) if k == "value" and v else v or None for k, v in row.items()} for row in rows]
    return "\n".join(json.dumps(row) for row in typed).encode()


def _as_parquet(rows: list[dict[str, str]]) -> bytes:
    columns: dict[str, Any] = {name: [row[name] or None for row in rows] for name in rows[0]}
    columns["time"] = pa.array(
        [datetime.fromisoformat(t) for t in columns["time"]], pa.timestamp("ns", "UTC")
    )
    columns["value"] = pa.array([v and Decimal(v) for v in columns["value"]], pa.decimal128(12, 2))
    columns["channel"] = pa.array(columns["channel"]).dictionary_encode()
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


FORMATS: dict[str, Callable[[list[dict[str, str]]], bytes]] = {
    "events.csv.gz": lambda _: gzip.compress(EVENTS.encode()),
    "with a mark and semicolons.csv": lambda _: b"\xef\xbb\xbf" + EVENTS.replace(",", ";").encode(),
    "windows.csv": lambda _: EVENTS.replace("\n", "\r\n").encode(),
    "events.ndjson": _as_ndjson,
    "events.ndjson.gz": lambda rows: gzip.compress(_as_ndjson(rows)),
    "events.parquet": _as_parquet,
    "a name that says nothing": _as_parquet,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_numbers(tmp_path: Path, run: Run, name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(EVENTS)))
    path = tmp_path / name
    path.write_bytes(FORMATS[name](rows))
    expected = run(save(tmp_path, EVENTS, "plain.csv"), "--model", "linear,same_touch")
    assert run(path, "--model", "linear,same_touch") == expected


def _history(seed: int) -> list[dict[str, Any]]:
    dice = random.Random(seed)
    rows = []
    for i in range(400):
        kind = dice.choice(["view", "engagement", "click", "click", ""])
        name = "visit" if kind else "purchase"
        rows.append(
            {
                "time": 1_740_000_000 + dice.randrange(60 * 86_400 // 600) * 600,
                "visitor_id": f"v{dice.randrange(25)}",
                "name": name,
                "type": kind,
                "channel": dice.choice(["direct", "email", "paid_search", "display", "referral"])
                if kind
                else "",
                "event_id": f"e{i}",
                "sequence": dice.choice(["", 1, 2]),
                "value": "" if kind else dice.randrange(10_000) / 100,
                "session_id": f"s{dice.randrange(60)}",
            }
        )
    return rows


def _for_oracle(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "person": row["visitor_id"],
        "time_us": row["time"] * 1_000_000,
        "kind": row["type"],
        "session": row["session_id"],
        "sequence": row["sequence"] or 0,
        "paid": row["channel"] in {"paid_search", "display"},
    }


@pytest.mark.parametrize("scope", ["all", "reset"])
@pytest.mark.parametrize("windows", [("1", "30", "30"), ("off", "0.5", "7"), ("60", "off", "90")])
def test_every_model_equals_the_oracle_on_a_made_up_history(
    tmp_path: Path, run: Run, scope: str, windows: tuple[str, str, str]
) -> None:
    rows = _history(3)
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    days = [None if text == "off" else float(text) for text in windows]
    asked = dict(zip(("--view", "--engagement", "--click"), windows, strict=True)) | {"--scope": scope}
    arguments = [part for pair in asked.items() for part in pair]
    found = run(save(tmp_path, buffer.getvalue()), "--model", ",".join(NAMES), *arguments)
    touches = [_for_oracle(row) for row in rows if row["type"]]
    sales = [_for_oracle(row) for row in rows if not row["type"]]
    by_kind = dict(zip(("view", "engagement", "click"), days, strict=True))
    for model in NAMES:
        for figure, amount in (("conversions", None), ("value", "value")):
            expected = oracle.credited(
                touches, sales, model=model, windows=by_kind, scope=scope, amount=amount
            )
            got = Counter(conversions(found, model, figure))
            assert got == pytest.approx(Counter(expected), abs=1e-9), (model, figure)
    split = {part: row["conversions"] for part, row in found["paid_split"].items()}
    assert split == oracle.paid_split(touches, sales, windows=by_kind, scope=scope)


def test_the_order_of_rows_is_irrelevant(tmp_path: Path, run: Run) -> None:
    head, *rows = EVENTS.splitlines()
    expected = run(save(tmp_path, EVENTS), "--model", ",".join(NAMES))
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert run(save(tmp_path, "\n".join([head, *rows])), "--model", ",".join(NAMES)) == expected, seed


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2025-03-02T08:00:00Z,ben", "yesterday,ben", 'line 8, column time: "yesterday" is no time'),
        ("2025-03-02T08:00:00Z,ben", ",ben", 'line 8, column time: "" is no time'),
        (
            "click,email",
            "tap,email",
            'line 3, column type: "tap" is no type; write view, engagement or click',
        ),
        ("80,EUR", '"1.234,50",EUR', 'line 9, column value: "1.234,50" is no amount'),
        ("80,EUR", "NaN,EUR", 'column value: "NaN" is no amount'),
        ("80,EUR", "-80,EUR", 'line 9, column value: "-80" is below zero'),
        ("80,EUR", "80,NOK", "EUR and NOK do not add up"),
        ("80,EUR", "80,", "EUR and no currency do not add up"),
        ("cleo,purchase", ",purchase", 'line 10, column visitor_id: "" is nobody'),
        ("visitor_id,name", "visitor,name", "has no column visitor_id; its columns are: time, visitor, name"),
        ("click,email", "click,(none)", 'line 3, column channel: "(none)" is the row of conversions'),
        ("e2,,,,s2", "e2,,,s2", "Row #3: Expected 10 columns, got 9"),
        ("session_id\n", "value\n", "line 1: column value stands there twice"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_value_and_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    assert old in EVENTS, "the case needs a row to spoil"
    path = save(tmp_path, EVENTS.replace(old, new, 1))
    line = refusal(capsys, str(path), "--goal", "purchase")
    assert said in line
    assert str(path) in line


def test_blank_lines_and_quoted_breaks_do_not_move_the_line_that_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = 'time,visitor_id,name,channel\n\n1740000000,"a\nb",visit,email\nsoon,a,purchase,\n'
    assert "line 5, column time" in refusal(capsys, str(save(tmp_path, text)), "--goal", "purchase")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b'{"time": 1}\n{"time": ', "line 2"),
        (b'{"time": 1, "visitor_id": "a", "name": "purchase"}', "has no column channel"),
        (b"PAR1 and no more", "damaged Parquet"),
        (b"\x1f\x8bno gzip", "cannot be read"),
    ],
    ids=["empty", "torn JSON", "missing column", "damaged Parquet", "damaged gzip"],
)
def test_a_file_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert said in refusal(capsys, str(path), "--goal", "purchase")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.csv", "--goal", "x"], "missing.csv cannot be read: No such file or directory"),
        (["e.csv"], "--goal is missing"),
        ([], "give a file of events, or --paths"),
        (["e.csv", "--paths", "p.csv"], "give a file of events, or --paths"),
        (["e.csv", "--goal", "refund"], '--goal "refund"'),
        (["e.csv", "--goal", "x", "--model", "linear,markov"], f"'markov'; there are {', '.join(NAMES)}"),
        (["e.csv", "--goal", "x", "--view", "91"], "'91' is no window; give 0 to 90 days, or off"),
        (["e.csv", "--goal", "x", "--half-life", "0"], "'0' is no half-life"),
        (["--paths", "p.csv", "--click", "7", "--scope", "all"], "--paths takes no --click, --scope"),
        (["--paths", "p.csv", "--model", "linear,time_decay"], "time_decay needs the time of each touch"),
    ],
)
def test_arguments_that_cannot_be_are_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert said in refusal(capsys, *arguments)


PATHS = """\
path,total_conversions,total_conversion_value,total_null
email > direct,2,30.5,4
paid_search > email > paid_search,3,60,0
,1,5,7
"""


def test_aggregated_paths_are_credited_by_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, PATHS)
    assert main(["attribute", "--paths", str(path), "--model", "last,linear,participation", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["totals"] == {"conversions": 6, "null": 11, "value": 95.5}
    assert conversions(found, "last") == {"email": 2, "paid_search": 3, "(none)": 1}
    assert conversions(found, "linear") == pytest.approx({"email": 3, "paid_search": 2, "(none)": 1})
    assert conversions(found, "participation") == {"email": 5, "paid_search": 3, "(none)": 1}
    assert conversions(found, "linear", "value") == pytest.approx(
        {"email": 50.5, "paid_search": 40, "(none)": 5}
    )
    assert found["paid_split"]["paid_assisted"] == {"conversions": 3, "value": 60}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("email > direct", "email >  > direct", 'line 2, column path: "email >  > direct"'),
        (",3,60", ",3.5,60", 'line 3, column total_conversions: "3.5" is no count'),
        (",3,60", ",-3,60", 'line 3, column total_conversions: "-3" is no count'),
    ],
)
def test_a_path_that_cannot_be_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    path = save(tmp_path, PATHS.replace(old, new))
    assert said in refusal(capsys, "--paths", str(path))


@pytest.mark.skipif(
    not PATHDATA.exists(), reason="needs ../shared/data/pathdata, which is not in the repository"
)
def test_the_published_paths_give_their_published_totals_in_every_model(
    capsys: pytest.CaptureFixture[str],
) -> None:
    models = "first,last,linear,position,j_curve,inverse_j"
    assert main(["attribute", "--paths", str(PATHDATA), "--model", models, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["totals"]["conversions"] == 19_785
    assert found["totals"]["null"] == 68_602
    assert found["totals"]["value"] == pytest.approx(74_802.971587, abs=1e-6)
    with gzip.open(PATHDATA, "rt") as file:
        rows = list(csv.DictReader(file))
    firsts: Counter[str] = Counter()
    for row in rows:
        firsts[row["path"].split(" > ")[0]] += int(row["total_conversions"])
    assert Counter(conversions(found, "first")) == firsts
    for model in models.split(","):
        assert sum(conversions(found, model).values()) == pytest.approx(19_785, abs=1e-9), model
        value = sum(conversions(found, model, "value").values())
        assert value == pytest.approx(found["totals"]["value"], abs=1e-6), model


def test_the_installed_command_starts_without_django_scipy_and_pandas(tmp_path: Path) -> None:
    script = (
        "import sys; from measureplan.cli import main; sys.argv = ['measureplan', *sys.argv[1:]]; main();"
        "sys.exit(','.join(m for m in ('django', 'scipy', 'pandas') if m in sys.modules) or 0)"
    )
    command = [sys.executable, "-c", script, "attribute", str(save(tmp_path, EVENTS)), "--goal", "purchase"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Last touch (last non-direct)" in done.stdout


def test_the_example_of_the_documentation_prints_what_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = DOCS.read_text().split("```")[1::2]
    events = next(block for block in blocks if block.startswith("csv\n")).removeprefix("csv\n")
    examples = [
        block.removeprefix("console\n") for block in blocks if block.startswith("console\n$ measureplan")
    ]
    assert examples, "the page needs an example"
    monkeypatch.chdir(tmp_path)
    save(tmp_path, events)
    for example in examples:
        command, output = example.split("\n", 1)
        assert main(command.removeprefix("$ measureplan ").split()) == 0
        assert capsys.readouterr().out == output, command


def test_times_are_utc_whatever_the_machine_says(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Apia")
    assert datetime.fromtimestamp(1_740_000_000, UTC).isoformat() == "2025-02-19T21:20:00+00:00"
    text = "time,visitor_id,name,channel\n2025-02-19T21:20:00,a,visit,email\n1740000000,a,purchase,\n"
    assert conversions(run(save(tmp_path, text)), "last") == {"email": 1.0}
