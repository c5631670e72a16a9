"""The language of mapping rules: what it reads, what it refuses, and that SQL and Python mean the same."""

import json
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goals.conditions import FIELDS, OPERATORS, Misstated, compile_rules, in_words, meets, parse, to_json

COLUMNS = sorted({field.column for field in FIELDS.values()} - {"value_micros", "source_id"})
SCHEMA = pa.schema(
    [*((name, pa.string()) for name in COLUMNS), ("value_micros", pa.int64()), ("source_id", pa.int64())]
)
SOURCES = {"shop": 1, "app": 2}
LAKE = duckdb.connect()


def counted_by_sql(rules: Any, events: list[dict[str, Any]]) -> list[bool]:
    """Ask DuckDB of each event whether it meets the rules."""
    compiled = compile_rules(rules, sources=SOURCES)
    LAKE.register("events", pa.Table.from_pylist(events, schema=SCHEMA))
    statement = f"select coalesce({compiled.sql}, false) from events"  # noqa: S608  # what is tested binds every value
    rows = LAKE.execute(statement, compiled.params).fetchall()
    return [row[0] for row in rows]


def meets_both(rule: list[dict[str, Any]], event: dict[str, Any]) -> bool:
    """Ask Python and DuckDB, and insist that they agree."""
    rules = parse([rule])
    in_python = meets(rules, event, sources=SOURCES)
    assert counted_by_sql(rules, [event]) == [in_python]
    return in_python


def asks(field: str, operator: str, value: Any = None, key: str | None = None) -> dict[str, Any]:
    condition = {"field": field, "operator": operator, "value": value, "key": key}
    return {name: each for name, each in condition.items() if each is not None}


@pytest.mark.parametrize(
    ("condition", "event", "met"),
    [
        (asks("path", "matches", "/thanks*"), {"path": "/thanks/"}, True),
        (asks("path", "matches", "/thanks*"), {"path": "/thanks"}, True),
        (asks("path", "matches", "/thanks*"), {"path": "/no/thanks"}, False),
        (asks("path", "matches", "/thanks"), {"path": "/thanks/"}, False),
        (asks("path", "matches", "/files/logstash/*.jar"), {"path": "/files/logstash/a/b.jar"}, True),
        (asks("path", "matches", "/a_b%*"), {"path": "/axbcd"}, False),
        (asks("path", "matches", "/a_b%*"), {"path": "/a_b%cd"}, True),
        (asks("path", "is", "/Thanks"), {"path": "/thanks"}, False),
        (asks("host", "is", "Shop.Example"), {"host": "shop.example"}, True),
        (asks("currency", "is", "nok"), {"currency": "NOK"}, True),
        (asks("utm_source", "is_not", "google"), {}, True),
        (asks("utm_source", "is_not", "google"), {"utm_source": "google"}, False),
        (asks("title", "contains", "50%"), {"title": "Now 50% off"}, True),
        (asks("title", "contains", "off"), {}, False),
        (asks("referrer", "starts_with", "https://news."), {"referrer": "https://news.example/"}, True),
        (asks("path", "ends_with", ".pdf"), {"path": "/a.pdf"}, True),
        (asks("path", "regex", "^/p/[0-9]+$"), {"path": "/p/12"}, True),
        (asks("path", "regex", "(?i)thanks"), {"path": "/THANKS"}, True),
        (asks("device", "one_of", ["mobile", "tablet"]), {"device": "tablet"}, True),
        (asks("device", "one_of", ["mobile", "tablet"]), {}, False),
        (asks("value", "gte", "499.50"), {"value_micros": 499_500_000}, True),
        (asks("value", "gt", "499.50"), {"value_micros": 499_500_000}, False),
        (asks("value", "is", 0), {"value_micros": 0}, True),
        (asks("value", "is", 0), {}, False),
        (asks("value", "is_not_set"), {}, True),
        (asks("title", "is_set"), {"title": ""}, False),
        (asks("title", "is_not_set"), {"title": ""}, True),
        (asks("source", "is", "app"), {"source_id": 2}, True),
        (asks("source", "is", "gone"), {"source_id": 2}, False),
        (asks("source", "is_not", "gone"), {"source_id": 2}, True),
        (asks("property", "is", "pro", "plan"), {"properties": '{"plan": "pro"}'}, True),
        (asks("property", "is", "true", "trial"), {"properties": '{"trial": true}'}, True),
        (asks("property", "is", "49", "price"), {"properties": '{"price": 49.0}'}, True),
        (asks("property", "is", "7", "sku"), {"properties": '{"sku": "007"}'}, False),
        (asks("property", "gte", 75, "scroll"), {"properties": '{"scroll": 90}'}, True),
        (asks("property", "gte", 75, "scroll"), {"properties": '{"scroll": "90"}'}, True),
        (asks("property", "gte", 75, "scroll"), {"properties": '{"scroll": "far"}'}, False),
        (asks("property", "lt", 75, "scroll"), {}, False),
        (asks("property", "is_not", "pro", "plan"), {}, True),
        (asks("property", "is_set", key="plan"), {"properties": '{"plan": null}'}, False),
        (asks("property", "is", "x", 'a/b~"c'), {"properties": '{"a/b~\\"c": "x"}'}, True),
    ],
)  # fmt: skip
def test_a_condition_means_what_the_reference_says(condition: dict[str, Any], event: dict[str, Any], met: bool) -> None:
    assert meets_both([condition], event) is met


