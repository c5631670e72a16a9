"""Code that sends a goal's event, made of its specification: to be copied, with example values."""

import json
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from goals.conditions import Rule
from goals.models import ParameterType, Purpose, ValueRule
from goals.naming import slug_of
from goals.rows import ParameterRow
from goals.specs import SpecSheet

# Properties that have fields of their own at the door; docs/reference/collect-api.md.
FIELDS: Final = frozenset({"value", "currency", "transaction_id", "items", "user_id", "visitor_id", "url", "title"})
_SAMPLES: Final[dict[str, Any]] = {
    ParameterType.INTEGER: 3, ParameterType.NUMBER: 9.5, ParameterType.BOOLEAN: True,
    ParameterType.TIME: "2026-11-21T12:00:00Z",
}  # fmt: skip
# What would end a script element, or a line in it, written so that it means the same.
_ENDING: Final = {"</": "<\\/", "<!--": "<\\!--", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of code, what it is called and what it is for."""

    key: str
    label: str
    about: str
    text: str


def snippets_of(sheet: SpecSheet, *, address: str, key: str, currency: str) -> list[Snippet]:
    """Give the ways to send the goal's event.

    address   of the installation, without a slash at the end
    key       the write key of the source that it is sent to
    """
    event = event_of(sheet, currency=currency)
    return [
        Snippet("server", _("From a server"), _("The server makes the event_id; the same id counts once."),
                _curl(event, address, key)),
        Snippet("tag", _("In a page with our own tag"),
                _("Run it when the goal is met; the tag adds page, time and consent."), _call(event)),
        Snippet("browser", _("In a page without it"), _("Run it when the goal is met, after consent was given."),
                _fetch(event, address, key)),
        Snippet("gtm", _("By a tag manager"), _("Push it when the goal is met; a tag sends it on."), _push(event)),
    ]  # fmt: skip


def event_of(sheet: SpecSheet, *, currency: str) -> dict[str, Any]:  # JSON of the collect API
    """Give the event with example values."""
    event: dict[str, Any] = {"name": event_name(sheet)}
    if sheet.goal.definition.value_rule is ValueRule.EVENT:
        event |= {"value": "499.00", "currency": currency or "NOK", "transaction_id": "1001"}
    event |= {each.name: sample_of(each) for each in sheet.parameters if each.name in FIELDS}
    properties = {each.name: sample_of(each) for each in sheet.parameters if each.name not in FIELDS}
    if properties:
        event["properties"] = properties
    purpose = sheet.spec.purpose if sheet.spec else Purpose.ANALYTICS.value
    if purpose != Purpose.NONE:
        event["consent"] = {purpose: True}
    return event


def event_name(sheet: SpecSheet) -> str:
    """Give the name that the specification has, else the one that the rules look for, else one made of the goal's."""
    named = sheet.spec.event_name if sheet.spec else ""
    return named or _sought(sheet.goal.definition.rules) or slug_of(sheet.goal.name).replace("-", "_")


def sample_of(parameter: ParameterRow) -> Any:  # a JSON value
    """Give a value of the parameter's type: the first that is allowed."""
    if parameter.allowed:
        return _typed(parameter.allowed[0], parameter.type)
    return _SAMPLES.get(ParameterType(parameter.type), f"example of {parameter.name}")


def consent_text(purpose: str) -> str:
    """Say what a visitor must have agreed to."""
    texts = {
        Purpose.ANALYTICS: _("The visitor must have agreed to analytics."),
        Purpose.ADS: _("The visitor must have agreed to advertising."),
        Purpose.PERSONALIZATION: _("The visitor must have agreed to personalisation."),
    }
    return texts.get(Purpose(purpose), _("It is strictly necessary, so no consent is asked for."))


def _sought(rules: Iterable[Rule]) -> str:
    for rule in rules:
        for condition in rule:
            if condition.field.name == "name" and condition.operator.name == "is":
                return condition.values[0]
    return ""


def _typed(text: str, kind: str) -> Any:
    try:
        if kind == ParameterType.INTEGER:
            return int(text)
        return float(text) if kind == ParameterType.NUMBER else text
    except ValueError:
        return text


def _curl(event: dict[str, Any], address: str, key: str) -> str:
    sent = {"event_id": "order-1001", "visitor_id": "visitor-1"} | event
    return " \\\n  ".join(
        [
            f"curl {shlex.quote(f'{address}/api/v1/collect')}",
            "-H 'Content-Type: application/json'",
            f"-H {shlex.quote(f'Authorization: Bearer {key}')}",
            f"-d {shlex.quote(_json(sent))}",
        ]
    )


def _fetch(event: dict[str, Any], address: str, key: str) -> str:
    sent = _script(_json(event | {"write_key": key}))
    first, _brace, rest = sent.partition("{")
    body = f"{first}{{\n  event_id: crypto.randomUUID(),\n  url: location.href,{rest}".replace("\n", "\n  ")
    return (
        f"fetch({_script(json.dumps(f'{address}/api/v1/collect'))}, {{\n"
        '  method: "POST",\n  keepalive: true,\n  headers: {"Content-Type": "application/json"},\n'
        f"  body: JSON.stringify({body}),\n}});"
    )


def _call(event: dict[str, Any]) -> str:
    fields = {name: value for name, value in event.items() if name not in {"name", "consent", "visitor_id"}}
    return f"measureplan({_script(json.dumps(event['name'], ensure_ascii=False))}, {_script(_json(fields))});"


def _push(event: dict[str, Any]) -> str:
    flat = {"event": event["name"]} | {name: event[name] for name in event if name in FIELDS}
    layer = flat | event.get("properties", {})
    return f"window.dataLayer = window.dataLayer || [];\nwindow.dataLayer.push({_script(_json(layer))});"


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _script(code: str) -> str:
    """Keep the code from ending the script element that it is pasted into."""
    return (
        code.replace("</", "<\\/").replace("<!--", "<\\!--").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )
