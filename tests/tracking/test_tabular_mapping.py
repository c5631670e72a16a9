import pytest

from tracking.tabular_mapping import FIELDS, SYNONYMS, Mapping, guess, parse_mapping, value_of


def test_a_guess_is_a_field_of_an_event():
    assert frozenset(SYNONYMS) <= FIELDS


def test_headers_of_ga4_are_known():
    row = {
        "event_name": "purchase",
        "event_timestamp": "1",
        "user_pseudo_id": "v",
        "Page Location": "https://s.example",
    }
    assert guess(row, [row]) == {
        "name": "event_name",
        "time": "event_timestamp",
        "visitor_id": "user_pseudo_id",
        "url": "Page Location",
    }


def test_empty_columns_are_not_guessed():
    row = {"event": "", "event_name": "page_view", "page_url": "", "page_urlhost": "s.example", "page_urlpath": "/a"}
    assert guess(row, [row]) == {"name": "event_name", "url": "https://{page_urlhost}{page_urlpath}"}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"nam": "a"}, '"nam" is no field'),
        ({"name": "x"}, '"x", mapped to name, is no column'),
        ({"url": "https://{x}/{a}"}, '"x", mapped to url, is no column'),
        ({"name": "a"}, "time is not mapped"),
    ],
)
def test_a_mapping_that_cannot_work_says_why(fields, fault):
    assert any(said.startswith(fault) for said in Mapping(fields=fields).faults(["a", "b"]))


def test_a_mapping_that_works_has_no_faults():
    fields = {"name": "=page_view", "time": "a", "value": "b.price", "properties.x": "b"}
    assert Mapping(fields=fields, id_from=("a",)).faults(["a", "b"]) == []
    assert Mapping(fields=fields, id_from=("c",)).faults(["a", "b"]) == ['"c", for the id, is no column of the file']


def test_the_command_lines_mapping_is_read():
    assert parse_mapping(["name=event", "currency==NOK", "url=https://{h}/?a=b"]) == {
        "name": "event",
        "currency": "=NOK",
        "url": "https://{h}/?a=b",
    }
    with pytest.raises(ValueError, match="is not field=column"):
        parse_mapping(["name"])


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a", "x"),
        ("a.b", "exact column"),
        ("j.k", 1),
        ("o.k.0", None),
        ("missing", None),
        ("none", None),
        ("=c", "c"),
        ("{a}-{none}", "x-"),
        ("{none}-{missing}", None),
    ],
)
def test_an_expression_is_evaluated_on_a_row(expression, value):
    row = {"a": " x ", "a.b": "exact column", "j": '{"k": 1}', "o": {"k": [1]}, "none": "(not set)"}
    assert value_of(expression, row) == value
