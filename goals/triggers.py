"""The usual ways to say what counts, and how each is written as a rule: a page, an event, a purchase; or not yet."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.conditions import Condition
from goals.definition import Definition
from goals.models import ValueRule

PAGE_VIEW = "page_view"
ANY = "*"


class Trigger(models.TextChoices):
    EVENT = "event", _("an event arrives")
    PAGE = "page", _("a page is viewed")
    PURCHASE = "purchase", _("something is bought")
    RULES = "rules", _("rules of your own hold")
    NOTHING = "nothing", _("it is not tracked yet")


# The field of the form that says which page or event; the rules have rows of their own.
TYPED_IN: Mapping[Trigger, str] = MappingProxyType(
    {Trigger.EVENT: "event", Trigger.PAGE: "page", Trigger.PURCHASE: "purchase", Trigger.RULES: "", Trigger.NOTHING: ""}
)


def written(trigger: Trigger, text: str) -> list[list[dict[str, Any]]]:  # JSON for the parser
    """Give the rules of a page, an event or a purchase's event as the parser reads them."""
    if trigger is not Trigger.PAGE:
        return [[{"field": "name", "operator": "is", "value": text}]]
    operator = "matches" if ANY in text else "is"
    return [
        [
            {"field": "name", "operator": "is", "value": PAGE_VIEW},
            {"field": "path", "operator": operator, "value": text},
        ]
    ]


def told(definition: Definition) -> dict[str, str]:
    """Give the simplest way to say the definition's rules: the trigger, and what is typed for it."""
    if not definition.rules:
        return {"trigger": Trigger.NOTHING}
    conditions = definition.rules[0] if len(definition.rules) == 1 else ()
    is_event = conditions and _asks(conditions[0], "name", "is")
    if is_event and len(conditions) == 1:
        trigger = Trigger.PURCHASE if definition.value_rule is ValueRule.EVENT else Trigger.EVENT
        return {"trigger": trigger, TYPED_IN[trigger]: conditions[0].value}
    if is_event and len(conditions) == 2 and conditions[0].value == PAGE_VIEW and _is_page(conditions[1]):
        return {"trigger": Trigger.PAGE, "page": conditions[1].value}
    return {"trigger": Trigger.RULES}


def _asks(condition: Condition, field: str, operator: str) -> bool:
    return (condition.field.name, condition.operator.name) == (field, operator)


def _is_page(condition: Condition) -> bool:
    return _asks(condition, "path", "matches" if ANY in "".join(condition.values) else "is")
