"""What is wrong with a body of GA4's Measurement Protocol, said before it is sent in earnest."""

from collections.abc import Mapping

from tracking.event import SECOND_US, Drop, DropReason, Problem, Status
from tracking.protocols.answers import as_json
from tracking.protocols.ga4.bodies import open_one
from tracking.protocols.ga4.hits import NAME, Hits
from tracking.protocols.queries import parameters_of, text_of_query
from tracking.protocols.seam import Incoming, Reply, Terms
from tracking.protocols.translating import Item, Outcome, Refused, read_items
from tracking.rules import Sender, SourceRules
from tracking.times import moment_of

Message = Mapping[str, str]  # as Google's validation server has it

# Google's codes for what we refuse; everything else is VALUE_INVALID.
_CODES: Mapping[str, str] = {
    DropReason.NAME_REQUIRED: "NAME_INVALID",
    DropReason.NAME_TOO_LONG: "NAME_INVALID",
    DropReason.DUPLICATE_KEY: "NAME_DUPLICATED",
    DropReason.TOO_MANY_EVENTS: "EXCEEDED_MAX_ENTITIES",
    DropReason.BODY_TOO_LARGE: "VALUE_OUT_OF_BOUNDS",
    DropReason.EVENT_TOO_LARGE: "VALUE_OUT_OF_BOUNDS",
    DropReason.FIELD_TOO_LONG: "VALUE_OUT_OF_BOUNDS",
}
# No source is asked for. One that has a currency is assumed, and a moment that is nobody's.
_ANY_TIME_US = 10**9 * SECOND_US
_TERMS = Terms(
    rules=SourceRules(source_id=0, is_server=True, currency="EUR"), sender=Sender(), salt=b"", now_us=_ANY_TIME_US
)


def open_debug(incoming: Incoming) -> Reply:
    """Say what is wrong with a body; nothing of it is stored, and no key is looked up."""
    parcel, asked = open_one(incoming), parameters_of(text_of_query(incoming.query)).values
    messages = [] if parcel.public_key else [_required("measurement_id")]
    messages += [] if asked.get("api_secret") else [_required("api_secret")]
    messages += [_of_body(parcel.problem)] if parcel.problem else _of_events(parcel.content)
    return as_json(200, {"validationMessages": messages})


def _of_events(hits: Hits) -> list[Message]:
    parsed = read_items([_timeless(item) for item in hits.items], _TERMS, protocol=NAME)
    rejected = [result for result in parsed.results if result.status is Status.REJECTED]
    return [_message(f"/events/{each.index}{each.pointer}", each.code, each.message) for each in rejected]


def _timeless(item: Outcome) -> Outcome:
    """Judge a time by how it is written; whether it is too long ago only the moment of sending tells."""
    if isinstance(item, Refused) or "time" not in item.fields:
        return item
    moment = moment_of(item.fields["time"])
    if isinstance(moment, Drop):
        return Refused(moment, item.raw)
    return Item({name: value for name, value in item.fields.items() if name != "time"}, item.raw, item.is_mended)


def _of_body(problem: Problem) -> Message:
    return _message(problem.pointer, problem.code, problem.detail)


def _required(field: str) -> Message:
    return {"fieldPath": field, "description": f"{field} is required", "validationCode": "VALUE_REQUIRED"}


def _message(pointer: str, code: str, detail: str) -> Message:
    path = pointer.strip("/").replace("/", ".")
    return {"fieldPath": path, "description": detail, "validationCode": _CODES.get(code, "VALUE_INVALID")}
