"""Files for `measureplan attribute`, and ways to run it in this process."""

import csv
import io
import json
import random
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measureplan.cli import main

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


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what the command answered."""

    code: object
    out: str
    err: str


def save(folder: Path, text: str, name: str = "events.csv") -> Path:
    """Write a file."""
    path = folder / name
    path.write_text(text)
    return path


def attribute(*arguments: str) -> Said:
    """Run the command as it is."""
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        try:
            code: object = main(["attribute", *arguments])
        except SystemExit as stop:
            code = stop.code
    return Said(code, out.getvalue(), err.getvalue())


def run(path: Path, *arguments: str) -> dict[str, Any]:
    """Ask for the goal `purchase`; give the JSON."""
    said = attribute(str(path), "--goal", "purchase", "--json", *arguments)
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def run_paths(path: Path, models: Sequence[str], *arguments: str) -> dict[str, Any]:
    """Ask for aggregated paths; give the JSON."""
    said = attribute("--paths", str(path), "--model", ",".join(models), "--json", *arguments)
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def refusal(*arguments: str) -> str:
    """Run what must be refused; give its one line."""
    said = attribute(*arguments)
    assert said.code == 2, said.out
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    return said.err


def conversions(found: dict[str, Any], model: str, figure: str = "conversions") -> dict[str, float]:
    """Give a model's figures by key, of keys that were credited."""
    return {key: row[figure] for key, row in found["models"][model].items() if row["conversions"]}


def history(seed: int, *, visitors: int = 25) -> list[dict[str, Any]]:
    """Make up 400 rows: a fifth are purchases, one at a time; times are coarse, so that many are equal."""
    dice = random.Random(seed)
    rows = []
    for i in range(400):
        kind = dice.choice(["view", "engagement", "click", "click", ""])
        name = "visit" if kind else "purchase"
        rows.append(
            {
                "time": 1_740_000_000 + dice.randrange(60 * 86_400 // 600) * 600,
                "visitor_id": f"v{dice.randrange(visitors)}",
                "name": name,
                "type": kind,
                "channel": dice.choice(["direct", "email", "paid_search", "display", "referral"]) if kind else "",
                "event_id": f"e{i}",
                "sequence": dice.choice(["", 1, 2]),
                "value": "" if kind else dice.randrange(10_000) / 100,
                "session_id": f"s{dice.randrange(60)}",
                "transaction_id": "" if kind else f"t{i}",
            }
        )
    return rows


def for_oracle(row: dict[str, Any]) -> dict[str, Any]:
    """Give a row under the names that the oracle knows."""
    return row | {
        "person": row["visitor_id"],
        "time_us": row["time"] * 1_000_000,
        "kind": row["type"],
        "session": row["session_id"],
        "sequence": row["sequence"] or 0,
        "paid": row["channel"] in {"paid_search", "display"},
    }


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Write rows of the same columns."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
