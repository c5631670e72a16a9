"""The events of a table, dealt out to buckets here or on a cluster, and their sums as one answer."""

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from analysis.attribution.models import MODELS
from measureplan import attribute_events, attribute_gather, attribute_lines, attribute_spark, attribute_spill
from measureplan.attribute_buckets import Job
from measureplan.attribute_events import NEEDED, Events
from measureplan.attribute_ledger import ledger_of, reading, settings_of
from measureplan.attribute_lines import Source
from measureplan.attribute_show import Result
from measureplan.bad_input import BadInput


def answer(asked: Mapping[str, Any]) -> Result:
    """Answer by the buckets of a table, each worked on wherever Spark puts it.

    raises   BadInput for what the person can put right
    """
    learning = [model for model in asked["model"] if model not in MODELS]
    if learning:
        raise BadInput(f"{learning[0]} learns from all journeys at once; leave --runner spark out")
    source = attribute_lines.open_source(asked["events"], needed=NEEDED, by=asked["by"])
    added = attribute_spark.run(job_of(source, asked), master=asked["master"], buckets=asked["buckets"])
    return _gathered(added, asked, is_naive=source.is_naive)


def answer_here(source: Source, asked: Mapping[str, Any]) -> Result:
    """Answer by the buckets of a table, one after another in this process."""
    buckets = asked["buckets"] or attribute_spill.buckets_for(source.lines)
    added = attribute_spill.run(job_of(source, asked), buckets=buckets)
    return _gathered(added, asked, is_naive=source.is_naive)


def job_of(source: Source, asked: Mapping[str, Any]) -> Job:
    """Give what buckets of a table are to do for what was asked."""
    return Job(source, **reading(asked), adding=partial(_credits_added, asked=dict(asked)))


def _credits_added(events: Events, *, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    ledger = ledger_of(events, asked)
    by_name = attribute_gather.credits_added(ledger.tables, ledger.split, events.names, events.money.decimals)
    return [{"about": "capped", "conversions": ledger.capped}, *by_name]


def _gathered(added: pa.Table, asked: Mapping[str, Any], *, is_naive: bool) -> Result:
    found = attribute_gather.gather(added, address=asked["events"], models=asked["model"])
    path, repeated = Path(asked["events"]), found.repeated
    for note in attribute_events.notes_of(path, found.events, asked["goal"], is_naive=is_naive, repeated=repeated):
        print(f"note: {note}", file=sys.stderr)
    totals = {"conversions": found.conversions, "capped": found.capped}
    settings = settings_of(asked, found.money.currency)
    return Result(settings, found.names, found.tables, found.split, totals, found.money, found.unmatched)
