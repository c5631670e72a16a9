"""Says mapping rules to people: `page_view where path matches /thanks*`."""

from collections.abc import Callable, Sequence

from goals.conditions.language import Condition, Rule, gettext_noop

ANY_EVENT = gettext_noop("any event")
WHERE = gettext_noop("where")
AND = gettext_noop("and")
OR = gettext_noop("or")


def in_words(rules: Sequence[Rule], translate: Callable[[str], str] = str) -> str:
    """Give the rules as one line; `translate` turns each English word of ours into the reader's."""
    return f"; {translate(OR)} ".join(_rule(rule, translate) for rule in rules)


def _rule(rule: Rule, translate: Callable[[str], str]) -> str:
    named = next((each for each in rule if each.field.name == "name" and each.operator.name == "is"), None)
    others = [_condition(each, translate) for each in rule if each is not named]
    subject = named.value if named else translate(ANY_EVENT)
    if not others:
        return subject
    return f"{subject} {translate(WHERE)} " + f" {translate(AND)} ".join(others)


def _condition(condition: Condition, translate: Callable[[str], str]) -> str:
    field = translate(condition.field.label)
    subject = f"{field} {condition.key}" if condition.key else field
    words = [subject, translate(condition.operator.label)]
    if condition.values:
        words.append(", ".join(condition.values))
    return " ".join(words)