def test_an_event_counts_that_meets_any_rule_in_all_its_conditions() -> None:
    rules = parse(
        [
            [asks("name", "is", "page_view"), asks("path", "matches", "/thanks*")],
            [asks("name", "is", "newsletter_signup")],
        ]
    )
    events = [
        {"name": "page_view", "path": "/thanks"},
        {"name": "page_view", "path": "/"},
        {"name": "newsletter_signup", "path": "/"},
        {"name": "click", "path": "/thanks"},
    ]
    assert [meets(rules, event) for event in events] == [True, False, True, False]
    assert counted_by_sql(rules, events) == [True, False, True, False]


@pytest.mark.parametrize(
    ("data", "pointer", "says"),
    [
        ("purchase", "", "A list of rules belongs here."),
        ([], "", "There are no rules; add one."),
        ([[]], "/0", "Rule 1: There are no conditions; add one."),
        ([["x"]], "/0/0", "Rule 1, condition 1: A condition is an object with field, operator and value."),
        ([[asks("colour", "is", "red")]], "/0/0/field", '"colour" is not known here; choose one of name, path'),
        ([[asks("path", "like", "x")]], "/0/0/operator", '"like" is not known here; choose one of is, is_not'),
        ([[asks("path", "gt", "3")]], "/0/0/operator", '"is above" can\'t be asked of path'),
        ([[asks("path", "is", "")]], "/0/0/value", 'Give a value, or choose "is not set".'),
        ([[asks("path", "is", ["/"])]], "/0/0/value", "A value is a text, a number, true or false."),
        ([[asks("path", "is", "a" * 1025)]], "/0/0/value", "The value has 1025 characters"),
        ([[asks("path", "is", "a\x00")]], "/0/0/value", "a character that no event can hold"),
        ([[asks("path", "is", "\ud800")]], "/0/0/value", "a character that no event can hold"),
        ([[asks("path", "regex", "/files/(")]], "/0/0/value", '"/files/(" is not a regular expression that RE2'),
        ([[asks("value", "gt", "1.234,50")]], "/0/0/value", '"1.234,50" is not an amount; write it as 1234.50.'),
        ([[asks("property", "gt", "many", "n")]], "/0/0/value", '"many" is not a number; write it as 1234.5.'),
        ([[asks("property", "is", "x")]], "/0/0/key", "Say which property: its key is missing."),
        ([[asks("path", "is", "x", "k")]], "/0/0/key", "Only a property has a key; leave it out."),
        ([[asks("path", "is_set", "x")]], "/0/0/value", '"is set" takes no value; leave it out.'),
        ([[asks("path", "one_of", [])]], "/0/0/value", "Give the values, at least one."),
        ([[asks("path", "is", "x") | {"colour": 1}]], "/0/0", '"colour" is no part of a condition.'),
    ],
)  # fmt: skip
def test_a_fault_names_its_place_the_value_and_what_to_do(data: Any, pointer: str, says: str) -> None:
    with pytest.raises(Misstated) as refused:
        parse(data)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]
    assert says in str(refused.value)


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(Misstated) as refused:
        parse([[asks("path", "is", "/"), asks("path", "is", "")], [asks("nope", "is", "x")]])
    assert [(fault.rule, fault.condition, fault.part) for fault in refused.value.faults] == [
        (1, 2, "value"), (2, 1, "field"),
    ]  # fmt: skip


