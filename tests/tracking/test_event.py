import msgspec
import pytest

from tracking.event import Event, fingerprint, former_fingerprint, pack, pack_all, pack_each, unpack

SAID = Event(
    event_id="e", name="n", time_us=100, received_us=900, visitor_id="v", protocol="own", url="https://s.example"
)


def changed(**fields: object) -> Event:
    return msgspec.structs.replace(SAID, **fields)


@pytest.mark.parametrize(
    "retry",
    [
        changed(received_us=901),
        changed(time_us=140, client_time_us=100, received_us=950),
        changed(browser="Firefox", device="desktop"),
        changed(consent='{"gpc":true}'),
    ],
    ids=["received later", "corrected by another drift", "another parser of browsers", "consent of the second try"],
)
def test_a_retry_has_the_same_fingerprint(retry):
    assert fingerprint(retry) == fingerprint(SAID)


def test_a_retry_without_a_time_has_the_same_fingerprint():
    assert fingerprint(changed(time_us=900)) == fingerprint(changed(time_us=950, received_us=950))


def test_a_daily_visitor_may_change_between_two_tries_and_a_known_one_may_not():
    assert fingerprint(changed(visitor_id="d.1")) == fingerprint(changed(visitor_id="d.2"))
    assert fingerprint(changed(visitor_id="v2")) != fingerprint(SAID)


@pytest.mark.parametrize("field", [{"time_us": 101}, {"name": "m"}, {"value_micros": 1}, {"properties": "{}"}])
def test_another_payload_or_time_is_another_fingerprint(field):
    assert fingerprint(changed(**field)) != fingerprint(SAID)


def test_events_come_back_from_an_inbox_row_as_they_went():
    assert unpack(pack([SAID, changed(refund=True)])) == [SAID, changed(refund=True)]


def test_a_row_written_with_an_unknown_field_is_still_read():
    older = msgspec.msgpack.encode([{**msgspec.structs.asdict(SAID), "gone": 1}])
    assert unpack(older) == [SAID]


@pytest.mark.parametrize("count", [0, 1, 15, 16, 65_535, 65_536])
def test_events_packed_one_by_one_are_the_same_row(count):
    assert pack_all(pack_each([SAID] * count)) == pack([SAID] * count)


# As the first release gave them.
@pytest.mark.parametrize(
    ("event", "held"),
    [
        (SAID, "bfe7155b882d85a0"),
        (
            changed(time_us=140, client_time_us=100, received_us=950, consent='{"gpc":true}', browser="Firefox"),
            "bfe7155b882d85a0",
        ),
        (
            changed(time_us=900, visitor_id="d.1", click_id_type="gclid", click_id="g", refund=True, sequence=0),
            "48c7d989bda82509",
        ),
    ],
    ids=["first", "again", "other"],
)
def test_fingerprints_of_before_are_still_known(event, held):
    assert former_fingerprint(event).hex() == held