def test_people_read_rules_as_a_line() -> None:
    rules = parse(
        [
            [asks("name", "is", "page_view"), asks("path", "matches", "/thanks*")],
            [asks("property", "gte", 75, "scroll"), asks("device", "one_of", ["mobile", "tablet"])],
            [asks("name", "is", "purchase")],
        ]
    )
    assert in_words(rules) == (
        "page_view where path matches /thanks*; or any event where property scroll is at least 75"
        " and device is one of mobile, tablet; or purchase"
    )


words = st.text(alphabet=st.sampled_from("aA/*%_\\.?é0 \n"), max_size=6)
keys = st.sampled_from(["plan", "a/b", "~", '"', "0", "$.x", ""])
scalars = st.one_of(words, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none())
numbers = st.one_of(st.integers(-9, 9), st.sampled_from(["1e3", "-0.5", "+2", "0.000001"]))
patterns = st.sampled_from(["a", "^a", "a$", "[aA]+", ".", "(?i)A", "a|é", "^$", "(?s)a.a", r"\S", r"\d"])


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    field = draw(st.sampled_from(list(FIELDS.values())))
    operator = draw(st.sampled_from([each for each in OPERATORS.values() if field.kind in each.kinds]))
    text = words.filter(lambda each: each.strip() != "")
    value = {"money": numbers.filter(lambda n: n != "1e3"), "source": st.sampled_from(["shop", "app", "gone"])}.get(
        field.kind, st.one_of(text, st.sampled_from(["1", "1.0", "true", "[1]"]))
    )
    wanted = {
        "nothing": st.none(),
        "number": numbers if field.kind == "property" else value,
        "list": st.lists(value, min_size=1, max_size=3),
        "text": patterns if operator.name == "regex" else value,
    }[operator.takes]
    key = draw(keys.filter(bool)) if field.kind == "property" else None
    return asks(field.name, operator.name, draw(wanted), key)


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    event: dict[str, Any] = {name: draw(st.none() | words) for name in COLUMNS if name != "properties"}
    values = st.one_of(scalars, st.lists(st.integers(0, 9), max_size=2), st.just({"x": "1"}))
    event["properties"] = draw(st.none() | st.dictionaries(keys, values, max_size=4).map(json.dumps))
    event["value_micros"] = draw(st.none() | st.integers(-9, 9).map(lambda n: n * 1_000_000))
    event["source_id"] = draw(st.sampled_from([1, 2, 3]))
    return event


rulebooks = st.lists(st.lists(conditions(), min_size=1, max_size=3), min_size=1, max_size=3)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner) | st.dictionaries(words | st.sampled_from(["field", "operator", "value", "key"]), inner)
    ),
)


@settings(max_examples=100)
@given(rules=rulebooks, events=st.lists(events()))
def test_sql_and_python_count_the_same_events(rules: Any, events: list[dict[str, Any]]) -> None:
    read = parse(rules)
    assert counted_by_sql(read, events) == [meets(read, event, sources=SOURCES) for event in events]


@given(rules=rulebooks)
def test_rules_survive_being_written_and_read(rules: Any) -> None:
    read = parse(rules)
    assert parse(to_json(read)) == read
    assert parse(json.loads(json.dumps(to_json(read)))) == read


@given(data=anything)
def test_whatever_arrives_that_is_no_rule_is_refused(data: Any) -> None:
    with pytest.raises(Misstated) as refused:
        parse([[data]])
    assert refused.value.faults


@pytest.mark.parametrize("name", ["engagement", "$autocapture", "identify", "ad_click"])
@pytest.mark.parametrize(
    ("rule", "met"),
    [
        ([asks("path", "is", "/thanks")], False),
        ([asks("path", "is", "/thanks"), asks("name", "is_not", "page_view")], False),
        ([asks("name", "is_set"), asks("path", "is", "/thanks")], False),
        ([asks("path", "is", "/thanks"), asks("property", "is_not", "b", key="plan")], False),
        ([asks("path", "is", "/thanks"), asks("property", "is", "a", key="plan")], True),
        ([asks("path", "is", "/thanks"), asks("name", "regex", ".*")], True),
    ],
    ids=["page", "not a name", "any name", "not a property", "property", "pattern of names"],
)
def test_what_nobody_did_on_a_page_is_counted_only_where_a_rule_says_which(name: str, rule: Any, met: bool):
    event = {"path": "/thanks", "name": name, "properties": '{"plan": "a"}'}
    assert meets_both(rule, event) is met
    assert meets_both(rule, event | {"name": "signup"}) is True
